# kill -9 of azml at ten moments of compute create; the same command again ends with one running
# compute each time.

load ../cli/helpers

setup_file() {
    # slow enough that the moments fall into different steps of the creation
    sandbox_setup 400 || return 1
    export AZML_RESOURCE_GROUP=lab AZML_WORKSPACE=course
    "$AZML" workspace create course -l westeurope >/dev/null 2>&1
}

teardown_file() { sandbox_teardown; }

# killed_after SECONDS: start it, kill it, do it again, look, and clear away.
killed_after() {
    "$AZML" compute create trainer >/dev/null 2>&1 &
    local pid=$!
    sleep "$1"
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null || true
    azml compute create trainer
    assert_exit 0
    assert_has "$output" "state      Running"
    azml compute list -o json
    assert_same "$(json '[.[].properties.properties.state] | join(" ")')" Running
    azml compute delete trainer --yes
    assert_exit 0
}

@test "killed at ten moments, a creation ends in one running compute all the same" {
    local moment
    for moment in 0.01 0.02 0.04 0.06 0.1 0.2 0.35 0.5 0.8 1.1; do
        killed_after "$moment" || {
            echo "killed after $moment s" >&2
            return 1
        }
    done
}

@test "killed while making the key, the half-written key is made whole or anew" {
    rm -rf "$AZML_STATE_DIR/keys"
    "$AZML" compute create keyed --size Standard_DS11_v2 >/dev/null 2>&1 &
    local pid=$! i
    for ((i = 0; i < 500; i++)); do
        [ -d "$AZML_STATE_DIR/keys" ] && break
        sleep 0.01
    done
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null || true
    azml compute create keyed --size Standard_DS11_v2
    assert_exit 0
    assert_has "$output" "state      Running"
}
