#!/usr/bin/env bats
# The odd habits of the real wire, one test each, against the sandbox over HTTPS.

load ../cli/helpers

setup_file() {
    sandbox_setup
    "$AZML" group create wire -l westeurope --quiet >/dev/null
    "$AZML" workspace create course -g wire -l westeurope --quiet >/dev/null
    export GROUP=/subscriptions/{subscription}/resourceGroups/wire
    export COURSE=$GROUP/providers/Microsoft.MachineLearningServices/workspaces/course
}

teardown_file() {
    sandbox_teardown
}

teardown() {
    "$AZML" sandbox fault clear --quiet >/dev/null
    if [ -n "${recorder:-}" ]; then kill "$recorder" 2>/dev/null || true; fi
}

storage_body() {
    echo '{"location":"westeurope","kind":"StorageV2","sku":{"name":"Standard_LRS"},"properties":{}}'
}

# Start the second server; sets $port, $seen and $recorder.
start_recorder() {
    seen=$BATS_TEST_TMPDIR/seen
    : >"$seen"
    "$AZML_TOOLS/tool_recorder" "$seen" >"$BATS_TEST_TMPDIR/port" 3>&- &
    recorder=$!
    until [ -s "$BATS_TEST_TMPDIR/port" ]; do :; done
    port=$(cat "$BATS_TEST_TMPDIR/port")
}

assert_token_was_not_sent() {
    assert_lacks "$(tr '[:upper:]' '[:lower:]' <"$seen")" authorization
}

@test "a PUT answered with 202 and an empty body is followed to its resource" {
    azml rest PUT "$GROUP/providers/Microsoft.Storage/storageAccounts/wireempty202" \
        --body "$(storage_body)" --wait
    assert_exit 0
    assert_same "$(json .properties.provisioningState)" Succeeded
    assert_same "$(json .name)" wireempty202
}

@test "an answer with both headers is followed by its status document" {
    azml rest GET "$COURSE"
    assert_exit 0
    body=$(jq -c '{location, kind, sku, identity: {type: "SystemAssigned"},
        properties: {storageAccount: .properties.storageAccount, keyVault: .properties.keyVault,
                     applicationInsights: .properties.applicationInsights}}' <<<"$output")
    azml rest PUT "${COURSE%course}second" --body "$body" --wait --debug
    assert_exit 0
    assert_same "$(json .name)" second
    lower=$(tr '[:upper:]' '[:lower:]' <<<"$stderr")
    assert_has "$lower" "azure-asyncoperation:"
    assert_has "$lower" "location:"
    assert_has "$stderr" "type=async"
}

@test "a status document without Retry-After is polled at azml's own pace" {
    azml compute create polled -w course -g wire --debug
    assert_exit 0
    assert_has "$stderr" "computeOperationsStatus"
    azml compute delete polled -w course -g wire --yes
    assert_exit 0
}

@test "an operation that failed without an error says so" {
    "$AZML" sandbox fault add 'workspaceOperationsStatus' --method GET --status 200 \
        --header 'Content-Type: application/json' --body '{"status":"Failed"}' --times 0 >/dev/null
    azml rest DELETE "${COURSE%course}second" --wait
    assert_exit 1
    assert_has "$stderr" "error: "
    assert_has "$stderr" "failed"
}

@test "an error that hides in a JSON string is shown by its deepest message" {
    inner='{\"error\":{\"code\":\"StorageAccountAlreadyTaken\",\"message\":\"The storage account named x is already taken.\"}}'
    "$AZML" sandbox fault add 'storageAccounts/nested' --status 409 \
        --body "{\"error\":{\"code\":\"DeploymentFailed\",\"message\":\"At least one failed.\",\"details\":[{\"code\":\"Conflict\",\"message\":\"$inner\"}]}}" >/dev/null
    azml rest PUT "$GROUP/providers/Microsoft.Storage/storageAccounts/nested" \
        --body "$(storage_body)"
    assert_exit 5
    assert_has "$stderr" "StorageAccountAlreadyTaken"
    assert_has "$stderr" "The storage account named x is already taken."
}

@test "a 429 with a date is waited for and then sent again" {
    later=$(date -u -d '+2 seconds' '+%a, %d %b %Y %H:%M:%S GMT')
    "$AZML" sandbox fault add 'resourcegroups/wire' --method GET --status 429 \
        --header "Retry-After: $later" \
        --body '{"error":{"code":"TooManyRequests","message":"slow down"}}' >/dev/null
    azml group show wire -v
    assert_exit 0
    assert_has "$stderr" "429"
}

