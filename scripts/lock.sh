#!/usr/bin/env bash
# Compile config/requirements/constraints.txt from requirements.txt and every optional set.
#
# Usage: scripts/lock.sh [UV_OPTION]...
#   --upgrade  take the newest versions; without it, versions change only where they have to
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/prelude.sh"
constraints=config/requirements/constraints.txt
# Not by --with dev: sets whose versions are not chosen yet would keep pip busy for long.
.venv/bin/python -c '' 2>/dev/null || scripts/setup.sh
.venv/bin/python -m pip install --quiet --constraint $constraints uv
mapfile -t sets < <(find config/requirements -name '*.txt' ! -path $constraints | sort)
uv pip compile --quiet --universal --python-version 3.11 --custom-compile-command scripts/lock.sh \
  --output-file $constraints "$@" requirements.txt "${sets[@]}"
