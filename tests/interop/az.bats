# Microsoft's own command line, unchanged and as Debian ships it, does its work on the sandbox.
load ../cli/helpers

setup_file() {
    command -v az >/dev/null || return 0
    sandbox_setup || return 1
    eval "$("$AZML" sandbox env)"
    export REQUESTS_CA_BUNDLE=$AZML_SANDBOX_CA
    export AZURE_CORE_COLLECT_TELEMETRY=false AZURE_CORE_NO_COLOR=true
    export AZURE_CORE_DISABLE_PROGRESS_BAR=true AZURE_EXTENSION_USE_DYNAMIC_INSTALL=no
    export NO_PROXY=127.0.0.1
    az cloud register --name sandbox --only-show-errors \
        --endpoint-resource-manager "$AZML_SANDBOX_ENDPOINT" \
        --endpoint-active-directory "$AZML_SANDBOX_AUTHORITY/adfs"
    az cloud set --name sandbox --only-show-errors
    login
}

teardown_file() {
    command -v az >/dev/null || return 0
    "$AZML" sandbox reset --yes --quiet
}

setup() {
    command -v az >/dev/null || skip "az is not installed (Debian: apt-get install azure-cli)"
}

login() {
    az login --service-principal --tenant "$AZURE_TENANT_ID" -u "$AZURE_CLIENT_ID" \
        -p "$AZURE_CLIENT_SECRET" --only-show-errors >/dev/null
}

# az in the way of bats' `run`, stdout in $output and stderr in $stderr; it must succeed.
az_does() {
    run --separate-stderr az "$@"
    assert_exit 0
}

# az_refuses TEXT …: it must fail, and say TEXT.
az_refuses() {
    run --separate-stderr az "${@:2}"
    [ "$status" -ne 0 ] || { echo "az ${*:2} succeeded: $output"; return 1; }
    assert_has "$stderr" "$1"
}

@test "account: the subscription, its regions and the signed-in principal" {
    az_does account show
    assert_same "$(json .id)" "$AZURE_SUBSCRIPTION_ID"
    assert_same "$(json .tenantId)" "$AZURE_TENANT_ID"
    assert_same "$(json .user.name)" "$AZURE_CLIENT_ID"
    az_does account list --refresh
    assert_same "$(json length)" 1
    az_does account list-locations
    assert_same "$(json '.[] | select(.name == "westeurope") | .displayName')" "West Europe"
}

@test "group: made, found, changed, deleted" {
    az_does group exists -n az-group
    assert_same "$output" false
    az_does group create -n az-group -l westeurope --tags team=blue
    assert_same "$(json .properties.provisioningState)" Succeeded
    az_does group exists -n az-group
    assert_same "$output" true
    az_does group list --tag team=blue
    assert_same "$(json '.[].name')" az-group
    az_does group update -n az-group --set tags.cost=low
    az_does group show -n az-group
    assert_same "$(json '.tags | tojson')" '{"cost":"low","team":"blue"}'
    az_refuses InvalidResourceGroupLocation group create -n az-group -l northeurope
    az_does group delete -n az-group --yes
    az_refuses ResourceGroupNotFound group show -n az-group
}
