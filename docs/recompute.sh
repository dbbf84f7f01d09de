#!/usr/bin/env bash
# Recomputes what an export (format json) proves, with nothing of ours: bash, jq, openssl and sha256sum.
#
#     bash recompute.sh DIR
#
# Hashes and signatures are over the very bytes of a file, with one member cut out: the files are canonical already.
# `jq -cS` would not do, since it escapes U+007F. Left to `archive verify`: closings, the totals since the first sale,
# and what only somebody who means harm writes.
set -euo pipefail
export LC_ALL=C # text is bytes here
cd "${1:?Say which directory.}"
work=$(mktemp -d) reports=0 signed=0
trap 'rm -rf "$work"' EXIT
fault() { echo "$1: $2" >&2; exit 1; }

sha256sum --check --quiet --strict MANIFEST.sha256 || fault MANIFEST "its hash"
sha256sum --check --quiet --strict MANIFEST || fault MANIFEST "a file is missing, or has other bytes"
here=$(find . ! -type d ! -path ./MANIFEST ! -path ./MANIFEST.sha256 | cut -c 3- | sort)
[ "$(cut -c 67- MANIFEST)" = "$here" ] || fault MANIFEST "it lists other files than there are"

facts='def sum(f): [f] | add // 0; [.content_hash, .previous_hash, .close_reason, (.totals as $it
    | $it.gross - $it.discounts - $it.refunds == $it.net and sum(.departments[].amount) == $it.net
    and sum(.hours[].amount) == $it.net and sum(.taxes[].gross) == $it.net and sum(.taxes[].tax) == $it.tax
    and sum(.payments[].amount) == $it.net + $it.rounding + $it.tips)] | map(tostring) | join(" ")'
decoded() { # base64url without padding, as bytes
    printf '%s%s' "$1" "$(printf '%*s' $(((4 - ${#1} % 4) % 4)) '' | tr ' ' =)" | tr '_-' '/+' | base64 -d
}
without() { # the bytes of a file without a member
    local raw && raw=$(<"$1")
    printf %s "${raw/"$2",/}"
}
check_signature() { # of an acknowledgement
    local key_id value public
    read -r key_id value < <(jq -r '"\(.signature.key_id) \(.signature.value)"' "$1")
    [ "$key_id" != null ] || return 0
    public=$(jq -r --arg id "$key_id" '.items[] | select(.key_id == $id).public_key' keys.json)
    { printf '\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00'; decoded "$public"; } > "$work/key" # as X.509 has it
    decoded "$value" > "$work/signature"
    without "$1" "\"signature\":{\"key_id\":\"$key_id\",\"value\":\"$value\"}" > "$work/signed"
    openssl pkeyutl -verify -pubin -keyform DER -inkey "$work/key" -rawin -in "$work/signed" \
        -sigfile "$work/signature" > "$work/verdict" 2>&1 || fault "$1" "its signature"
    signed=$((signed + 1))
}
not_here() { jq -e --arg it "$1" 'any(.terminals[].not_here[]?; .content_hash == $it)' export.json > "$work/said"; }
for terminal in reports/*/; do
    before="" late=""
    for file in "$terminal"*.json; do
        read -r hash previous reason adds_up < <(jq -r "$facts" "$file")
        is=$(without "$file" "\"content_hash\":\"$hash\"" | sha256sum)
        [ "${is%% *}" = "$hash" ] || fault "$file" "its hash"
        [ "$adds_up" = true ] || fault "$file" "its sums"
        [ -z "$before" ] || [ "$previous" = "$before" ] || [ "$previous" = "$late" ] || not_here "$previous" \
            || fault "$file" "the Z before it"
        if [ "$reason" = late ]; then late=$hash; else before=$hash late=""; fi
        answer=${file/#reports/acknowledgements} reports=$((reports + 1))
        [ ! -e "$answer" ] || [ "$(jq -r .content_hash "$answer")" = "$hash" ] || fault "$answer" "another report"
        [ ! -e "$answer" ] || check_signature "$answer"
    done
done
echo "$reports reports are well; a cloud signed for $signed of them."
