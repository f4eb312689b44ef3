#!/usr/bin/env bash
# To be sourced by test.sh: starts fauxqs (it serves S3 in memory) on a free port, and exports its address as MASKRCNN_TEST_S3. Where it
# cannot be had the variable stays unset, and the tests that need it are skipped and say so. It is installed once, below artifacts/.

s3_version=1.9.2
s3_folder="$root/artifacts/fauxqs/$s3_version"
s3_pid=

install_s3() {
    [ -d "$s3_folder/node_modules/fauxqs" ] && return 0
    # npm itself comes with Azurite's start.
    command -v npm >/dev/null || { echo "test.sh: no npm; tests on S3 are skipped." >&2; return 1; }
    # Into a folder beside it first: a broken install is not taken for a whole one.
    local half="$s3_folder.$$"
    mkdir -p "$half"
    if npm install --prefix "$half" --no-audit --no-fund --no-save "fauxqs@$s3_version" >"$logs/fauxqs-install.log" 2>&1; then
        rm -rf "$s3_folder"
        mv "$half" "$s3_folder"
        return 0
    fi
    rm -rf "$half"
    echo "test.sh: npm cannot install fauxqs $s3_version; tests on S3 are skipped. See $logs/fauxqs-install.log." >&2
    return 1
}

stop_s3() {
    [ -n "$s3_pid" ] && kill "$s3_pid" 2>/dev/null
    s3_pid=
}

start_s3() {
    install_s3 || return 0
    local log="$logs/fauxqs.log" address=
    node "$root/tests/s3/serve.mjs" "$s3_folder" >"$log" 2>&1 &
    s3_pid=$!
    for _ in $(seq 1 120); do
        address=$(sed -nE 's#^listening on (http://127\.0\.0\.1:[0-9]+)$#\1#p' "$log")
        [ -n "$address" ] || ! kill -0 "$s3_pid" 2>/dev/null && break
        sleep 0.5
    done
    if [ -z "$address" ]; then
        cat "$log" >&2
        echo "test.sh: fauxqs does not start; tests on S3 are skipped." >&2
        stop_s3
        return 0
    fi
    export MASKRCNN_TEST_S3="$address"
}
