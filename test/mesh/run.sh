#!/usr/bin/env bash
# Runs the suite `mesh`, or the given compiled test files, in a network of its own: an API server with
# its controllers and scheduler, istiod, Envoy, Argo Rollouts and Prometheus, all real, with pods that
# are processes. What it needs is fetched and built first. Expects a compiled checkout.
#
#   run.sh [MOCHA ARGUMENT…]      run.sh --grep canary
#
#   MANARA_BED_PREBUILT   see test/bed/build.sh
#   MANARA_KEEP=1         keeps the logs, and says where they are
#
# Exit codes: mocha's; 3, with "skip: why", where this machine cannot run it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# Said before the minutes that building takes.
test/bed/in-network.sh true
node test/build/mesh/fetch-needs.js
exec test/bed/in-network.sh node node_modules/mocha/bin/mocha.js "$@" --spec 'test/build/mesh/**/*.test.js'
