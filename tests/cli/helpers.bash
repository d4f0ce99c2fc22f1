# helpers.bash - what every file of tests/cli shares: its own folders, its own sandbox.
#
#   load helpers
#   setup_file()    { sandbox_setup; }      # or folders_setup where no sandbox is needed
#   teardown_file() { sandbox_teardown; }
#
# $AZML is the program under test; $AZML_TOOLS the folder of the test tools.

bats_require_minimum_version 1.5.0

# Folders of this file's own, so that nothing of the person's is read or written. The cache may be
# shared, since it only holds what can be made again.
folders_setup() {
    : "${AZML:=$BATS_TEST_DIRNAME/../../build/dev/azml}"
    export AZML
    export AZML_STATE_DIR=$BATS_FILE_TMPDIR/state
    export AZML_CONFIG_DIR=$BATS_FILE_TMPDIR/config
    export AZML_CACHE_DIR=${AZML_CACHE_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/azml}
    export AZURE_CONFIG_DIR=$BATS_FILE_TMPDIR/az
    local name
    for name in $(compgen -e | grep -E '^(AZURE|ARM|AZML)_' |
        grep -vE '^(AZML|AZML_TOOLS|AZML_(STATE|CONFIG|CACHE)_DIR|AZURE_CONFIG_DIR)$'); do
        unset "$name"
    done
    unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR
    cd "$BATS_FILE_TMPDIR" || return 1
}

# The folders, and a sandbox that answers: `sandbox_setup [SPEED]`. Every command then uses it.
sandbox_setup() {
    folders_setup || return 1
    export AZML_CLOUD=sandbox
    export AZML_SANDBOX=t$$
    "$AZML" sandbox start --speed "${1:-600}" >/dev/null
}

sandbox_teardown() {
    "$AZML" sandbox stop >/dev/null
}

# Run azml in the way of bats' `run`, with stdout in $output and stderr in $stderr.
azml() {
    run --separate-stderr "$AZML" "$@"
}

# assert_exit N: the last `azml` ended with N.
assert_exit() {
    if [ "$status" -ne "$1" ]; then
        printf 'exit %s, wanted %s\n--- stdout\n%s\n--- stderr\n%s\n' \
            "$status" "$1" "$output" "$stderr" >&2
        return 1
    fi
}

# assert_has TEXT PART: TEXT contains PART.
assert_has() {
    if [[ $1 != *"$2"* ]]; then
        printf 'wanted: %s\nin:\n%s\n' "$2" "$1" >&2
        return 1
    fi
}

# assert_lacks TEXT PART: TEXT does not contain PART.
assert_lacks() {
    if [[ $1 == *"$2"* ]]; then
        printf 'unwanted: %s\nin:\n%s\n' "$2" "$1" >&2
        return 1
    fi
}

# assert_same GOT WANTED
assert_same() {
    if [ "$1" != "$2" ]; then
        printf 'got:\n%s\nwanted:\n%s\n' "$1" "$2" >&2
        return 1
    fi
}

# json PATH: what `jq -r PATH` makes of the last command's stdout.
json() {
    jq -r "$1" <<<"$output"
}
