# azml compute create: what is refused before any request, what is created, and that it can be
# entered.

load helpers

setup_file() {
    sandbox_setup || return 1
    export AZML_RESOURCE_GROUP=lab AZML_WORKSPACE=course
    "$AZML" workspace create course -l westeurope >/dev/null 2>&1
    ssh-keygen -q -t rsa -b 2048 -N '' -f "$BATS_FILE_TMPDIR/key"
    ssh-keygen -q -t ed25519 -N '' -f "$BATS_FILE_TMPDIR/other"
}

teardown_file() { sandbox_teardown; }

count() { "$AZML" compute list -o json | jq length; }

@test "what cannot be is refused before any request" {
    export AZML_SANDBOX=does-not-run-$$
    azml compute create ci-01
    assert_exit 2
    assert_has "$stderr" "'ci-01' is no name for a compute instance"
    assert_has "$stderr" "ci01"
    azml compute create trainer --idle-shutdown 5m
    assert_exit 2
    assert_has "$stderr" "idle shutdown after 5m is not possible"
    azml compute create trainer --idle-shutdown 30
    assert_exit 2
    azml compute create trainer --ssh-public-key "$BATS_FILE_TMPDIR/key"
    assert_exit 2
    assert_has "$stderr" "is a private key"
    azml compute create trainer --ssh-public-key "$BATS_FILE_TMPDIR/other.pub"
    assert_exit 2
    azml compute create trainer --no-ssh --ssh-public-key "$BATS_FILE_TMPDIR/key.pub"
    assert_exit 2
    azml compute create nodes --type AmlCompute --min-nodes 3 --max-nodes 2
    assert_exit 2
    assert_has "$stderr" "--min-nodes 3 is not between 0 and --max-nodes 2"
    azml compute create trainer --type Blub
    assert_exit 2
}

@test "without quota nothing is created, and the error says the numbers and what would fit" {
    azml compute create trainer --size Standard_NC6s_v3
    assert_exit 5
    assert_has "$stderr" "no quota for Standard_NC6s_v3 in westeurope"
    assert_has "$stderr" "it needs 6 vCPU of the family standardNCSv3Family; the limit is 0 and 0 are in use"
    assert_has "$stderr" "--size Standard_"
    azml compute create trainer --size Standard_E4sd_v4
    assert_exit 2
    assert_has "$stderr" "--size Standard_E4ds_v4   (did you mean this?)"
    assert_same "$(count)" 0
}

@test "a missing workspace is named" {
    azml compute create trainer -w nothing
    assert_exit 3
    assert_has "$stderr" "no workspace nothing in group lab"
    assert_has "$stderr" "azml workspace create nothing -g lab"
}

@test "an instance runs, answers by SSH, and lets only the given key in" {
    azml compute create trainer --ssh-public-key "$BATS_FILE_TMPDIR/key.pub"
    assert_exit 0
    assert_has "$stderr" "Standard_E4ds_v4 in westeurope: 4 vCPU, 32 GiB, no GPU; 4 of 6 vCPU of the family would be used; about "
    assert_has "$stderr" "compute trainer: creating"
    assert_has "$stderr" "Next: azml compute ssh trainer -w course -g lab"
    assert_has "$output" "state      Running"
    assert_has "$output" "size       Standard_E4ds_v4"
    assert_has "$output" "idle stop  after 60m (work over SSH does not count as activity)"
    if [[ $stderr != *"SSH answers"* ]]; then
        assert_has "$stderr" "cannot be entered"
        skip "computes cannot be entered on this machine"
    fi
    assert_has "$output" "azureuser@127.0.0.1"
    azml compute show trainer -o json
    local port
    port=$(json .properties.properties.sshSettings.sshPort)
    local options=(-p "$port" -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null
        -o BatchMode=yes -o IdentitiesOnly=yes -o LogLevel=ERROR)
    run ssh "${options[@]}" -i "$BATS_FILE_TMPDIR/key" azureuser@127.0.0.1 hostname
    assert_same "$output" trainer
    run ssh "${options[@]}" -i "$BATS_FILE_TMPDIR/other" azureuser@127.0.0.1 hostname
    [ "$status" -ne 0 ]
}

@test "create again is a no-op that says so" {
    azml compute create trainer --ssh-public-key "$BATS_FILE_TMPDIR/key.pub"
    assert_exit 0
    assert_has "$stderr" "compute trainer is already running; nothing to do"
    assert_same "$(count)" 1
}

