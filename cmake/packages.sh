#!/bin/sh
# packages.sh SET...: install what is missing of Debian's packages for building, testing, checking
# or memory-checking azml, or for trying other clients on its sandbox (interop), and say what.
# Nothing is installed where nothing is missing; sudo is used only where it is not root.
#
#   usage: sh cmake/packages.sh build|test|check|memcheck|interop ...
set -eu

build="build-essential cmake ninja-build pkg-config ca-certificates dpkg-dev
       libcurl4-openssl-dev libcjson-dev libssl-dev libutf8proc-dev libevent-dev libsqlite3-dev
       bubblewrap openssh-client"
test="libcmocka-dev bats jq curl"
check="clang libclang-rt-dev lld clang-tidy clang-format cppcheck"
memcheck="valgrind"
interop="azure-cli bats jq curl"

say() { printf '%s\n' "packages.sh: $*" >&2; }

wanted=
for set in "$@"; do
    case $set in
    build) wanted="$wanted $build" ;;
    test) wanted="$wanted $test" ;;
    check) wanted="$wanted $check" ;;
    memcheck) wanted="$wanted $memcheck" ;;
    interop) wanted="$wanted $interop" ;;
    *) say "usage: packages.sh build|test|check|memcheck|interop ..."; exit 2 ;;
    esac
done

if ! command -v dpkg-query >/dev/null 2>&1; then
    say "this is no Debian: install what these Debian packages hold:" $wanted
    exit 0
fi

missing=
for package in $wanted; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$state" = installed ] || missing="$missing $package"
done

as_root=
if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi

update_lists() { $as_root apt-get -q -o DPkg::Lock::Timeout=120 update >&2; }

if [ -n "$missing" ]; then
    say "installing$missing"
    update_lists
    DEBIAN_FRONTEND=noninteractive $as_root apt-get -q -y -o DPkg::Lock::Timeout=120 \
        install --no-install-recommends $missing >&2
elif ! apt-cache show openssh-server >/dev/null 2>&1; then
    update_lists # the sandbox's sshd is fetched by name
fi
