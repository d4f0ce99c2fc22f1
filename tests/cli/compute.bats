# azml compute show, list, start, stop, restart, delete.

load helpers

setup_file() {
    sandbox_setup || return 1
    export AZML_RESOURCE_GROUP=lab AZML_WORKSPACE=course
    "$AZML" workspace create course -l westeurope >/dev/null 2>&1
    "$AZML" compute create one --size Standard_DS11_v2 --no-ssh >/dev/null 2>&1
    "$AZML" compute create two --size Standard_DS11_v2 --no-ssh >/dev/null 2>&1
}

teardown_file() { sandbox_teardown; }

state() { "$AZML" compute show "$1" -o json | jq -r .properties.properties.state; }

id() { "$AZML" compute show "$1" -o json | jq -r .id; }

@test "show says what is there, and names what is not" {
    azml compute show one
    assert_exit 0
    assert_has "$output" "name       one"
    assert_has "$output" "state      Running"
    azml compute show three
    assert_exit 3
    assert_has "$stderr" "no compute three in workspace course"
    assert_has "$stderr" "azml compute list -w course -g lab"
    azml compute show one -w nothing
    assert_exit 3
}

@test "start and stop in the wanted state are no-ops with exit 0" {
    azml compute start one
    assert_exit 0
    assert_has "$stderr" "compute one is already running; nothing to do"
    azml compute stop one
    assert_exit 0
    assert_has "$stderr" "compute one: stopped"
    assert_same "$(state one)" Stopped
    azml compute stop one
    assert_exit 0
    assert_has "$stderr" "compute one is already stopped; nothing to do"
}

@test "a stopped one cannot be restarted, and the error says what to type" {
    azml compute restart one
    assert_exit 5
    assert_has "$stderr" "compute one is stopped and cannot be restarted"
    assert_has "$stderr" "azml compute start one"
}

@test "start and restart end in a running compute" {
    azml compute start one
    assert_exit 0
    assert_same "$(state one)" Running
    azml compute restart one
    assert_exit 0
    assert_has "$stderr" "compute one: running"
    assert_same "$(state one)" Running
}

@test "start of one that is still stopping waits for it" {
    "$AZML" sandbox stop >/dev/null 2>&1
    "$AZML" sandbox start --speed 60 >/dev/null 2>&1
    azml compute stop one --no-wait
    assert_exit 0
    assert_same "$(state one)" Stopping
    azml compute start one
    assert_exit 0
    assert_has "$stderr" "waiting for what is under way"
    assert_same "$(state one)" Running
    "$AZML" sandbox stop >/dev/null 2>&1
    "$AZML" sandbox start --speed 600 >/dev/null 2>&1
}

@test "several at once: each is done, and what fails is told with the rest" {
    azml compute stop one two
    assert_exit 0
    assert_same "$(state one) $(state two)" "Stopped Stopped"
    assert_has "$output" "NAME"
    azml compute start one three
    assert_exit 7
    assert_has "$stderr" "1 of 2 computes failed"
    assert_has "$stderr" "no compute three in workspace course"
    assert_same "$(state one)" Running
}

@test "a start that fails is an error although the operation had been accepted" {
    "$AZML" sandbox edit "$(id two)" --state Unusable >/dev/null 2>&1
    azml compute start two
    assert_exit 1
    assert_has "$stderr" "compute two is Unusable"
    assert_has "$stderr" "azml compute restart two"
}

@test "delete wants --yes, says what goes, and follows it until it is gone" {
    azml compute delete one
    assert_exit 2
    assert_has "$stderr" "This deletes compute one"
    azml compute delete one two --dry-run
    assert_exit 0
    assert_has "$stderr" "This deletes 2 computes"
    assert_same "$("$AZML" compute list -o json | jq length)" 2
    azml compute delete one two --yes
    assert_exit 0
    assert_has "$stderr" "compute one: deleted"
    assert_same "$("$AZML" compute list -o json | jq length)" 0
}

@test "deleting again is not found, or nothing to do with --if-exists" {
    azml compute delete one --yes
    assert_exit 3
    assert_has "$stderr" "no compute one in workspace course"
    azml compute delete one --yes --if-exists
    assert_exit 0
    assert_has "$stderr" "compute one does not exist; nothing to do"
}
