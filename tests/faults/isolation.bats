#!/usr/bin/env bats
# What a program on a sandbox compute cannot do: reach the person's files, write outside its own
# home, see or end their processes.

load ../cli/helpers

setup_file() {
    sandbox_setup
    export AZML_RESOURCE_GROUP=lab AZML_WORKSPACE=course
    "$AZML" workspace create course -l westeurope --quiet >/dev/null
    "$AZML" compute create prisoner --quiet >/dev/null
    export PERSON=$BATS_FILE_TMPDIR/person
    mkdir "$PERSON"
    echo "a private letter" >"$PERSON/letter"
    sleep 300 3>&- &
    echo $! >"$BATS_FILE_TMPDIR/victim"
}

teardown_file() {
    kill "$(cat "$BATS_FILE_TMPDIR/victim")" 2>/dev/null || true
    sandbox_teardown
}

on_compute() {
    azml compute ssh prisoner -- "$1"
}

@test "the compute is entered, so that what fails below does not fail for another reason" {
    on_compute 'id -un; hostname; echo $HOME; echo mine >~/mine && cat ~/mine; echo x >/tmp/azml-inside && cat /tmp/azml-inside'
    assert_exit 0
    assert_same "$output" $'azureuser\nprisoner\n/home/azureuser\nmine\nx'
}

@test "the person's files cannot be read" {
    cat "$PERSON/letter" "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json" >/dev/null
    for path in "$PERSON/letter" "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json"; do
        on_compute "cat '$path'"
        assert_exit 1
        assert_lacks "$output" "letter"
        assert_lacks "$output" "clientSecret"
    done
    on_compute "ls -A '$HOME'"
    [ "$status" -ne 0 ] || assert_same "$output" ""
}

@test "nothing outside the own home and /tmp can be written" {
    for folder in / /etc /usr /usr/bin /var /home /dev /root "$PERSON" "$HOME"; do
        on_compute "echo x >'$folder/azml-was-here'"
        [ "$status" -ne 0 ] || { echo "could write to $folder" >&2; false; }
        [ ! -e "$folder/azml-was-here" ]
    done
    [ ! -e /tmp/azml-inside ]
}

@test "the person's processes can neither be seen nor ended" {
    victim=$(cat "$BATS_FILE_TMPDIR/victim")
    kill -0 "$victim"
    on_compute 'cat /proc/[0-9]*/cmdline | tr "\0" " "'
    assert_has "$output" "sshd"
    assert_lacks "$output" "sleep 300"
    assert_lacks "$output" "bats-exec"
    assert_lacks "$output" "sandbox run"
    on_compute 'for p in /proc/[0-9]*; do kill -9 "${p#/proc/}" 2>/dev/null; done; kill -9 -1; true'
    kill -0 "$victim"
    azml sandbox status
    assert_exit 0
}
