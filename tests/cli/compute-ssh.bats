load helpers

# One compute for all: its key is the person's own, in ~/.ssh, as the guide has it.
setup_file() {
    sandbox_setup || return 1
    export HOME=$BATS_FILE_TMPDIR/home
    export AZML_RESOURCE_GROUP=lab AZML_WORKSPACE=course
    mkdir -p -m 700 "$HOME/.ssh"
    ssh-keygen -q -t rsa -b 2048 -N '' -C lea -f "$HOME/.ssh/lab_rsa"
    "$AZML" group create lab -l westeurope -q >/dev/null &&
        "$AZML" workspace create course -l westeurope -q >/dev/null &&
        "$AZML" compute create trainer --ssh-public-key "$HOME/.ssh/lab_rsa.pub" -q >/dev/null
}

teardown_file() { sandbox_teardown; }

alias_of() {
    cut -d' ' -f1 "$AZML_STATE_DIR/known_hosts" | tail -n 1
}

@test "a command's output, errors and exit code are its own" {
    azml compute ssh trainer -- 'echo out; echo err >&2; exit 7'
    assert_exit 7
    assert_same "$output" out
    assert_has "$stderr" err
    azml compute ssh trainer -q -- id -un
    assert_exit 0
    assert_same "$output" azureuser
    assert_same "$stderr" ""
}

@test "the host key is kept at the first meeting and said only then" {
    rm -f "$AZML_STATE_DIR/known_hosts"
    azml compute ssh trainer -- true
    assert_exit 0
    assert_has "$stderr" "host key of compute trainer, kept from now on: SHA256:"
    [[ $(alias_of) =~ ^azml-[0-9a-f]{32}$ ]]
    assert_same "$(stat -c %a "$AZML_STATE_DIR/known_hosts")" 600
    azml compute ssh trainer -- true
    assert_exit 0
    assert_same "$stderr" ""
}

@test "a signal that ends the command is 128 and its number" {
    azml compute ssh trainer -- 'kill -TERM $$'
    assert_exit 143
    azml compute ssh trainer -- 'kill -KILL $$'
    assert_exit 137
}

@test "words are joined by blanks and read by the shell over there" {
    azml compute ssh trainer -- echo 'a  b' '$HOME' '| tr b c'
    assert_exit 0
    assert_same "$output" "a c /home/azureuser"
}

@test "bytes go through unchanged in both directions" {
    head -c 3000000 /dev/urandom >"$BATS_TEST_TMPDIR/bytes"
    "$AZML" compute ssh trainer -- cat <"$BATS_TEST_TMPDIR/bytes" >"$BATS_TEST_TMPDIR/back"
    cmp "$BATS_TEST_TMPDIR/bytes" "$BATS_TEST_TMPDIR/back"
}

@test "a reader that goes away ends the command as a pipe does" {
    local status=("$("$AZML" compute ssh trainer -- yes | head -n 1; echo "${PIPESTATUS[*]}")")
    assert_same "${status[0]}" "y
141 0"
}

@test "Ctrl-C reaches the command" {
    mkfifo "$BATS_TEST_TMPDIR/out"
    "$AZML" compute ssh trainer -- 'trap "echo caught; exit 9" INT; echo ready
        while :; do sleep 0.1; done' >"$BATS_TEST_TMPDIR/out" 3>&- &
    local pid=$! line code=0
    exec 8<"$BATS_TEST_TMPDIR/out"
    read -r line <&8
    assert_same "$line" ready
    kill -INT $pid
    read -r line <&8
    assert_same "$line" caught
    wait $pid || code=$?
    exec 8<&-
    assert_same "$code" 9
}

@test "without a command it is the system's ssh, with the same host and private key" {
    run --separate-stderr "$AZML" compute ssh trainer <<<'echo in as $(id -un); exit 4'
    assert_exit 4
    assert_has "$output" "in as azureuser"
    assert_same "$(wc -l <"$AZML_STATE_DIR/known_hosts")" 1
}

@test "without ssh on the machine it says what to install, or to give a command" {
    run --separate-stderr env PATH=/nonexistent "$AZML" compute ssh trainer
    assert_exit 255
    assert_has "$stderr" "an interactive shell takes the system's ssh, which is not installed"
    assert_has "$stderr" "azml compute ssh trainer -- COMMAND"
}

