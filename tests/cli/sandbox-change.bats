# What a test can bring about in the practice cloud: age, oddities, faults.
load helpers

setup_file() { sandbox_setup; }
teardown_file() { sandbox_teardown; }

setup() { "$AZML" sandbox fault clear -q; }

id_of() { "$AZML" group show "$1" -o id; }

@test "time goes by for what is there" {
    "$AZML" group create old -l westeurope -q >/dev/null
    azml sandbox clock advance 9d
    assert_exit 0
    azml group list
    [[ $output =~ old\ .*\ 9d ]]
    azml sandbox clock advance yesterday
    assert_exit 2
}

@test "an edit needs something to change, and a thing that exists" {
    "$AZML" group create odd -l westeurope -q >/dev/null
    azml sandbox edit "$(id_of odd)"
    assert_exit 2
    azml sandbox edit "$(id_of odd)" --created yesterday
    assert_exit 2
    assert_has "$stderr" "--created cannot be 'yesterday'"
    azml sandbox edit "$(id_of odd)x" --created none
    assert_exit 3
}

@test "a creation time can be set, and taken away" {
    "$AZML" group create timed -l westeurope -q >/dev/null
    azml sandbox edit "$(id_of timed)" --created 2020-01-02T03:04:05Z
    assert_exit 0
    [[ $("$AZML" group show timed -o json | jq -r .createdTime) == 2020-01-02T03:04:05* ]]
    "$AZML" sandbox edit "$(id_of timed)" --created none -q
    [ "$("$AZML" group show timed -o json | jq -r .createdTime)" = null ]
    azml group list
    [[ $output =~ timed\ .*\ \? ]]
}

@test "a thing can be hidden from lists" {
    "$AZML" group create shy -l westeurope -q >/dev/null
    "$AZML" sandbox edit "$(id_of shy)" --list hide -q
    azml group list
    assert_lacks "$output" shy
    "$AZML" sandbox edit "$(id_of shy)" --list show -q
    azml group list
    assert_has "$output" shy
}

@test "a fault is one of four" {
    azml sandbox fault add /x
    assert_exit 2
    azml sandbox fault add /x --status 503 --reset
    assert_exit 2
}

@test "a status fault is met once, and then it is over" {
    azml sandbox fault add /resourcegroups --method GET --status 503 --header 'Retry-After: 1'
    assert_exit 0
    local id=$output
    azml group list -v
    assert_exit 0
    assert_has "$stderr" 503
    azml sandbox fault list -o json
    [ "$(json ".[] | select(.id == $id) | .hit")" = 1 ]
    azml sandbox fault clear "$id"
    assert_exit 0
    azml sandbox fault clear "$id"
    assert_exit 3
}

@test "a reset in the middle of a PUT makes one group" {
    "$AZML" sandbox fault add /resourceGroups/reset --method PUT --reset --after -q >/dev/null
    azml group create reset -l westeurope
    assert_exit 0
    azml group list -o json
    [ "$(json 'map(select(.name == "reset")) | length')" = 1 ]
}

@test "a cut body is tried again" {
    "$AZML" sandbox fault add /resourcegroups --method GET --cut 5 -q >/dev/null
    azml group list
    assert_exit 0
}

@test "a service that only fails is told, with what it said" {
    "$AZML" sandbox fault add /resourcegroups --method GET --status 403 --times 0 \
        --body '{"error":{"code":"AuthorizationFailed","message":"no right to list"}}' -q >/dev/null
    azml group list
    assert_exit 4
    assert_has "$stderr" "AuthorizationFailed: no right to list"
}

@test "no faults is an empty list" {
    azml sandbox fault list
    assert_exit 0
    assert_has "$stderr" "no faults in the sandbox"
    azml sandbox fault list -o json
    assert_same "$output" "[]"
}
