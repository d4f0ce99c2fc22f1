# Resource groups: made once, shown, listed.
load helpers

setup_file() { sandbox_setup; }
teardown_file() { sandbox_teardown; }

@test "a group without a region is refused, naming the option" {
    azml group create lab
    assert_exit 2
    assert_has "$stderr" "-l is missing"
}

@test "a region that does not exist is said, and how to see which do" {
    azml group create lab -l westeurop
    assert_exit 1
    assert_has "$stderr" "the cloud has no region of that name"
    assert_has "$stderr" "azml rest GET '/subscriptions/{subscription}/locations'"
    azml rest GET '/subscriptions/{subscription}/locations'
    assert_exit 0
}

@test "a name that no group can have is refused before anything is sent" {
    azml group create 'lab/1' -l westeurope
    assert_exit 2
    azml group create 'lab.' -l westeurope
    assert_exit 2
}

@test "a dry run says what would be made, and makes nothing" {
    azml group create dry -l westeurope --dry-run
    assert_exit 0
    assert_same "$output" ""
    assert_has "$stderr" "This would create group dry in westeurope"
    azml group show dry
    assert_exit 3
}

@test "a new group says who made it, and what comes next" {
    azml group create lab -l westeurope
    assert_exit 0
    assert_has "$output" "name      lab"
    assert_has "$output" "location  westeurope"
    assert_has "$stderr" "Signed in as "
    assert_has "$stderr" "group lab: created in westeurope"
    assert_has "$stderr" "Next: azml workspace create NAME -g lab"
    azml group show lab -o json
    assert_exit 0
    [[ $(json '.tags."azml-made-by"') == azml/* ]]
    [ -n "$(json '.tags."azml-owner"')" ]
    [[ $(json '.tags."azml-run"') =~ ^[0-9a-f-]{36}$ ]]
    [[ $(json '.tags."azml-created"') =~ ^20[0-9-]+T[0-9:]+Z$ ]]
}

@test "a group that exists is left as it is" {
    azml group create twice -l westeurope -q
    assert_same "$stderr" ""
    local before
    before=$("$AZML" group show twice -o json)
    azml group create twice -l WestEurope
    assert_exit 0
    assert_has "$stderr" "group twice already exists; nothing to do"
    azml group create twice
    assert_exit 0
    assert_same "$("$AZML" group show twice -o json | jq .tags)" "$(jq .tags <<<"$before")"
    azml group create twice -l northeurope
    assert_exit 5
    assert_has "$stderr" "group twice is already in westeurope"
}

@test "an unknown group is exit 3 and names the nearest" {
    "$AZML" group create spelled -l westeurope -q
    azml group show speled
    assert_exit 3
    assert_has "$stderr" "azml group show spelled   (did you mean this?)"
    azml group show nothing-like-it -o json
    assert_exit 3
    assert_same "$output" ""
    [ "$(jq -r .error.code <<<"$stderr")" = not_found ]
}

@test "a list is sorted, and one array as JSON" {
    "$AZML" group create zz -l westeurope -q
    "$AZML" group create aa -l northeurope -q
    azml group list
    assert_exit 0
    [[ ${lines[0]} =~ ^NAME\ +LOCATION\ +STATE\ +OWNER\ +AGE$ ]]
    [[ ${lines[1]} =~ ^aa\ +northeurope\ +Succeeded ]]
    [[ ${lines[-1]} =~ ^zz\ +westeurope\ +Succeeded ]]
    azml group list -o json
    [ "$(json 'map(select(.name == "aa" or .name == "zz")) | length')" = 2 ]
    azml group list -o id
    [[ ${lines[0]} == /subscriptions/*/aa ]]
    azml group list -o tsv --no-header
    [[ ${lines[0]} == aa$'\t'northeurope$'\t'* ]]
}

@test "a list of many pages is whole" {
    AZML_SANDBOX=pages-$$ "$AZML" sandbox start --speed 600 --page-size 2 -q >/dev/null
    local name
    for name in a b c d e; do
        AZML_SANDBOX=pages-$$ "$AZML" group create $name -l westeurope -q >/dev/null
    done
    AZML_SANDBOX=pages-$$ azml group list -o json
    assert_exit 0
    [ "$(json '[.[].name] | sort | join(" ")')" = "a b c d e" ]
    AZML_SANDBOX=pages-$$ "$AZML" sandbox reset --yes -q
}

@test "a subscription that does not exist is said" {
    azml group list --subscription 11111111-2222-3333-4444-555555555555
    [ "$status" -ne 0 ]
    assert_same "$output" ""
}

@test "the environment's real subscription does not reach the sandbox" {
    AZURE_SUBSCRIPTION_ID=11111111-2222-3333-4444-555555555555 azml group list
    assert_exit 0
}
