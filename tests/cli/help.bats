# Help at every level, suggestions, and the exit status of a wrong line: nothing here needs a cloud.
load helpers

setup_file() { folders_setup; }

@test "azml alone is help, on stdout, with exit 0" {
    azml
    assert_exit 0
    assert_has "$output" "Usage: azml COMMAND"
    assert_same "$stderr" ""
}

@test "every command has a page with its sentence, usage, examples and options" {
    local path
    "$AZML" | sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\) .*/\1/p' >"$BATS_TEST_TMPDIR/nouns"
    while read -r noun; do
        "$AZML" help "$noun" | grep -q '^Usage: azml '"$noun" || { echo "$noun"; false; }
    done <"$BATS_TEST_TMPDIR/nouns"
    for path in version help; do
        azml help $path
        assert_exit 0
        assert_has "$output" "Usage: azml $path"
        assert_has "$output" "Examples:"
        assert_has "$output" "Common options:"
    done
}

@test "words that only lead to commands have a page with a sentence too" {
    local path
    for path in "sandbox clock" "sandbox fault"; do
        azml help $path
        assert_exit 0
        assert_lacks "${lines[0]}" "Usage:"
        assert_has "$output" "Usage: azml $path COMMAND"
    done
}

@test "a default that stands for none is not shown" {
    azml help sandbox fault add
    assert_lacks "$output" "Default: -1"
    assert_has "$output" "Default: 1."
}

@test "-h, --help and help say the same" {
    azml help version
    local page=$output
    azml version -h
    assert_same "$output" "$page"
    azml --help version
    assert_same "$output" "$page"
}

@test "a mistyped command is shown as it was meant, and not run" {
    azml versoin -q
    assert_exit 2
    assert_same "$output" ""
    assert_same "$stderr" "error: unknown command 'versoin'
  try   azml version -q   (did you mean this?)"
}

@test "no abbreviation of commands or options is accepted" {
    azml vers
    assert_exit 2
    azml version --out json
    assert_exit 2
    assert_has "$stderr" "version has no option --out"
}

@test "an error under -o json is one object" {
    azml versoin -o json
    assert_exit 2
    [ "$(jq -r .error.code <<<"$stderr")" = usage ]
    [ "$(jq -r .error.exit <<<"$stderr")" = 2 ]
    AZML_OUTPUT=json azml versoin
    [ "$(jq -r .error.code <<<"$stderr")" = usage ]
}

@test "help about nothing known is an error" {
    azml help wormhole
    assert_exit 2
    assert_has "$stderr" "there is no help about 'wormhole'"
}

@test "the documented exit codes are the program's" {
    "$AZML" help exit-codes --markdown | diff - "$BATS_TEST_DIRNAME/../../docs/exit-codes.md"
    azml help exit-codes
    assert_has "$output" "130   interrupted"
}

@test "colour follows NO_COLOR, --no-color and FORCE_COLOR" {
    FORCE_COLOR=1 azml versoin
    assert_has "$stderr" $'\e['
    FORCE_COLOR=1 NO_COLOR=1 azml versoin
    assert_lacks "$stderr" $'\e['
    azml versoin
    assert_lacks "$stderr" $'\e['
}

@test "a reader that goes away is no failure" {
    set -o pipefail
    "$AZML" help exit-codes | true
}

@test "a full disk is said" {
    run --separate-stderr bash -c '"$AZML" help >/dev/full'
    assert_exit 1
    assert_has "$stderr" "could not write the result"
}
