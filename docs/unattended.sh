#!/bin/sh
# Brings up a FactoryCLOUD and three tills with nobody at a keyboard. Each till sells, closes its day, and has it
# delivered. Run it again at any time, also after it was interrupted: what is there stays as it is.
#
#     sh unattended.sh FOLDER
#
# Everything lies in FOLDER; the owner's password is the file `password` there, made by the first run. This
# FactoryCLOUD ends with the script. On a rollout it is a service on a machine of its own (docs/hosting.md), each
# till runs `set_up` once, and the service of docs/administrators.md sends in place of `worker --once`.
set -eu
umask 077
mkdir -p "${1:?Say in which folder.}"
cd "$1"
if [ ! -s password ]; then
    head -c 24 /dev/urandom | base64 > password.new
    mv password.new password
fi

cloud() { factorypos-tui --home "$PWD/cloud" cloud "$@"; }

cloud user create --email owner@example.com --name Owner --password-stdin --if-missing < password > owner
: > address
factorypos-tui --home "$PWD/cloud" cloud serve --port "${PORT:-0}" > address & # no function: $! is the server
server=$!
trap 'kill "$server"; wait "$server" || true' EXIT
until [ -s address ]; do # it prints its address once it takes calls
    kill -0 "$server"
    sleep 0.2
done
FACTORYPOS_CLOUD_URL=$(sed 's/.*\(http:[^ ]*\).*/\1/' address)
export FACTORYPOS_CLOUD_URL

set_up() {
    terminal() { factorypos-tui --home "$PWD/till-$number" "$@"; }
    terminal till init --name "Bar Maritim" --terminal-name "Bar $number" --country ES --currency EUR \
        --zone Europe/Madrid --catalogue demo --if-missing
    terminal login --email owner@example.com --password-stdin < password
    terminal companies create --name "Maritim SL" --country ES --currency EUR --if-missing
    terminal stores create --company "Maritim SL" --name "Bar Maritim" --timezone Europe/Madrid --if-missing
    terminal assign --company "Maritim SL" --store "Bar Maritim"
    terminal logout # from here on the terminal's own token does
}

first_day() {
    if terminal till status --json | grep -q '"last_z_number": null'; then
        terminal till sale --item 'CAFE*2' --item CROISSANT
        terminal till close --yes
    fi
    terminal worker --once
    terminal verify # every closed day is in FactoryCLOUD as it was closed
    terminal check  # OK
}

for number in 1 2 3; do
    set_up
    first_day
done
cloud terminal list
