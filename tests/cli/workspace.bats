# azml workspace create, show, list.

load helpers

setup_file() {
    sandbox_setup || return 1
    SUB=$(jq -r .subscriptionId "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json")
    export SUB
    export GROUP=/subscriptions/$SUB/resourceGroups/lab
}

teardown_file() { sandbox_teardown; }

@test "a wrong name, or a missing group without a region, makes nothing" {
    azml workspace create c -g lab -l westeurope
    assert_exit 2
    assert_has "$stderr" "'c' is no name for a workspace"
    assert_has "$stderr" "it has 1 characters; allowed are 3 to 33"
    azml workspace create course -g lab --storage-account mystore
    assert_exit 2
    assert_has "$stderr" "is no resource id for --storage-account"
    azml workspace create course -g lab
    assert_exit 3
    assert_has "$stderr" "no group lab in this subscription"
    assert_has "$stderr" "-l westeurope"
    azml rest GET "$GROUP"
    assert_exit 3
}

@test "create makes the group, what the workspace needs, and the workspace" {
    azml workspace create course -g lab -l westeurope
    assert_exit 0
    assert_has "$output" "name      course"
    assert_has "$output" "location  westeurope"
    assert_has "$stderr" "group lab: created in westeurope"
    assert_has "$stderr" "workspace course: ready"
    assert_has "$stderr" "Next: azml compute create trainer -w course -g lab"
    azml rest GET "$GROUP/resources"
    assert_same "$(json '[.value[].type | ascii_downcase] | sort | unique | map(select(test("alerts|actiongroups") | not)) | join(" ")')" \
        "microsoft.insights/components microsoft.keyvault/vaults microsoft.machinelearningservices/workspaces microsoft.operationalinsights/workspaces microsoft.storage/storageaccounts"
    assert_same "$(json '[.value[] | select(.tags["azml-made-by"] == "azml/0.1.0")] | length')" 5
    assert_same "$(json '[.value[] | select(.tags["azml-of"])] | length')" 4
    azml rest GET "$GROUP"
    assert_has "$(json '.tags | keys | join(" ")')" "azml-made-by"
}

@test "create again is a no-op that says so" {
    azml workspace create course -g lab -l westeurope
    assert_exit 0
    assert_has "$stderr" "workspace course already exists; nothing to do"
    assert_has "$output" "name      course"
}

@test "create in another region than where it is, is refused" {
    azml workspace create course -g lab -l northeurope
    assert_exit 5
    assert_has "$stderr" "workspace course exists in westeurope"
}

@test "show finds the group by the workspace's name, and prints ARM's own document" {
    azml workspace show course
    assert_exit 0
    assert_has "$output" "group     lab"
    azml workspace show course -g lab -o json
    assert_exit 0
    assert_same "$(json .name)" course
    assert_same "$(json .properties.provisioningState)" Succeeded
    assert_same "$(json .identity.type)" SystemAssigned
    azml workspace show nothing -g lab
    assert_exit 3
    assert_has "$stderr" "no workspace nothing in group lab"
}

@test "list has the workspaces of the subscription, or of one group" {
    azml workspace list
    assert_exit 0
    assert_has "$output" "NAME"
    assert_has "$output" "course"
    azml workspace list -g lab -o json
    assert_same "$(json '.[0].name')" course
    "$AZML" rest PUT "/subscriptions/$SUB/resourceGroups/empty" --body '{"location":"westeurope"}' >/dev/null
    azml workspace list -g empty
    assert_exit 0
    assert_has "$stderr" "no workspaces in group empty"
    azml workspace list -g nowhere
    assert_exit 3
}

@test "an existing storage account is used and not made" {
    local store=$GROUP/providers/Microsoft.Storage/storageAccounts/mine$$
    "$AZML" rest PUT "$store" --wait --body \
        '{"location":"westeurope","kind":"StorageV2","sku":{"name":"Standard_LRS"}}' >/dev/null
    azml workspace create second -g lab --storage-account "$store" -o json
    assert_exit 0
    assert_same "$(json '.properties.storageAccount | ascii_downcase')" "${store,,}"
    azml rest GET "$GROUP/resources"
    assert_same "$(json '[.value[] | select((.type | ascii_downcase) == "microsoft.storage/storageaccounts")] | length')" 2
}

@test "the failed inner operation is what the error shows" {
    local vault=$GROUP/providers/Microsoft.KeyVault/vaults/nowhere
    azml workspace create third -g lab --key-vault "$vault"
    [ "$status" -ne 0 ]
    assert_has "$stderr" "could not create workspace third"
    assert_has "$stderr" "nowhere"
    assert_lacks "$stderr" "list deployment operations"
}

@test "--no-wait returns at once and the same command goes on" {
    azml workspace create fourth -g lab --no-wait
    assert_exit 0
    assert_same "$output" ""
    assert_has "$stderr" "azml workspace show fourth -g lab"
    azml workspace create fourth -g lab
    assert_exit 0
    assert_has "$output" "Succeeded"
}

@test "a create whose client was killed is followed, not repeated" {
    "$AZML" sandbox stop >/dev/null 2>&1
    "$AZML" sandbox start --speed 20 >/dev/null 2>&1
    "$AZML" workspace create fifth -g lab >/dev/null 2>&1 &
    local pid=$! i
    for ((i = 0; i < 100; i++)); do
        azml rest GET "$GROUP/providers/Microsoft.Resources/deployments"
        [ "$(json '[.value[] | select(.name | startswith("azml-fifth")) | .properties.provisioningState | select(. == "Running" or . == "Accepted")] | length')" = 1 ] && break
    done
    kill -9 "$pid"
    azml workspace create fifth -g lab
    assert_exit 0
    assert_has "$output" "Succeeded"
    azml rest GET "$GROUP/resources"
    assert_same "$(json '[.value[] | select(.tags["azml-of"] // "" | endswith("/fifth"))] | length')" 4
}
