#!/bin/sh
# valgrind.sh AZML: a whole life of a workspace and a compute with every azml process under
# valgrind, the sandbox included; the first error or leak ends it.
#
#   usage: sh tests/valgrind.sh build/valgrind/azml      (a build without sanitizers)
set -eu
azml=$(realpath "$1")
work=$(mktemp -d)
export AZML_STATE_DIR="$work/state" AZML_CONFIG_DIR="$work/config" AZML_CLOUD=sandbox
export AZML_SANDBOX=valgrind

check() {
    valgrind --quiet --error-exitcode=99 --leak-check=full --show-leak-kinds=definite,indirect,possible \
        --errors-for-leak-kinds=definite,indirect,possible --trace-children=no \
        --log-file="$work/log.%p" "$azml" "$@"
}
finish() {
    status=$?
    [ -z "${server:-}" ] || { kill "$server" 2>/dev/null || true; wait "$server" || true; }
    for log in "$work"/log.*; do
        if [ -s "$log" ]; then
            echo "valgrind found something:" >&2
            cat "$log" >&2
            status=1
        fi
    done
    rm -rf "$work"
    [ "$status" -ne 0 ] || echo "valgrind: no error, no leak"
    exit "$status"
}
trap finish EXIT

check sandbox run --speed 600 >"$work/server" 2>&1 &
server=$!
for _ in $(seq 300); do
    [ -e "$AZML_STATE_DIR/sandbox/$AZML_SANDBOX/connection.json" ] &&
        "$azml" sandbox status >/dev/null 2>&1 && break
    sleep 0.2
done

echo "valgrind: a full create-delete run"
check workspace create course -g tensorflow -l westeurope
check compute create trainer -w course -g tensorflow
check compute list -w course -g tensorflow
check compute show trainer -w course -g tensorflow -o json
check compute ssh trainer -w course -g tensorflow -- echo over-ssh
check compute stop trainer -w course -g tensorflow
check compute start trainer -w course -g tensorflow
check compute delete trainer -w course -g tensorflow --yes
check workspace delete course -g tensorflow --with-dependents --purge --yes
check sandbox clock advance 2h
check cleanup
check cleanup --yes
check group list -o json
check rest GET '/subscriptions/{subscription}/resourcegroups'
"$azml" sandbox stop
wait "$server" || { echo "the sandbox ended with $?" >&2; cat "$work/server" >&2; exit 1; }
server=
