#!/bin/sh
# bench/run.sh [AZML] [RUNS]: whole-process times beside a bare curl of the same request, printed as
# medians and ratios. Nothing is asserted: a clock is no judge.
#
#   usage: sh tests/bench/run.sh build/release/azml 20
set -eu
azml=$(realpath "${1:-build/release/azml}")
runs=${2:-20}
work=$(mktemp -d)
export AZML_STATE_DIR="$work/state" AZML_CONFIG_DIR="$work/config" AZML_CLOUD=sandbox
export AZML_SANDBOX=bench AZML_RESOURCE_GROUP=bench AZML_WORKSPACE=course
trap '"$azml" sandbox reset --yes --quiet || true; rm -rf "$work"' EXIT

"$azml" sandbox start --speed 600 --quiet
"$azml" workspace create course -g bench -l westeurope --quiet >/dev/null
"$azml" compute create trainer -w course -g bench --quiet >/dev/null
eval "$("$azml" sandbox env)"

token=$(curl -sS --cacert "$AZML_SANDBOX_CA" \
    -d "grant_type=client_credentials&client_id=$AZURE_CLIENT_ID&scope=https%3A%2F%2Fmanagement.azure.com%2F.default" \
    --data-urlencode "client_secret=$AZURE_CLIENT_SECRET" \
    "$AZML_SANDBOX_AUTHORITY/$AZURE_TENANT_ID/oauth2/v2.0/token" | jq -r .access_token)
computes="$AZML_SANDBOX_ENDPOINT/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/bench/providers/Microsoft.MachineLearningServices/workspaces/course/computes?api-version=2025-12-01"
printf 'header = "Authorization: Bearer %s"\n' "$token" >"$work/curlrc"

# Milliseconds of one run of "$@".
once() {
    begin=$(date +%s%N)
    "$@" >/dev/null
    end=$(date +%s%N)
    echo $(((end - begin) / 10000))
}
median() { # hundredths of milliseconds in, milliseconds out
    sort -n | awk '{ v[NR] = $1 } END { printf "%.2f", v[int((NR + 1) / 2)] / 100 }'
}
bare() { curl -sS --cacert "$AZML_SANDBOX_CA" -K "$work/curlrc" "$computes"; }
list() { "$azml" compute list -o json; }
version() { "$azml" --version; }
curl_version() { curl --version; }

for _ in $(seq "$runs"); do # interleaved, so that all share the machine's moods
    once version >>"$work/version"
    once curl_version >>"$work/curl_version"
    once list >>"$work/list"
    once bare >>"$work/bare"
done
row() {
    a=$(median <"$work/$2") b=$(median <"$work/$4")
    printf '%-26s %8s ms   %-26s %8s ms   ratio %s\n' "$1" "$a" "$3" "$b" \
        "$(awk "BEGIN { printf \"%.2f\", $a / $b }")"
}
echo "medians of $runs interleaved runs; azml compute list asks for a token first, curl is given one"
row "azml --version" version "curl --version" curl_version
row "azml compute list -o json" list "curl of the same list" bare
