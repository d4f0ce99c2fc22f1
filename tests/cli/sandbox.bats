# The practice cloud as a process: started, found, described, stopped.
load helpers

setup_file() {
    folders_setup
    export AZML_SANDBOX=t$$
}
teardown_file() { "$AZML" sandbox reset --yes --quiet; }

@test "status of a sandbox that never ran says stopped" {
    AZML_SANDBOX=never azml sandbox status
    assert_exit 0
    assert_has "$output" "state"
    assert_has "$output" "stopped"
    azml sandbox env
    assert_exit 3
}

@test "start is done once, and says where it answers" {
    azml sandbox start --speed 600
    assert_exit 0
    assert_has "$output" "endpoint"
    assert_has "$output" "https://127.0.0.1:"
    assert_has "$output" "running"
    local pid
    pid=$("$AZML" sandbox status -o json | jq .pid)
    azml sandbox start
    assert_exit 0
    assert_has "$stderr" "already running; nothing to do"
    [ "$("$AZML" sandbox status -o json | jq .pid)" = "$pid" ]
}

@test "env gives a shell and a program the same" {
    eval "$("$AZML" sandbox env)"
    azml sandbox env -o json
    assert_exit 0
    local name
    for name in AZML_SANDBOX_ENDPOINT AZML_SANDBOX_AUTHORITY AZML_SANDBOX_METADATA AZML_SANDBOX_CA \
        AZURE_TENANT_ID AZURE_CLIENT_ID AZURE_CLIENT_SECRET AZURE_SUBSCRIPTION_ID; do
        [ -n "${!name}" ]
        [ "$(json ".$name")" = "${!name}" ]
    done
    curl -sf --cacert "$AZML_SANDBOX_CA" "$AZML_SANDBOX_METADATA" | jq -e . >/dev/null
}

@test "stop ends the process, keeps what it holds, and start goes on at the same port" {
    "$AZML" group create kept -l westeurope --cloud sandbox -q >/dev/null
    local endpoint pid
    endpoint=$("$AZML" sandbox status -o json | jq -r .endpoint)
    pid=$("$AZML" sandbox status -o json | jq .pid)
    azml sandbox stop
    assert_exit 0
    [ ! -e "/proc/$pid" ]
    azml sandbox stop
    assert_exit 0
    assert_has "$stderr" "does not run; nothing to do"
    azml group show kept --cloud sandbox
    assert_exit 0
    assert_has "$stderr" "The sandbox runs now"
    [ "$("$AZML" sandbox status -o json | jq -r .endpoint)" = "$endpoint" ]
}

@test "a killed sandbox has lost nothing" {
    "$AZML" group create killed -l westeurope --cloud sandbox -q >/dev/null
    kill -9 "$("$AZML" sandbox status -o json | jq .pid)"
    azml group show killed --cloud sandbox
    assert_exit 0
}

@test "several commands at once start one sandbox" {
    "$AZML" sandbox stop -q
    local i
    for i in 1 2 3 4; do
        "$AZML" group list --cloud sandbox -q >"$BATS_TEST_TMPDIR/$i" 2>&1 &
    done
    wait
    for i in 1 2 3 4; do grep -q '^NAME' "$BATS_TEST_TMPDIR/$i"; done
}

@test "reset wants a confirmation, and leaves nothing" {
    azml sandbox reset </dev/null
    assert_exit 2
    azml sandbox reset --yes
    assert_exit 0
    azml group list --cloud sandbox -o json
    assert_exit 0
    assert_same "$(json length)" 0
}
