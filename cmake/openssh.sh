#!/bin/sh
# openssh.sh - an sshd for the sandbox's computes, without a listener on the machine itself.
#
# Debian's openssh-server starts and enables a service as soon as it is installed. Where the machine
# has no /usr/sbin/sshd, this fetches the package through the machine's own signed package lists and
# only unpacks it into azml's cache, where the sandbox finds it. Nothing is installed, nothing is
# started, no root is needed. Running it again does nothing.
#
#   usage: sh cmake/openssh.sh      (needs: apt lists, dpkg-deb; see apt-get update)
set -eu

if [ -x /usr/sbin/sshd ]; then
    exit 0
fi

cache=${AZML_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/azml}
tree=$cache/openssh

say() {
    echo "openssh.sh: $*" >&2
}

# Names of the shared libraries that the unpacked sshd asks for and nobody has.
missing() {
    LD_LIBRARY_PATH=$1/lib ldd "$1/usr/sbin/sshd" | sed -n 's/^[[:space:]]*\(lib[^ ]*\) => not found.*/\1/p' | sort -u
}

if [ -x "$tree/usr/sbin/sshd" ] && [ -z "$(missing "$tree")" ]; then
    exit 0
fi
for tool in apt-get dpkg-deb ldd; do
    if ! command -v $tool >/dev/null 2>&1; then
        say "$tool is missing: install your system's OpenSSH server, or set AZML_SANDBOX_SSHD"
        exit 1
    fi
done

mkdir -p "$cache"
new=$(mktemp -d "$cache/openssh.XXXXXX")
trap 'rm -rf "$new"' EXIT
trap 'exit 130' INT TERM

# Fetch one package and unpack it: apt checks it against the signed lists.
unpack() {
    mkdir -p "$new/fetch"
    if ! (cd "$new/fetch" && apt-get -q download "$1" >"$new/log" 2>&1); then
        cat "$new/log" >&2
        say "could not fetch $1: run 'apt-get update' (as root) first"
        exit 1
    fi
    dpkg-deb -x "$new"/fetch/*.deb "$2"
    rm -rf "$new/fetch"
}

# Debian's package name of a library: libwrap.so.0 is in libwrap0, libkrb5.so.3 in libkrb5-3.
package_of() {
    echo "$1" | tr '_' '-' | sed -e 's/\([0-9]\)\.so\./\1-/' -e 's/\.so\.//' -e 's/\..*//'
}

say "fetching openssh-server (unpacked into $tree, not installed)"
mkdir -p "$new/tree/lib"
unpack openssh-server "$new/tree"
for round in 1 2 3 4; do
    wanted=$(missing "$new/tree")
    [ -n "$wanted" ] || break
    for library in $wanted; do
        package=$(package_of "$library")
        say "fetching $package for $library"
        unpack "$package" "$new/libraries"
        find "$new/libraries" -name 'lib*.so*' -exec cp -P {} "$new/tree/lib/" \;
    done
done
if [ -n "$(missing "$new/tree")" ]; then
    say "still missing after round $round: $(missing "$new/tree" | tr '\n' ' ')"
    exit 1
fi

rm -rf "$tree"
mv "$new/tree" "$tree"
