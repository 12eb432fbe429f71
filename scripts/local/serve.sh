#!/usr/bin/env bash
# Set up what is missing, then serve on this machine with config/local/app_conf.yml.
#
# Usage: scripts/local/serve.sh [--host HOST] [--port PORT]
#   Also READSTONE_SERVER__HOST and READSTONE_SERVER__PORT.
# shellcheck source=scripts/prelude.sh
. "$(dirname "$0")/../prelude.sh"
scripts/setup.sh
export READSTONE_ENV=local
readstone serve "$@"
