load helpers

setup_file() {
    folders_setup
    export HOME=$BATS_FILE_TMPDIR/home
    mkdir -p "$HOME"
}

setup() {
    keys=$BATS_TEST_TMPDIR/keys
    mkdir "$keys"
}

# The fingerprint line of ssh-keygen for a file.
keygen_says() {
    ssh-keygen -lf "$1"
}

@test "a key is RSA 3072 where nothing is asked for, as ssh-keygen reads it" {
    azml ssh-key generate "$keys/k"
    assert_exit 0
    assert_has "$stderr" "Next: azml compute create NAME --ssh-public-key $keys/k.pub"
    local fingerprint
    fingerprint=$(awk '$1 == "fingerprint" { print $2 }' <<<"$output")
    assert_same "$(keygen_says "$keys/k")" "3072 $fingerprint azml (RSA)"
    assert_same "$(ssh-keygen -y -f "$keys/k")" "$(cat "$keys/k.pub")"
    assert_same "$(stat -c %a "$keys/k")" 600
    assert_same "$(stat -c %a "$keys/k.pub")" 644
}

@test "types, sizes and comments are made as asked" {
    azml ssh-key generate "$keys/r" --type rsa --bits 4096 --comment 'lea at home'
    assert_exit 0
    assert_has "$(keygen_says "$keys/r")" " lea at home (RSA)"
    azml ssh-key generate "$keys/e" --type ed25519
    assert_exit 0
    assert_has "$(keygen_says "$keys/e")" " azml (ED25519)"
    assert_same "$stderr" "" # no hint to give a compute what it does not take
}

@test "without a file the key goes where ssh looks for it" {
    azml ssh-key generate
    assert_exit 0
    [ -f "$HOME/.ssh/id_rsa" ] && [ -f "$HOME/.ssh/id_rsa.pub" ]
    assert_same "$(stat -c %a "$HOME/.ssh")" 700
    azml ssh-key generate -t ed25519
    assert_exit 0
    [ -f "$HOME/.ssh/id_ed25519" ]
}

@test "nothing is ever overwritten" {
    echo mine >"$keys/one"
    azml ssh-key generate "$keys/one"
    assert_exit 5
    assert_has "$stderr" "exists already and is never overwritten"
    assert_same "$(cat "$keys/one")" mine
    echo mine >"$keys/two.pub"
    azml ssh-key generate "$keys/two"
    assert_exit 5
    [ ! -e "$keys/two" ]
    assert_same "$(ls "$keys")" "one
two.pub"
}

@test "sizes and types that make no sense are refused" {
    azml ssh-key generate "$keys/k" --bits 1024
    assert_exit 2
    assert_has "$stderr" "an RSA key has 2048 to 16384 bits, not 1024"
    azml ssh-key generate "$keys/k" --type dsa
    assert_exit 2
    azml ssh-key generate "$keys/k" --type ed25519 --bits 4096
    assert_exit 2
    azml ssh-key generate "$keys/k" --comment $'two\nlines'
    assert_exit 2
    assert_same "$(ls "$keys")" ""
}

@test "show tells what a file holds, whichever half" {
    ssh-keygen -q -t rsa -b 2048 -C 'my comment' -N secret -f "$keys/k"
    azml ssh-key show "$keys/k" -o json
    assert_exit 0
    assert_same "$(json '[.holds, .passphrase, .type, .bits, .azureMl] | @csv')" \
        '"private",true,"RSA",2048,true'
    local private=$(json .fingerprint)
    azml ssh-key show "$keys/k.pub" -o json
    assert_exit 0
    assert_same "$(json .fingerprint)" "$private"
    assert_same "$(json .comment)" "my comment"
    assert_same "$(json .publicKey)" "$(cat "$keys/k.pub")"
    azml ssh-key show "$keys/k.pub" -o id
    assert_same "$output" "$private"
}

@test "check takes an RSA key" {
    ssh-keygen -q -t rsa -b 2048 -N '' -f "$keys/k"
    azml ssh-key check "$keys/k.pub"
    assert_exit 0
    assert_has "$output" "for Azure ML  yes"
}

@test "check says what is wrong with every other file" {
    cd "$keys"
    ssh-keygen -q -t rsa -b 2048 -N '' -f rsa
    ssh-keygen -q -t rsa -b 1024 -N '' -f small
    ssh-keygen -q -t ed25519 -N '' -f ed
    ssh-keygen -q -t ecdsa -N '' -f ec
    cut -c1-200 rsa.pub >cut.pub
    fold -w 76 rsa.pub >folded.pub
    ssh-keygen -e -f rsa.pub >rfc.pub
    ssh-keygen -e -m PKCS8 -f rsa.pub >pem.pub
    cat rsa.pub ed.pub >several.pub
    : >empty.pub
    echo 'PuTTY-User-Key-File-3: ssh-rsa' >putty.ppk
    local file words
    while IFS='|' read -r file words; do
        azml ssh-key check "$file"
        assert_exit 2
        assert_has "$stderr" "$words"
        assert_same "$output" ""
    done <<'ROWS'
rsa|rsa is a private key; the compute needs the public one
small.pub|this RSA key has 1024 bits; Azure ML computes take 2048 and more
ed.pub|this is a key of type ed25519; Azure ML computes take RSA keys
ec.pub|this is a key of type ECDSA; Azure ML computes take RSA keys
cut.pub|the key in cut.pub is cut off, damaged or broken over several lines
folded.pub|the key in folded.pub is cut off, damaged or broken over several lines
rfc.pub|is a public key in RFC 4716 form
pem.pub|is a public key in PEM form
several.pub|several.pub holds 2 keys; a compute takes one
empty.pub|empty.pub is empty
putty.ppk|is PuTTY's file, with the private key in it
ROWS
    azml ssh-key check rsa
    assert_has "$stderr" "azml ssh-key check rsa.pub"
    azml ssh-key check nowhere.pub
    assert_exit 3
}

@test "a private key never shows itself" {
    ssh-keygen -q -t ed25519 -N '' -f "$keys/k"
    local secret
    secret=$(sed -n 3p "$keys/k")
    azml ssh-key show "$keys/k" -o json --debug
    assert_exit 0
    assert_lacks "$output$stderr" "${secret:0:40}"
}
