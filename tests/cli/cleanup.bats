# azml cleanup: ten groups that each have another reason to stay, two that nobody uses.

load helpers

setup_file() {
    sandbox_setup || return 1
    SUB=$(jq -r .subscriptionId "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json")
    export SUB
}

teardown_file() { sandbox_teardown; }

id() { printf '/subscriptions/%s/resourceGroups/%s' "$SUB" "$1"; }

# make GROUP [TAGS-JSON]: a group as azml would make it, or with these tags.
make() {
    local tags=${2:-'{"azml-made-by":"azml/0.1.0"}'}
    "$AZML" rest PUT "$(id "$1")" --body "{\"location\":\"westeurope\",\"tags\":$tags}" >/dev/null
}

# A provider has to be registered before its first resource, which takes its time.
register() {
    local provider=/subscriptions/$SUB/providers/$1 i
    "$AZML" rest POST "$provider/register" >/dev/null
    for ((i = 0; i < 50; i++)); do
        if [ "$("$AZML" rest GET "$provider" | jq -r .registrationState)" = Registered ]; then
            return 0
        fi
        "$AZML" sandbox clock advance 1m >/dev/null 2>&1
    done
    return 1
}

store() {
    "$AZML" rest PUT "$(id "$1")/providers/Microsoft.Storage/storageAccounts/$2" --wait --body \
        '{"location":"westeurope","kind":"StorageV2","sku":{"name":"Standard_LRS"}}' >/dev/null
}

edit() { "$AZML" sandbox edit "$@" >/dev/null 2>&1; }

lock() { # lock SCOPE NAME
    "$AZML" rest PUT "$1/providers/Microsoft.Authorization/locks/$2" \
        --body '{"properties":{"level":"CanNotDelete"}}' >/dev/null
}

unlock() { "$AZML" rest DELETE "$1/providers/Microsoft.Authorization/locks/$2" >/dev/null; }

# The world of the main test; ages by the sandbox's clock, so that all but one are old.
make_world() {
    local group
    register Microsoft.Storage
    for group in holds graph nobirth future deploying locked managed going unused-1 unused-2; do
        make "$group"
    done
    make foreign '{}'
    store holds "holds$$"
    store graph "graph$$"
    "$AZML" rest PUT "$(id deploying)/providers/Microsoft.Resources/deployments/slow" --wait --body \
        '{"properties":{"mode":"Incremental","template":{"$schema":"https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#","contentVersion":"1.0.0.0","resources":[]}}}' \
        >/dev/null
    "$AZML" sandbox clock advance 2h >/dev/null 2>&1
    make young
    edit "$(id graph)/providers/Microsoft.Storage/storageAccounts/graph$$" --list hide
    edit "$(id nobirth)" --created none
    edit "$(id future)" --created 2099-01-01T00:00:00Z
    edit "$(id deploying)/providers/Microsoft.Resources/deployments/slow" --state Running
    edit "$(id managed)" --managed-by "$(id holds)/providers/Some.Service/things/boss"
    edit "$(id going)" --state Deleting
    lock "$(id locked)" guard
}

why() { jq -r --arg name "$1" '.[] | select(.name == $name) | .why' <<<"$output"; }

