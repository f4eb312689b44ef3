#!/usr/bin/env bash
# To be sourced by test.sh: starts Azurite (an emulator of Azure Blob Storage) in memory on a free port, and exports its
# connection string as MASKRCNN_TEST_AZURITE. Where it cannot be had the variable stays unset, and the tests that need
# it are skipped and say so. Azurite is installed once, below artifacts/.

azurite_version=3.37.0
azurite_folder="$root/artifacts/azurite/$azurite_version"
azurite_pid=

install_azurite() {
    [ -x "$azurite_folder/node_modules/.bin/azurite-blob" ] && return 0
    if ! command -v npm >/dev/null && [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        { apt-get update && apt-get install -y --no-install-recommends nodejs npm; } >"$logs/apt-node.log" 2>&1
    fi
    command -v npm >/dev/null || { echo "test.sh: no npm; tests on Azurite are skipped." >&2; return 1; }
    # Into a folder beside it first: a broken install is not taken for a whole one.
    local half="$azurite_folder.$$"
    mkdir -p "$half"
    if npm install --prefix "$half" --no-audit --no-fund --no-save "azurite@$azurite_version" >"$logs/azurite-install.log" 2>&1; then
        rm -rf "$azurite_folder"
        mv "$half" "$azurite_folder"
        return 0
    fi
    rm -rf "$half"
    echo "test.sh: npm cannot install azurite $azurite_version; tests on Azurite are skipped. See $logs/azurite-install.log." >&2
    return 1
}

stop_azurite() {
    [ -n "$azurite_pid" ] && kill "$azurite_pid" 2>/dev/null
    azurite_pid=
}

start_azurite() {
    install_azurite || return 0
    local log="$logs/azurite.log" port=
    # Port 0 is any free one; the log names it.
    node "$azurite_folder/node_modules/azurite/dist/src/blob/main.js" --blobHost 127.0.0.1 --blobPort 0 \
        --skipApiVersionCheck --silent --inMemoryPersistence --disableTelemetry >"$log" 2>&1 &
    azurite_pid=$!
    for _ in $(seq 1 120); do
        port=$(sed -nE 's#.*listens on http://127\.0\.0\.1:([0-9]+).*#\1#p' "$log" | head -n 1)
        [ -n "$port" ] || ! kill -0 "$azurite_pid" 2>/dev/null && break
        sleep 0.5
    done
    if [ -z "$port" ]; then
        cat "$log" >&2
        echo "test.sh: Azurite does not start; tests on it are skipped." >&2
        stop_azurite
        return 0
    fi
    # The emulator's account and key are the same everywhere; they protect nothing.
    export MASKRCNN_TEST_AZURITE="DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==;BlobEndpoint=http://127.0.0.1:$port/devstoreaccount1;"
}

trap stop_azurite EXIT
