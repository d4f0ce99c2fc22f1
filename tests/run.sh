#!/bin/sh
# run.sh: install what is missing, build the dev preset, run every quick test.
#
#   usage: sh tests/run.sh [ctest options]      (for one test: sh tests/run.sh -R cli.group)
set -eu
cd "$(dirname "$0")/.."

sh cmake/packages.sh build test
sh cmake/openssh.sh
cmake --preset dev
cmake --build --preset dev
ctest --test-dir build/dev --label-regex quick --output-on-failure --parallel "$(nproc)" \
    --no-tests=error "$@"
