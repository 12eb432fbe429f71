#!/usr/bin/env bash
# Serve with config/dev/app_conf.yml.
#
# Usage: scripts/dev/serve.sh [--host HOST] [--port PORT]
#   Also READSTONE_SERVER__HOST and READSTONE_SERVER__PORT. Set up beforehand: scripts/setup.sh
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
export READSTONE_ENV=dev
readstone serve "$@"