@test "ten groups stay, each for its own reason, and exactly the two unused ones go" {
    make_world
    azml cleanup -o json
    assert_exit 0
    assert_same "$(json '[.[] | select(.verdict == "delete").name] | sort | join(" ")')" \
        "unused-1 unused-2"
    assert_same "$(why holds)" "holds 1 resource"
    assert_same "$(why graph)" "Resource Graph shows 1 resource in it"
    assert_same "$(why nobirth)" "its creation time is not known"
    assert_same "$(why future)" "its creation time lies in the future"
    assert_same "$(why young)" "younger than 1h"
    assert_same "$(why deploying)" "deployment slow is under way"
    assert_same "$(why locked)" "locked (CanNotDelete: guard)"
    assert_same "$(why managed)" "managed by boss"
    assert_same "$(why going)" "is being deleted already"
    assert_same "$(why foreign)" "empty, but not made by azml (--foreign)"

    # with a lock on the subscription none goes
    lock "/subscriptions/$SUB" above
    azml cleanup --yes -o json
    assert_exit 0
    assert_same "$(json '[.[] | select(.verdict == "delete")] | length')" 0
    assert_same "$(why unused-1)" "locked (CanNotDelete: above)"
    unlock "/subscriptions/$SUB" above

    azml cleanup --yes
    assert_exit 0
    assert_has "$output" "unused-1"
    assert_has "$output" "unused-2"
    assert_has "$stderr" "2 deleted, 0 failed"
    azml rest GET "$(id unused-1)"
    assert_exit 3
    azml rest GET "/subscriptions/$SUB/resourcegroups"
    assert_same "$(json '[.value[].name] | sort | join(" ")')" \
        "deploying foreign future going graph holds locked managed nobirth young"
}

@test "looking changes nothing and says how to go on" {
    make idle
    "$AZML" sandbox clock advance 3h >/dev/null 2>&1
    azml cleanup
    assert_exit 0
    assert_has "$output" "GROUP"
    assert_has "$output" "empty in both sources; made by azml"
    assert_has "$stderr" "azml cleanup --yes"
    azml cleanup --yes --dry-run
    assert_exit 0
    azml rest GET "$(id idle)"
    assert_exit 0
}

@test "--exit-code ends with 10 only where something is unused" {
    azml cleanup --exit-code -o json
    assert_exit 10
    azml cleanup --exit-code --older-than 30d
    assert_exit 0
}

@test "bare ids are those of the unused groups, so that no kept one is handed on" {
    make busy
    azml cleanup -o json
    unused=$(jq -r '.[] | select(.verdict == "delete").name' <<<"$output" | sort)
    assert_has "$unused" idle
    azml cleanup -o id
    assert_exit 0
    assert_same "$(sed 's,.*/,,' <<<"$output" | sort)" "$unused"
    assert_lacks "$output" "$(id busy)"
    assert_lacks "$output" "$(id holds)"
    azml cleanup -o id --all
    assert_has "$output" "$(id busy)"
}

@test "a group of somebody else goes with --foreign only" {
    make theirs '{}'
    "$AZML" sandbox clock advance 3h >/dev/null 2>&1
    azml cleanup -o json
    assert_same "$(why theirs)" "empty, but not made by azml (--foreign)"
    azml cleanup --foreign -o json
    assert_same "$(why theirs)" "empty in both sources; not made by azml"
}

@test "a protecting tag keeps a group" {
    make kept '{"azml-made-by":"azml/0.1.0","DoNotDelete":"yes"}'
    "$AZML" sandbox clock advance 3h >/dev/null 2>&1
    azml cleanup -o json
    assert_same "$(why kept)" "protected by the tag DoNotDelete"
}

@test "one that cannot be deleted is a failure with the service's reason, and stays" {
    make stubborn
    "$AZML" sandbox clock advance 3h >/dev/null 2>&1
    "$AZML" sandbox fault add "/resourceGroups/stubborn" --method DELETE --status 409 \
        --body '{"error":{"code":"ScopeLocked","message":"a lock was added meanwhile"}}' \
        >/dev/null 2>&1
    azml cleanup --yes -o json
    assert_exit 7
    assert_same "$(why stubborn)" "ScopeLocked: a lock was added meanwhile"
    assert_same "$(json '.[] | select(.name == "stubborn").result')" failed
    azml rest GET "$(id stubborn)"
    assert_exit 0
}

@test "a list of locks that cannot be read keeps every group" {
    "$AZML" sandbox fault add "/providers/Microsoft.Authorization/locks" --status 403 --times 9 \
        --body '{"error":{"code":"AuthorizationFailed","message":"no"}}' >/dev/null 2>&1
    azml cleanup -o json
    "$AZML" sandbox fault clear >/dev/null 2>&1
    assert_exit 0
    assert_same "$(json '[.[] | select(.verdict == "delete")] | length')" 0
    assert_has "$output" "its locks could not be read"
}