@test "a throttled request that would take too long stops and says so" {
    "$AZML" sandbox fault add 'resourcegroups/wire' --method GET --status 429 \
        --header 'Retry-After: 3600' --times 0 \
        --body '{"error":{"code":"SubscriptionRequestsThrottled","message":"later"}}' >/dev/null
    azml group show wire
    assert_exit 1
    assert_has "$stderr" "SubscriptionRequestsThrottled"
}

@test "a connection reset in the middle of a PUT ends with one resource" {
    "$AZML" sandbox fault add 'resourcegroups/resetgroup' --method PUT --reset --after >/dev/null
    azml group create resetgroup -l westeurope
    assert_exit 0
    azml group list -o json
    assert_same "$(json '[.[] | select(.name == "resetgroup")] | length')" 1
    azml group delete resetgroup --yes
    assert_exit 0
}

@test "a body that was cut is asked for again" {
    "$AZML" sandbox fault add 'resourcegroups/wire' --method GET --cut 20 >/dev/null
    azml group show wire -o json
    assert_exit 0
    assert_same "$(json .name)" wire
}

@test "an HTML page of an edge is no success and is tried again" {
    "$AZML" sandbox fault add 'resourcegroups/wire' --method GET --status 503 \
        --header 'Content-Type: text/html' --body '<html>Service Unavailable</html>' >/dev/null
    azml group show wire -o json
    assert_exit 0
    assert_same "$(json .name)" wire
}

@test "a nextLink to another host is an error and the token stays at home" {
    start_recorder
    "$AZML" sandbox fault add 'resourcegroups' --method GET --status 200 \
        --header 'Content-Type: application/json' \
        --body "{\"nextLink\":\"http://127.0.0.1:$port/more\",\"value\":[]}" >/dev/null
    azml rest GET '/subscriptions/{subscription}/resourcegroups' --all-pages
    assert_exit 1
    assert_has "$stderr" "127.0.0.1:$port"
    assert_token_was_not_sent
}

@test "a Location on another host is an error and the token stays at home" {
    start_recorder
    "$AZML" sandbox fault add 'storageAccounts/elsewhere' --method PUT --status 202 \
        --header "Location: http://127.0.0.1:$port/operation" >/dev/null
    azml rest PUT "$GROUP/providers/Microsoft.Storage/storageAccounts/elsewhere" \
        --body "$(storage_body)" --wait
    assert_exit 1
    assert_has "$stderr" "127.0.0.1:$port"
    assert_token_was_not_sent
}

@test "an Azure-AsyncOperation on another port is an error and the token stays at home" {
    start_recorder
    "$AZML" sandbox fault add 'storageAccounts/elsewhere' --method PUT --status 202 \
        --header "Azure-AsyncOperation: https://127.0.0.1:$port/operation" >/dev/null
    azml rest PUT "$GROUP/providers/Microsoft.Storage/storageAccounts/elsewhere" \
        --body "$(storage_body)" --wait
    assert_exit 1
    assert_token_was_not_sent
}

@test "a redirect to another host does not take the token along" {
    start_recorder
    "$AZML" sandbox fault add 'resourcegroups/wire' --method GET --status 307 \
        --header "Location: http://127.0.0.1:$port/redirected" >/dev/null
    azml rest GET "$GROUP"
    assert_exit 1
    assert_token_was_not_sent
}

@test "a list that points at itself ends" {
    eval "$("$AZML" sandbox env)"
    link="$AZML_SANDBOX_ENDPOINT/subscriptions/$AZURE_SUBSCRIPTION_ID/resourcegroups?api-version=2025-04-01"
    unset AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_SUBSCRIPTION_ID
    "$AZML" sandbox fault add 'resourcegroups' --method GET --status 200 --times 0 \
        --header 'Content-Type: application/json' \
        --body "{\"value\":[],\"nextLink\":\"$link\"}" >/dev/null
    azml rest GET '/subscriptions/{subscription}/resourcegroups' --all-pages
    assert_exit 1
    assert_has "$stderr" "nextLink"
}

@test "a secret never shows in --debug" {
    azml workspace list -g wire --debug
    assert_exit 0
    secret=$(jq -r .clientSecret "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json")
    assert_lacks "$stderr" "$secret"
    assert_lacks "$stderr" "Bearer ey"
    assert_lacks "$stderr" "eyJ"
}
