#!/usr/bin/env bash
# To be sourced by test.sh: sees to it that Debian's Python has the libraries with which tests read exports as their users' programs
# do. Where they cannot be had those tests are skipped and say so.

find_python() {
    /usr/bin/python3 -c 'import numpy, PIL, yaml' 2>/dev/null && return 0
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        { apt-get update && apt-get install -y --no-install-recommends python3 python3-numpy python3-pil python3-yaml; } >"$logs/apt-python.log" 2>&1
    fi
    /usr/bin/python3 -c 'import numpy, PIL, yaml' 2>/dev/null || echo "test.sh: no python3-numpy, python3-pil and python3-yaml; tests that read exports with them are skipped." >&2
}
