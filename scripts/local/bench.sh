#!/usr/bin/env bash
# Measure Readstone beside the bare engine and the plain service; see tests/bench/README.md.
#
# Usage: scripts/local/bench.sh [--quick] [--pictures NAME...] [--data DIR]
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
scripts/setup.sh --with dev >&2
exec python -m tests.bench.speed "$@"