@test "azml's own failures end with 255" {
    azml compute ssh nowhere -- true
    assert_exit 255
    assert_has "$stderr" "no compute nowhere in workspace course"
    azml compute ssh trainer --identity "$HOME/.ssh/lab_rsa.pub" -- true
    assert_exit 255
    assert_has "$stderr" "is a public key; the private one is needed here"
    azml compute ssh trainer --identity /nonexistent/key -- true
    assert_exit 255
    assert_has "$stderr" "there is no file /nonexistent/key"
}

@test "a key that is not let in is named" {
    ssh-keygen -q -t rsa -b 2048 -N '' -f "$BATS_TEST_TMPDIR/other"
    azml compute ssh trainer -i "$BATS_TEST_TMPDIR/other" -- true
    assert_exit 255
    assert_has "$stderr" "the compute does not let azureuser in with the key"
    assert_has "$stderr" "$(ssh-keygen -lf "$BATS_TEST_TMPDIR/other" | cut -d' ' -f2)"
}

@test "where no private key fits, the public one is named" {
    mkdir -p "$BATS_TEST_TMPDIR/home"
    HOME=$BATS_TEST_TMPDIR/home azml compute ssh trainer -- true
    assert_exit 255
    assert_has "$stderr" "no private key for this compute was found on this machine"
    assert_has "$stderr" "$(ssh-keygen -lf "$HOME/.ssh/lab_rsa.pub" | cut -d' ' -f2)"
}

@test "a protected key is refused with the way to use it" {
    cp "$HOME/.ssh/lab_rsa" "$BATS_TEST_TMPDIR/locked"
    ssh-keygen -q -p -N secret -f "$BATS_TEST_TMPDIR/locked"
    azml compute ssh trainer -i "$BATS_TEST_TMPDIR/locked" -- true
    assert_exit 255
    assert_has "$stderr" "is protected by a passphrase"
    assert_has "$stderr" "try   ssh -i $BATS_TEST_TMPDIR/locked -p "
}

@test "a changed host key stops everything, with both fingerprints" {
    local known=$AZML_STATE_DIR/known_hosts alias
    alias=$(alias_of)
    cp "$known" "$BATS_TEST_TMPDIR/kept"
    ssh-keygen -q -t ed25519 -N '' -f "$BATS_TEST_TMPDIR/other"
    echo "$alias $(cut -d' ' -f1,2 "$BATS_TEST_TMPDIR/other.pub")" >"$known"
    azml compute ssh trainer -- touch came-in
    assert_exit 255
    assert_has "$stderr" "the compute shows another host key than the one kept"
    assert_has "$stderr" "$(ssh-keygen -lf "$BATS_TEST_TMPDIR/other.pub" | cut -d' ' -f2)"
    assert_has "$stderr" "$(ssh-keygen -lf "$BATS_TEST_TMPDIR/kept" | cut -d' ' -f2)"
    run --separate-stderr "$AZML" compute ssh trainer <<<'touch came-in'
    assert_exit 255
    # the hint is a command that helps
    ssh-keygen -f "$known" -R "$alias"
    azml compute ssh trainer -- 'test ! -e came-in'
    assert_exit 0
    assert_has "$stderr" "kept from now on"
}

@test "a compute without SSH says so" {
    azml compute create closed --no-ssh -q --size Standard_DS1_v2
    assert_exit 0
    azml compute ssh closed -- true
    assert_exit 255
    assert_has "$stderr" "compute closed was created without SSH"
}

@test "after a stop and a start it is the same machine at another place" {
    azml compute ssh trainer -- 'echo kept >here'
    assert_exit 0
    azml compute stop trainer -q
    assert_exit 0
    azml compute ssh trainer -- true
    assert_exit 255
    assert_has "$stderr" "compute trainer is Stopped"
    assert_has "$stderr" "azml compute start trainer -w course -g lab"
    azml compute start trainer -q
    assert_exit 0
    azml compute ssh trainer -- cat here
    assert_exit 0
    assert_same "$output" kept
    assert_same "$stderr" ""
}

@test "made anew under the same name it is another machine, and no attack" {
    local before
    before=$(alias_of)
    azml compute delete trainer --yes -q
    assert_exit 0
    azml compute create trainer -q
    assert_exit 0
    azml compute ssh trainer -- true
    assert_exit 0
    assert_has "$stderr" "kept from now on"
    [ "$(alias_of)" != "$before" ]
}
