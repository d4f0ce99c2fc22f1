#!/usr/bin/env bats
# azml rest: the way out for what azml has no command for.

load helpers

setup_file() {
    folders_setup
    export AZML_CLOUD=sandbox AZML_SANDBOX=t$$
    "$AZML" sandbox start --speed 600 --page-size 2 >/dev/null
    "$AZML" group create rest -l westeurope --quiet >/dev/null
    "$AZML" rest POST '/subscriptions/{subscription}/providers/Microsoft.Storage/register' >/dev/null
    export GROUPS_PATH='/subscriptions/{subscription}/resourceGroups'
    export STORAGE=$GROUPS_PATH/rest/providers/Microsoft.Storage/storageAccounts
    export BODY='{"location":"westeurope","kind":"StorageV2","sku":{"name":"Standard_LRS"},"properties":{}}'
}

teardown_file() {
    sandbox_teardown
}

teardown() {
    "$AZML" sandbox fault clear --quiet >/dev/null
    if [ -n "${recorder:-}" ]; then kill "$recorder" 2>/dev/null || true; fi
}

# A second server, on plain http; sets $port, $seen and $recorder.
start_recorder() {
    seen=$BATS_TEST_TMPDIR/seen
    : >"$seen"
    "$AZML_TOOLS/tool_recorder" "$seen" >"$BATS_TEST_TMPDIR/port" 3>&- &
    recorder=$!
    until [ -s "$BATS_TEST_TMPDIR/port" ]; do :; done
    port=$(cat "$BATS_TEST_TMPDIR/port")
}

# connection KEY: what the sandbox's connection file says.
connection() {
    jq -r ".$1" "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json"
}

@test "words that make no sense are refused before anything is sent" {
    azml rest FETCH /subscriptions
    assert_exit 2
    assert_has "$stderr" "'FETCH' is not an HTTP method"
    azml rest GET subscriptions
    assert_exit 2
    assert_has "$stderr" "try   azml rest GET /subscriptions"
    azml rest GET /nothing/known
    assert_exit 2
    assert_has "$stderr" "no api-version is known"
    azml rest PUT "$STORAGE/bodyless" --body '{broken'
    assert_exit 2
    assert_has "$stderr" "the body is no JSON"
    azml rest PUT "$STORAGE/bodyless" --body "$BATS_TEST_TMPDIR/missing.json"
    assert_exit 3
    azml rest PUT "$STORAGE/bodyless" --all-pages
    assert_exit 2
    azml rest GET "$GROUPS_PATH" --header nonsense
    assert_exit 2
}

