#!/usr/bin/env bash
# Print the effective configuration with its secrets masked, the engines and the languages.
#
# Usage: scripts/local/check.sh
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
scripts/setup.sh
export READSTONE_ENV=local
readstone check "$@"
