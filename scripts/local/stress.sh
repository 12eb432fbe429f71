#!/usr/bin/env bash
# Ask a running service from many threads; count answers, refusals, errors and jobs that got lost.
#
# Usage: scripts/local/stress.sh [--url URL] [--clients N] [--requests N] [--mode sync|async|mixed]
#                                [--files FILE|FOLDER...] [--plot FILE.png]
#        scripts/local/stress.sh overload|flood|kills|crashes|disk|stops|cores|slow_clients|soak
#          [--help]
#   READSTONE_TOKEN holds the token, where the service wants one.
#   The second form starts a service of its own; see tests/stress/README.md.
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
scripts/setup.sh --with dev >&2
trial=client
if [[ ${1-} == [a-z]* ]]; then
  trial=$1
  shift
fi
exec python -m "tests.stress.$trial" "$@"
