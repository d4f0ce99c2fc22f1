# azml workspace delete: what goes along, what stays, and that nothing is left soft-deleted.

load helpers

setup_file() {
    sandbox_setup || return 1
    SUB=$(jq -r .subscriptionId "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json")
    export SUB
    export GROUP=/subscriptions/$SUB/resourceGroups/lab
    export AZML_RESOURCE_GROUP=lab
    "$AZML" workspace create one -l westeurope >/dev/null 2>&1
}

teardown_file() { sandbox_teardown; }

resources() {
    "$AZML" rest GET "$GROUP/resources" | jq -r '[.value[].type | ascii_downcase] | sort | join(" ")'
}

deleted_vaults() {
    "$AZML" rest GET "/subscriptions/$SUB/providers/Microsoft.KeyVault/deletedVaults" |
        jq '.value | length'
}

@test "without a terminal it wants --yes, and --dry-run only says what would go" {
    azml workspace delete one
    assert_exit 2
    assert_has "$stderr" "add --yes"
    azml workspace delete one --with-dependents --purge --dry-run
    assert_exit 0
    assert_has "$stderr" "This deletes workspace one and 4 resources made for it, for good."
    assert_has "$stderr" "Microsoft.KeyVault/vaults"
    assert_has "$stderr" "Nothing was done, because of --dry-run"
    azml workspace show one
    assert_exit 0
}

@test "a dependent that another workspace uses stays" {
    local store
    store=$("$AZML" workspace show one -o json | jq -r .properties.storageAccount)
    "$AZML" workspace create two --storage-account "$store" >/dev/null 2>&1
    azml workspace delete one --with-dependents --purge --yes
    assert_exit 0
    assert_has "$stderr" "kept"
    assert_has "$stderr" "two uses it too"
    azml rest GET "$store"
    assert_exit 0
    azml workspace show one
    assert_exit 3
}

@test "purging leaves nothing of what azml made, live or soft-deleted" {
    azml workspace delete two --with-dependents --purge --yes
    assert_exit 0
    assert_same "$(deleted_vaults)" 0
    # the storage account of the first workspace was made for that one
    assert_same "$(resources)" "microsoft.storage/storageaccounts"
    azml workspace delete one --with-dependents --purge --yes
    assert_exit 0
    assert_has "$stderr" "Workspace one is gone; this deletes what is left"
    assert_same "$(resources)" ""
}

@test "deleting again is not found, or nothing to do with --if-exists" {
    azml workspace delete one --yes
    assert_exit 3
    assert_has "$stderr" "no workspace one in group lab"
    azml workspace delete one --yes --if-exists
    assert_exit 0
    assert_has "$stderr" "workspace one does not exist; nothing to do"
}

@test "after a purge the same name can be made again at once" {
    azml workspace create one
    assert_exit 0
    azml workspace delete one --with-dependents --purge --yes
    assert_exit 0
    assert_same "$(resources)" ""
}

@test "without --purge the name stays taken, and the next create says so" {
    "$AZML" workspace create gone >/dev/null 2>&1
    azml workspace delete gone --yes
    assert_exit 0
    assert_has "$stderr" "stays soft-deleted for 14 days"
    azml workspace create gone
    assert_exit 5
    assert_has "$stderr" "could not create workspace gone"
    assert_has "$stderr" "Soft-deleted workspace exists"
    assert_has "$stderr" "purge it"
    # what was made for it can still be taken away
    azml workspace delete gone --with-dependents --purge --yes
    assert_exit 0
    assert_same "$(resources)" ""
    assert_same "$(deleted_vaults)" 0
}

@test "a lock keeps everything" {
    "$AZML" workspace create locked >/dev/null 2>&1
    "$AZML" rest PUT "$GROUP/providers/Microsoft.Authorization/locks/guard" \
        --body '{"properties":{"level":"CanNotDelete"}}' >/dev/null
    azml workspace delete locked --with-dependents --purge --yes
    assert_exit 5
    assert_has "$stderr" "ScopeLocked"
    azml workspace show locked
    assert_exit 0
    "$AZML" rest DELETE "$GROUP/providers/Microsoft.Authorization/locks/guard" >/dev/null
}
