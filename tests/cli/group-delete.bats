# Resource groups go only when they were named, confirmed, and can be found; and are followed to 404.
load helpers

setup_file() { sandbox_setup; }
teardown_file() { sandbox_teardown; }

make() {
    local name
    for name in "$@"; do "$AZML" group create "$name" -l westeurope -q >/dev/null; done
}

lock() { # GROUP
    "$AZML" rest PUT "$("$AZML" group show "$1" -o id)/providers/Microsoft.Authorization/locks/keep" \
        --body '{"properties":{"level":"CanNotDelete"}}' >/dev/null
}

@test "nothing goes without a confirmation" {
    make kept
    azml group delete kept </dev/null
    assert_exit 2
    assert_has "$stderr" "this needs a confirmation"
    assert_has "$stderr" "This deletes group kept (empty)"
    azml group show kept
    assert_exit 0
}

@test "a dry run deletes nothing" {
    make dry
    azml group delete dry --dry-run --yes
    assert_exit 0
    assert_has "$stderr" "This deletes group dry (empty)"
    azml group show dry
    assert_exit 0
}

@test "a group that does not exist is exit 3, and keeps the others" {
    make other
    azml group delete other missing --yes
    assert_exit 3
    assert_has "$stderr" "there is no group missing"
    azml group show other
    assert_exit 0
}

@test "--if-exists makes a missing group fine" {
    azml group delete missing --if-exists --yes
    assert_exit 0
    assert_has "$stderr" "group missing does not exist; nothing to do"
}

@test "several groups go, and are gone" {
    make one two three
    azml group delete one TWO three two missing --if-exists --yes
    assert_exit 0
    assert_has "$stderr" "This deletes 3 groups"
    assert_has "$stderr" "group one: deleted"
    local name
    for name in one two three; do
        azml group show $name
        assert_exit 3
    done
}

@test "--no-wait returns once the service has accepted it" {
    make later
    azml group delete later --no-wait --yes
    assert_exit 0
    assert_has "$stderr" "group later: deletion accepted"
    azml group delete later --if-exists --yes
    assert_exit 0
    azml group show later
    assert_exit 3
}

@test "a lock is exit 5, with the service's own words" {
    make locked
    lock locked
    azml group delete locked --yes
    assert_exit 5
    assert_has "$stderr" "could not delete group locked"
    assert_has "$stderr" "ScopeLocked"
    azml group show locked
    assert_exit 0
}

@test "some that go and some that stay is exit 7" {
    make stays goes
    lock stays
    azml group delete stays goes --yes -o json
    assert_exit 7
    [ "$(sed -n 's/^{/{/p' <<<"$stderr" | jq -r .error.code)" = partial ]
    azml group show goes
    assert_exit 3
    azml group show stays
    assert_exit 0
}

@test "on a terminal the name is asked for, and then typed once more to confirm" {
    make typed
    run script -qec '"$AZML" group delete' /dev/null <<<$'typed\nTYPED\n'
    [ "$status" -eq 2 ]
    assert_has "$output" "that was not 'typed'; nothing was done"
    run script -qec '"$AZML" group delete' /dev/null <<<$'typed\ntyped\n'
    [ "$status" -eq 0 ]
    assert_has "$output" "Groups to delete: "
    assert_has "$output" "Type typed to go on: "
    azml group show typed
    assert_exit 3
}

@test "a group that is going already is followed, not deleted a second time" {
    "$AZML" sandbox stop >/dev/null && "$AZML" sandbox start --speed 10 >/dev/null
    make going
    azml group delete going --yes --no-wait
    assert_exit 0
    azml group show going
    assert_has "$output" "Deleting"
    "$AZML" sandbox fault add /resourceGroups/going --method DELETE --times 0 --status 409 \
        --body '{"error":{"code":"Conflict","message":"again"}}' >/dev/null
    azml group delete going --yes --no-wait
    assert_exit 0
    assert_has "$stderr" "group going: deletion accepted"
    azml group delete going --yes
    assert_exit 0
    assert_has "$stderr" "group going: deleted"
}
