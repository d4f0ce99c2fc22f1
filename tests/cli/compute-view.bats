# How computes are shown: as lines, as a table, as ARM's own documents.

load helpers

setup_file() {
    sandbox_setup || return 1
    export AZML_RESOURCE_GROUP=lab AZML_WORKSPACE=course
    "$AZML" workspace create course -l westeurope >/dev/null 2>&1
}

teardown_file() { sandbox_teardown; }

@test "an empty list has its heading, and says on stderr that there is nothing" {
    azml compute list
    assert_exit 0
    assert_same "$output" "NAME  STATE  SIZE  SSH  IDLE STOP  AGE"
    assert_same "$stderr" "no computes in workspace course"
    azml compute list -o json
    assert_same "$(json length)" 0
}

@test "a list is sorted by name, one row each, with - for what does not apply" {
    "$AZML" compute create trainer --size Standard_DS11_v2 --no-ssh --idle-shutdown 2h >/dev/null 2>&1
    "$AZML" compute create reader --size Standard_DS11_v2 --no-ssh --idle-shutdown off >/dev/null 2>&1
    "$AZML" compute stop reader >/dev/null 2>&1
    azml compute list
    assert_exit 0
    assert_has "${lines[0]}" "NAME     STATE    SIZE              SSH  IDLE STOP  AGE"
    assert_has "${lines[1]}" "reader   Stopped  Standard_DS11_v2  -    off        "
    assert_has "${lines[2]}" "trainer  Running  Standard_DS11_v2  -    2h         "
    azml compute list -o id
    assert_has "${lines[0]}" "/computes/reader"
}

@test "lines leave out what does not apply" {
    azml compute show reader
    assert_has "$output" "last       Stop Succeeded (User)"
    assert_lacks "$output" "nodes"
    "$AZML" compute create nodes --type AmlCompute --size Standard_DS11_v2 --max-nodes 1 >/dev/null 2>&1
    azml compute show nodes
    assert_exit 0
    assert_has "$output" "nodes  0 now, 0 to 1"
    assert_lacks "$output" "ssh"
}

@test "what the service says went wrong is shown" {
    local id
    id=$("$AZML" compute show reader -o json | jq -r .id)
    "$AZML" sandbox edit "$id" --state Unusable >/dev/null 2>&1
    azml compute show reader
    assert_exit 0
    assert_has "$output" "Unusable"
}
