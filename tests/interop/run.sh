#!/bin/sh
# run.sh: install the clients that others have written for Azure, and run each file of this folder
# against the sandbox of the dev build. A client that cannot be installed is skipped with a word.
#
#   usage: sh tests/interop/run.sh [FILE.bats ...]
set -eu
cd "$(dirname "$0")/../.."

sh cmake/packages.sh interop
if [ ! -x build/dev/azml ]; then
    sh cmake/packages.sh build
    cmake --preset dev
    cmake --build --preset dev --target azml
fi
[ $# -gt 0 ] || set -- tests/interop/*.bats
AZML=$PWD/build/dev/azml exec bats --timing "$@"
