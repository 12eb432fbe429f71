#!/usr/bin/env bash
# Serve with config/stg/app_conf.yml.
#
# Usage: scripts/stg/serve.sh [--host HOST] [--port PORT]
#   Also READSTONE_SERVER__HOST and READSTONE_SERVER__PORT. Set up beforehand: scripts/setup.sh
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
export READSTONE_ENV=stg
readstone serve "$@"
