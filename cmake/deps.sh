#!/bin/sh
# deps.sh NAME: a library that this system has not, or only too old, built static and with hidden
# symbols from the signed source package of the next Debian. Prints the folder that holds it
# (include/ and lib/) on stdout, everything else goes to stderr.
#
# The source comes through the machine's own package sources and is checked by apt; nothing of the
# system's own apt set-up is read for writing. The result is kept in the cache and shared by every
# build folder; deleting the cache is always safe. CMake calls this by itself.
set -eu
umask 022
suite=trixie
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

say() { printf '%s\n' "deps.sh: $*" >&2; }
fail() { say "$*"; exit 1; }

# need PROGRAM PACKAGE...
need() {
    program=$1; shift
    command -v "$program" >/dev/null 2>&1 ||
        fail "$program is missing, which building $name takes. On Debian: apt install $*"
}

# Run a step with its output in the log; on failure show the end of it.
step() {
    if ! "$@" >>"$work/log" 2>&1 </dev/null; then
        tail -n 20 "$work/log" >&2
        cp "$work/log" "$deps/$name.log"
        say "could not build $name: '$1' failed; the whole log is $deps/$name.log"
        exit 1
    fi
}

# The archives that this machine itself uses for RELEASE, Debian's own path first.
archives() {
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        awk -v release="$1" '$2 == release && $3 == "main" {
            print ($1 ~ /\/debian(-security)?\/?$/ ? 0 : 1), $1 }' | sort -u | cut -d' ' -f2
}

private_apt() {
    apt-get -q -o Dir::Etc::SourceList="$work/sources.list" -o Dir::Etc::SourceParts=- \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none -o APT::Get::List-Cleanup=false "$@"
}

# The package's files into $work/source, from the first archive that has them.
fetch() {
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    security=$(archives "$codename-security" | head -n 1)
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/source"
    for uri in $(archives "$codename"); do
        printf 'deb-src [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$suite" \
            >"$work/sources.list"
        if [ "$security" ]; then
            printf 'deb-src [signed-by=%s] %s %s-security main\n' "$keyring" "$security" "$suite" \
                >>"$work/sources.list"
        fi
        if private_apt update >>"$work/log" 2>&1 &&
            (cd "$work/source" && private_apt source --download-only "$name") >>"$work/log" 2>&1
        then
            return 0
        fi
    done
    tail -n 8 "$work/log" >&2
    fail "could not fetch the source of $name: no package source of this machine offers it"
}

build_libssh2() {
    need cmake cmake
    need "${CC:-cc}" build-essential
    pkg-config --exists 'libcrypto >= 3.0' || fail "libcrypto is missing: apt install libssl-dev"
    step env -u CFLAGS -u CPPFLAGS -u LDFLAGS -u CMAKE_GENERATOR cmake \
        -S "$work/unpacked" -B "$work/build" -G 'Unix Makefiles' \
        -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_INSTALL_PREFIX="$work/out" \
        -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
        -DCMAKE_C_VISIBILITY_PRESET=hidden \
        -DCMAKE_C_FLAGS='-fstack-protector-strong -D_FORTIFY_SOURCE=2' \
        -DBUILD_SHARED_LIBS=OFF -DBUILD_STATIC_LIBS=ON -DBUILD_EXAMPLES=OFF -DBUILD_TESTING=OFF \
        -DCRYPTO_BACKEND=OpenSSL -DENABLE_ZLIB_COMPRESSION=OFF
    step cmake --build "$work/build" --target install --parallel 2
}

# Where an earlier call has put it, or nothing.
made() {
    for folder in "$deps/$name"-*-"$recipe"; do
        if [ -f "$folder/complete" ]; then printf '%s\n' "$folder"; return; fi
    done
}

make_it() {
    command -v apt-get >/dev/null 2>&1 ||
        fail "this system has no apt-get, by which alone $name can be fetched"
    need dpkg-source dpkg-dev
    [ -r "$keyring" ] || fail "$keyring is missing: apt install debian-archive-keyring"
    say "building $name from Debian's signed source (once; about 20 seconds)"
    fetch
    dsc=$(echo "$work/source/$name"_*.dsc)
    [ -f "$dsc" ] || fail "apt gave no source package of $name"
    version=$(sed -n 's/^Version: *//p' "$dsc" | head -n 1)
    step dpkg-source -x "$dsc" "$work/unpacked"
    "build_$name"
    printf '%s\n' "$version" >"$work/out/complete"
    folder=$deps/$name-$version-$recipe
    mv -T "$work/out" "$folder"
    say "$name $version is in $folder"
    printf '%s\n' "$folder"
}

name=${1:-}
case $name in
libssh2) ;;
*) say "usage: deps.sh libssh2"; exit 2 ;;
esac

deps=${AZML_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/azml}/deps
mkdir -p "$deps"
recipe=$({ cat "$0"; uname -m; pkg-config --modversion libcrypto 2>&1 || true; } | sha256sum | cut -c1-12)

exec 9>"$deps/$name.lock"
flock -n 9 || { say "waiting for another build of $name"; flock 9; }
found=$(made)
if [ "$found" ]; then printf '%s\n' "$found"; exit 0; fi
work=$(mktemp -d "$deps/.$name.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
make_it
