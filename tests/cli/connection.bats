# How a command gets to its cloud: chosen, started, trusted, signed in; and which group it means.
load helpers

setup_file() { sandbox_setup; }
teardown_file() { sandbox_teardown; }

@test "an unknown cloud is exit 2 and lists the known" {
    azml group list --cloud moon
    assert_exit 2
    assert_has "$stderr" "sandbox"
}

@test "an unknown credential is exit 2 and lists the known" {
    azml group list --auth moon
    assert_exit 2
    assert_has "$stderr" "environment"
}

@test "a custom cloud needs its authority and its own identity" {
    eval "$("$AZML" sandbox env)"
    azml group list --cloud "$AZML_SANDBOX_ENDPOINT" --ca-file "$AZML_SANDBOX_CA" --auth environment
    assert_exit 0
    azml group list --cloud "$AZML_SANDBOX_ENDPOINT" --auth environment
    assert_exit 1
    AZURE_CLIENT_SECRET=wrong azml group list --cloud "$AZML_SANDBOX_ENDPOINT" \
        --ca-file "$AZML_SANDBOX_CA" --auth environment
    assert_exit 4
    assert_has "$stderr" AADSTS
    assert_lacks "$stderr" "$AZURE_CLIENT_SECRET"
}

@test "-v says where values come from, --debug shows no token" {
    azml group list -v
    assert_has "$stderr" "cloud is sandbox (from AZML_CLOUD)"
    azml group list --debug
    assert_exit 0
    assert_has "$stderr" "/subscriptions/"
    [[ ! $stderr =~ eyJ[A-Za-z0-9_-]{20} ]]
    eval "$("$AZML" sandbox env)"
    assert_lacks "$stderr" "$AZURE_CLIENT_SECRET"
}

@test "a project file chooses the group, but neither host nor authorities" {
    mkdir -p "$BATS_TEST_TMPDIR/project/deep"
    cd "$BATS_TEST_TMPDIR/project/deep"
    echo "cloud = https://127.0.0.1:1" >../azml.ini
    AZML_CLOUD= azml group list
    assert_exit 2
    assert_has "$stderr" "a project file may not say"
}

@test "the group of a workspace is found where one has it, and named where several do" {
    "$AZML" workspace create course -g one -l westeurope -q >/dev/null
    azml compute list -w course
    assert_exit 0
    azml compute list -w courses
    assert_exit 3
    "$AZML" workspace create course -g two -l westeurope -q >/dev/null
    azml compute list -w course
    assert_exit 2
    assert_has "$stderr" "more than one group has a workspace course"
    assert_has "$stderr" "one"
    assert_has "$stderr" "two"
    azml compute list -w course -g two
    assert_exit 0
}

@test "a deadline that is over is exit 6, or the answer was there in time" {
    "$AZML" sandbox fault add /resourcegroups --method GET --delay 3000 -q >/dev/null
    azml group list --timeout 1s
    assert_exit 6
    "$AZML" sandbox fault clear -q
}

@test "Ctrl-C ends a wait within a second, with 130" {
    "$AZML" sandbox fault add /resourcegroups --method GET --delay 20000 --times 0 -q >/dev/null
    "$AZML" group list >/dev/null 2>"$BATS_TEST_TMPDIR/err" &
    local pid=$! begin code=0
    until "$AZML" sandbox fault list -o json | jq -e '.[0].seen > 0' >/dev/null; do :; done
    begin=$SECONDS
    kill -INT $pid
    wait $pid || code=$?
    "$AZML" sandbox fault clear -q
    [ $code -eq 130 ]
    [ $((SECONDS - begin)) -le 2 ]
}

@test "a connection that goes silent is given up, and the request sent again" {
    "$AZML" sandbox fault add /resourcegroups --method GET --delay 8000 -q >/dev/null
    azml group list --idle-timeout 1s -v
    assert_exit 0
    [ "$("$AZML" sandbox fault list -o json | jq '.[0].seen')" -ge 2 ]
    "$AZML" sandbox fault clear -q
}

@test "practice never sends the identity that a shell or a file has chosen" {
    AZML_AUTH=environment AZURE_TENANT_ID=real AZURE_CLIENT_ID=real AZURE_CLIENT_SECRET=real \
        azml group list -v
    assert_exit 0
    assert_has "$stderr" "credential sandbox: in use"
    AZURE_TENANT_ID=real AZURE_CLIENT_ID=real AZURE_CLIENT_SECRET=real \
        azml group list --auth environment
    assert_exit 4
}