@test "another size of that name is said, and nothing changed" {
    azml compute create trainer --size Standard_DS3_v2
    assert_exit 5
    assert_has "$stderr" "compute trainer exists with size STANDARD_E4DS_V4, not Standard_DS3_v2"
    azml compute create trainer --type AmlCompute
    assert_exit 5
    assert_has "$stderr" "compute trainer exists and is of type ComputeInstance"
}

@test "another key for the one that runs is refused, since it could not be entered with it" {
    ssh-keygen -q -t rsa -b 2048 -N '' -f "$BATS_FILE_TMPDIR/stranger"
    azml compute create trainer --ssh-public-key "$BATS_FILE_TMPDIR/stranger.pub"
    assert_exit 5
    assert_has "$stderr" "compute trainer exists and lets another SSH key in, not the one given"
    assert_has "$stderr" "try   azml compute ssh trainer -w course -g lab"
}

@test "the operation's success is not enough: a broken compute is an error that says what to do" {
    local id
    id=$("$AZML" compute show trainer -o json | jq -r .id)
    "$AZML" sandbox edit "$id" --state CreateFailed >/dev/null 2>&1
    azml compute create trainer
    assert_exit 1
    assert_has "$stderr" "compute trainer is CreateFailed"
    assert_has "$stderr" "azml compute delete trainer"
    "$AZML" compute delete trainer --yes >/dev/null 2>&1
}

@test "without a key azml makes one, keeps it, and uses it again" {
    azml compute create keyed --size Standard_DS11_v2
    assert_exit 0
    assert_has "$stderr" "A new SSH key was made for it"
    local key
    key=$(echo "$AZML_STATE_DIR"/keys/*/id_rsa)
    assert_same "$(stat -c %a "$key")" 600
    "$AZML" compute delete keyed --yes >/dev/null 2>&1
    rm "$key.pub"
    azml compute create keyed --size Standard_DS11_v2
    assert_exit 0
    assert_lacks "$stderr" "A new SSH key was made"
    assert_same "$(echo "$AZML_STATE_DIR"/keys/*/id_rsa)" "$key"
    "$AZML" compute delete keyed --yes >/dev/null 2>&1
}

@test "--no-ssh and --idle-shutdown off are what the service is asked for" {
    azml compute create plain --size Standard_DS11_v2 --no-ssh --idle-shutdown off -o json
    assert_exit 0
    assert_same "$(json .properties.properties.sshSettings.sshPublicAccess)" Disabled
    assert_same "$(json .properties.properties.idleTimeBeforeShutdown)" null
    azml compute show plain
    assert_has "$output" "ssh        not open"
    assert_has "$output" "idle stop  off"
    "$AZML" compute delete plain --yes >/dev/null 2>&1
}

@test "a cluster is made with its scale" {
    azml compute create nodes --type AmlCompute --max-nodes 1 --idle-seconds 300 -o json
    assert_exit 0
    assert_same "$(json .properties.computeType)" AmlCompute
    assert_same "$(json .properties.properties.scaleSettings.maxNodeCount)" 1
    assert_same "$(json .properties.properties.scaleSettings.nodeIdleTimeBeforeScaleDown)" PT5M
    azml compute create nodes --type AmlCompute
    assert_exit 0
    assert_has "$stderr" "compute nodes is already there; nothing to do"
    azml compute start nodes
    assert_exit 5
    assert_has "$stderr" "only instances start and stop"
    "$AZML" compute delete nodes --yes >/dev/null 2>&1
}

@test "--no-wait returns at once and the same command goes on to a running compute" {
    azml compute create later --size Standard_DS11_v2 --no-wait
    assert_exit 0
    assert_has "$stderr" "Next: azml compute create later -w course -g lab --size Standard_DS11_v2"
    read -ra again <<<"${stderr##*Next: azml }"
    azml "${again[@]}"
    assert_exit 0
    assert_has "$output" "Running"
    assert_same "$(count)" 1
    "$AZML" compute delete later --yes >/dev/null 2>&1
}

@test "a reset in the middle of the PUT ends in one running compute all the same" {
    "$AZML" sandbox fault add /computes/shaken --method PUT --reset >/dev/null 2>&1
    azml compute create shaken --size Standard_DS11_v2
    assert_exit 0
    "$AZML" sandbox fault add /computes/shaken2 --method PUT --reset --after >/dev/null 2>&1
    azml compute create shaken2 --size Standard_DS11_v2
    assert_exit 0
    assert_same "$(count)" 2
    "$AZML" sandbox fault clear >/dev/null 2>&1
}