@test "the exit status goes by the HTTP status" {
    azml rest GET "$GROUPS_PATH/nowhere"
    assert_exit 3
    assert_has "$stderr" "said  ResourceGroupNotFound: "
    assert_has "$stderr" "(request id, for Azure's support)"
    assert_same "$output" ""
    azml rest GET "$GROUPS_PATH/rest" --skip-auth
    assert_exit 4
    assert_has "$stderr" "AuthenticationFailed"
    local status_code wanted
    for pair in 403:4 409:5 412:5 400:1 418:1; do
        status_code=${pair%:*} wanted=${pair#*:}
        "$AZML" sandbox fault add 'resourcegroups/rest' --status "$status_code" \
            --body '{"error":{"code":"QuotaExceeded","message":"m"}}' >/dev/null
        azml rest GET "$GROUPS_PATH/rest"
        assert_exit "$wanted"
        assert_has "$stderr" "status $status_code"
    done
}

@test "under -o json a failure is one object" {
    azml rest GET "$GROUPS_PATH/nowhere" -o json
    assert_exit 3
    assert_same "$(jq -r .error.said.code <<<"$stderr")" ResourceGroupNotFound
    assert_same "$(jq -r .error.exit <<<"$stderr")" 3
}

@test "a document is printed as it came" {
    azml rest get "$GROUPS_PATH/rest"
    assert_exit 0
    assert_same "$(json .name)" rest
    assert_same "$stderr" ""
}

@test "a whole address of the cloud is a path like any other" {
    azml rest GET "$(connection endpoint)/subscriptions/$(connection subscriptionId)"
    assert_exit 0
    assert_same "$(json .subscriptionId)" "$(connection subscriptionId)"
}

@test "a body comes from the command line, a file or stdin" {
    printf '%s' '{"tags":{"from":"file"}}' >"$BATS_TEST_TMPDIR/body.json"
    azml rest PATCH "$GROUPS_PATH/rest" --body "$BATS_TEST_TMPDIR/body.json"
    assert_exit 0
    assert_same "$(json .tags.from)" file
    run --separate-stderr "$AZML" rest PATCH "$GROUPS_PATH/rest" --body - <<<'{"tags":{"from":"stdin"}}'
    assert_exit 0
    assert_same "$(json .tags.from)" stdin
    azml rest PATCH "$GROUPS_PATH/rest" -b ' {"tags":{"from":"words"}}'
    assert_exit 0
    assert_same "$(json .tags.from)" words
}

@test "--wait follows an operation and prints its final resource" {
    azml rest PUT "$STORAGE/waited" --body "$BODY" --wait
    assert_exit 0
    assert_same "$(json .name)" waited
    assert_same "$(json .properties.provisioningState)" Succeeded
    azml rest DELETE "$STORAGE/waited" --wait
    assert_exit 0
    assert_same "$output" ""
    azml rest GET "$STORAGE/waited"
    assert_exit 3
}

@test "--all-pages prints one array" {
    for name in one two three; do
        "$AZML" rest PUT "$GROUPS_PATH/page-$name" --body '{"location":"westeurope"}' >/dev/null
    done
    azml rest GET "$GROUPS_PATH"
    assert_exit 0
    assert_same "$(json '.value | length')" 2
    azml rest GET "$GROUPS_PATH" --all-pages
    assert_exit 0
    assert_same "$(json 'length')" 4
    assert_same "$(json '[.[].name] | sort | join(" ")')" "page-one page-three page-two rest"
    azml rest GET "$GROUPS_PATH/nowhere/resources" --all-pages
    assert_exit 3
}

@test "--skip-auth sends no token" {
    azml rest GET '/metadata/endpoints?api-version=2022-09-01' --skip-auth --debug
    assert_exit 0
    assert_same "$(json .authentication.identityProvider)" AAD
    assert_lacks "$stderr" "Authorization"
}

@test "another endpoint is asked without azml's token" {
    start_recorder
    azml rest GET /subscriptions --endpoint "http://127.0.0.1:$port"
    assert_has "$(cat "$seen")" "GET /subscriptions?api-version="
    assert_lacks "$(tr '[:upper:]' '[:lower:]' <"$seen")" authorization
    azml rest GET "http://127.0.0.1:$port/x"
    assert_exit 2
    assert_has "$stderr" "goes nowhere else"
    assert_lacks "$(cat "$seen")" "GET /x"
    azml rest GET /subscriptions --endpoint http://192.0.2.1
    assert_exit 2
    assert_has "$stderr" "not encrypted"
}

@test "headers that are given are sent and never shown" {
    start_recorder
    printf 'Authorization: Basic dmVyeTpzZWNyZXQ=\nX-Second: 2\n' >"$BATS_TEST_TMPDIR/headers"
    azml rest GET /subscriptions --endpoint "http://127.0.0.1:$port" --debug \
        --header 'If-Match: "e"' --header "@$BATS_TEST_TMPDIR/headers"
    assert_has "$(cat "$seen")" "Basic dmVyeTpzZWNyZXQ="
    assert_has "$(cat "$seen")" 'If-Match: "e"'
    assert_has "$(cat "$seen")" "X-Second: 2"
    assert_lacks "$stderr" "dmVyeTpzZWNyZXQ="
    assert_has "$stderr" "Authorization: (redacted)"
}

@test "a cloud can be read from its own metadata, with the person's identity and CA" {
    export AZML_CA_FILE AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET
    AZML_CA_FILE=$(connection ca)
    AZURE_TENANT_ID=$(connection tenantId)
    AZURE_CLIENT_ID=$(connection clientId)
    AZURE_CLIENT_SECRET=$(connection clientSecret)
    azml rest GET "$GROUPS_PATH/rest" --cloud "$(connection endpoint)" -v
    assert_exit 0
    assert_same "$(json .name)" rest
    assert_has "$stderr" "credential environment: in use"
    AZURE_CLIENT_SECRET=wrong azml rest GET "$GROUPS_PATH/rest" --cloud "$(connection endpoint)"
    assert_exit 4
    assert_has "$stderr" "AADSTS7000215"
    unset AZML_CA_FILE
    azml rest GET "$GROUPS_PATH/rest" --cloud "$(connection endpoint)"
    assert_exit 1
    assert_has "$stderr" "could not prove that it is who it should be"
}

@test "a token can come from a file or stdin" {
    token=$(curl -s --cacert "$(connection ca)" \
        "$(connection authority)/$(connection tenantId)/oauth2/v2.0/token" \
        -d grant_type=client_credentials -d "client_id=$(connection clientId)" \
        --data-urlencode "client_secret=$(connection clientSecret)" \
        -d "scope=$(connection endpoint)/.default" | jq -r .access_token)
    printf '%s\n' "$token" >"$BATS_TEST_TMPDIR/token"
    AZML_TOKEN_FILE=$BATS_TEST_TMPDIR/token azml rest GET "$GROUPS_PATH/rest" --auth token
    assert_exit 0
    AZML_TOKEN_FILE=- run --separate-stderr "$AZML" rest GET "$GROUPS_PATH/rest" --auth token \
        <"$BATS_TEST_TMPDIR/token"
    assert_exit 0
    echo "not a token" >"$BATS_TEST_TMPDIR/token"
    AZML_TOKEN_FILE=$BATS_TEST_TMPDIR/token azml rest GET "$GROUPS_PATH/rest" --auth token
    assert_exit 4
}
