#!/bin/sh
# quickstart.sh - from an empty machine to a program on an Azure ML compute, and back to nothing.
#
# Runs against the sandbox, azml's own local Azure: no subscription, no account, no cost. The same
# commands without --cloud sandbox (here: AZML_CLOUD) do the same on the real Azure. Each command is
# shown as you would type it.
set -eu
cd "$(dirname "$0")/.."

# --- what is needed to build and run azml -------------------------------------------------------
sh cmake/packages.sh build
sh cmake/openssh.sh
echo "building azml"
work=$(mktemp -d)
{ cmake --preset quickstart && cmake --build --preset quickstart; } >"$work/log" 2>&1 ||
    { cat "$work/log"; rm -rf "$work"; exit 1; }
PATH=$PWD/build/quickstart:$PATH

# --- a practice Azure of its own, in a folder that goes away again --------------------------------
export AZML_STATE_DIR="$work/state" AZML_CONFIG_DIR="$work/config"
export AZML_CLOUD=sandbox AZML_SANDBOX=quickstart
tidy() {
    azml sandbox reset --yes --quiet || true
    rm -rf "$work"
}
trap tidy EXIT
trap 'exit 130' INT TERM

run() { # show a command, then run it
    echo
    echo "\$ $*"
    "$@"
}

run azml version
run azml sandbox start

# --- create: a resource group, a workspace with all it depends on, a compute with SSH --------------
run azml group create tensorflow -l westeurope
run azml workspace create course -g tensorflow -l westeurope
run azml compute create trainer -w course -g tensorflow
run azml compute list -w course -g tensorflow

# --- use: run a program on it over SSH ------------------------------------------------------------
program='echo "Hello from $(hostname), user $(id -un), $(uname -s) on $(uname -m)"
awk "BEGIN { for (i = 1; i <= 1000; i++) sum += 1 / (i * i)
             printf \"pi is about %.4f\n\", sqrt(6 * sum) }"'
printf '\n%s\n' "\$ azml compute ssh trainer -w course -g tensorflow -- '$program'"
azml compute ssh trainer -w course -g tensorflow -- "$program" | tee "$work/said"

# --- stop paying, then take everything away ---------------------------------------------------------
run azml compute stop trainer -w course -g tensorflow
run azml compute delete trainer -w course -g tensorflow --yes
run azml workspace delete course -g tensorflow --with-dependents --purge --yes

# The group is empty now. cleanup spares what is younger than an hour, so let two hours pass.
run azml sandbox clock advance 2h
run azml cleanup
run azml cleanup --yes

# --- nothing is left, live or soft-deleted ---------------------------------------------------------
run azml group list
left=$(azml group list -o id --quiet)
vaults=$(azml rest GET '/subscriptions/{subscription}/providers/Microsoft.KeyVault/deletedVaults' \
    --all-pages)
[ -z "$left" ] || { echo "something is left: $left" >&2; exit 1; }
[ "$vaults" = "[]" ] || { echo "a vault is left soft-deleted: $vaults" >&2; exit 1; }

echo
echo "Nothing is left, and this is what the program said on the compute:"
cat "$work/said"
