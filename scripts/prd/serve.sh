#!/usr/bin/env bash
# Serve with config/prd/app_conf.yml.
#
# Usage: scripts/prd/serve.sh [--host HOST] [--port PORT]
#   Also READSTONE_SERVER__HOST and READSTONE_SERVER__PORT. Set up beforehand: scripts/setup.sh
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
export READSTONE_ENV=prd
readstone serve "$@"
