#!/bin/sh
# long.sh: what takes too long for every change: the tests labelled long, and valgrind over a
# whole life of a workspace.
set -eu
cd "$(dirname "$0")/.."

sh cmake/packages.sh build test memcheck
sh cmake/openssh.sh
cmake --preset dev
cmake --build --preset dev
ctest --test-dir build/dev --label-regex long --output-on-failure --no-tests=ignore "$@"
cmake --preset valgrind
cmake --build --preset valgrind
sh tests/valgrind.sh build/valgrind/azml
