#!/usr/bin/env bash
# To be sourced by test.sh: sees to it that there is a redis-server and exports its path as MASKRCNN_TEST_REDIS. Tests start it
# themselves, each on a free port and a folder of its own. Where it cannot be had they are skipped and say so.

install_redis() {
    command -v redis-server >/dev/null && return 0
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        { apt-get update && apt-get install -y --no-install-recommends redis-server; } >"$logs/apt-redis.log" 2>&1
    fi
    command -v redis-server >/dev/null || { echo "test.sh: no redis-server; tests on Redis are skipped." >&2; return 1; }
}

find_redis() {
    install_redis || return 0
    MASKRCNN_TEST_REDIS=$(command -v redis-server)
    export MASKRCNN_TEST_REDIS
}
