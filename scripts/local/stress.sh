#!/usr/bin/env bash
# Ask a running service from many threads; count answers, refusals, errors and jobs that got lost.
#
# Usage: scripts/local/stress.sh [--url URL] [--clients N] [--requests N] [--mode sync|async|mixed]
#                                [--files FILE|FOLDER...] [--plot FILE.png]
#   READSTONE_TOKEN holds the token, where the service wants one.
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
scripts/setup.sh --with dev >&2
exec python -m tests.stress.client "$@"
