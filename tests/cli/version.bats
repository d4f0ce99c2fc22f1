load helpers

setup_file() { folders_setup; }

@test "the version is one line" {
    azml version
    assert_exit 0
    [[ $output =~ ^azml\ [0-9]+\.[0-9]+\.[0-9]+$ ]]
    local line=$output
    azml --version
    assert_same "$output" "$line"
    azml -V
    assert_same "$output" "$line"
    assert_same "$stderr" ""
}

@test "the version as JSON is one document" {
    azml --version -o json
    assert_exit 0
    [ "$(json '"azml " + .version')" = "$("$AZML" version)" ]
}

@test "the version reads and writes no file of the person's" {
    HOME=/nonexistent azml version
    assert_exit 0
    [ ! -e "$AZML_STATE_DIR" ] && [ ! -e "$AZML_CONFIG_DIR" ]
}
