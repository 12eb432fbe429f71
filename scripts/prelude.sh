# Sourced first by every script: strict mode, --help, the project's root and its programs.
# shellcheck shell=bash
set -euo pipefail

say() { echo "${0##*/}: $*"; }
die() { say "$@" >&2 && exit 1; }

# The header comment of the script.
usage() { awk 'NR > 1 { if (!sub(/^# ?/, "")) exit; if (!/^shellcheck /) print }' "$0"; }

# Becomes the program, once it is set up.
readstone() {
  [[ -x .venv/bin/python ]] || die "there is no .venv yet: run scripts/setup.sh first"
  exec .venv/bin/python -m readstone "$@"
}

case ${1-} in -h | --help) usage && exit ;; esac
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH"
