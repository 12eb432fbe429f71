#!/usr/bin/env bash
# Check everything: style, types, scripts, images, tests. Ends at the first stage that fails.
#
# Usage: scripts/local/test.sh [--quick] [PYTEST_ARGUMENT]...
#   --quick  leave out tests/integration and the tests marked slow
# Debian packages that tests need are listed in config/requirements/dev.apt.
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"

stage() { echo "== $*" && "$@"; }

quick=()
if [[ ${1-} == --quick ]]; then
  quick=(-m "not slow" --ignore tests/integration)
  shift
fi
scripts/setup.sh --with dev
stage ruff check .
stage ruff format --check .
stage isort --check .
stage mypy
stage shellcheck --external-sources .ci/run scripts/*.sh scripts/*/*.sh
stage hadolint Dockerfile.os Dockerfile.app
stage check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
stage pytest -n 2 "${quick[@]}" "$@"
