#!/usr/bin/env bash
# Measures Readstone beside the floor and the plain service; see tests/bench/README.md.
set -euo pipefail
cd "$(dirname "$0")/../.."
scripts/setup.sh --with dev >&2
export PATH="$PWD/.venv/bin:$PATH"
exec python -m tests.bench.speed "$@"
