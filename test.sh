#!/usr/bin/env bash
# Sets up what the tests need and runs every one of them. The last line is 'N passed, N failed'.
# Tests that need what is not here (data beside the repository, Azurite and fauxqs without npm, redis-server, Debian's python3-numpy, -pil and -yaml) are skipped, and counted on a line of their own.
#   ./test.sh                            everything, the fault harness in its short form
#   ./test.sh --chaos N [--seed S] [--shipped]
#                                        N whole runs of the fault harness, from seed S (1) on, and a table: docs/reliability.md;
#                                        --shipped: with the settings that silos have by themselves
#   ./test.sh --chaos-bites N            takes safeguards away, one after the other: each must be noticed within N runs
# Deploy.Tests needs kubectl 1.27 or newer, which Debian's packages do not have: without it they fail and say how to get it.
set -uo pipefail

root=$(cd -- "$(dirname -- "$(readlink -f -- "${BASH_SOURCE[0]}")")" && pwd)
cd "$root"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
logs="$root/artifacts/test-logs"
mkdir -p "$logs"

usage() { echo "test.sh: expected nothing, '--chaos N [--seed S] [--shipped]' or '--chaos-bites N', where N and S are whole numbers from 1; found '$*'." >&2; exit 2; }
projects=(tests/*.Tests tests/Chaos)
if [ $# -gt 0 ]; then
    [[ "${2:-}" =~ ^[1-9][0-9]*$ ]] || usage "$@"
    case "$1 $#" in
        '--chaos 2') export MASKRCNN_CHAOS_RUNS=$2 ;;
        '--chaos 3') [[ "$3" == --shipped ]] || usage "$@"; export MASKRCNN_CHAOS_RUNS=$2 MASKRCNN_CHAOS_SHIPPED=1 ;;
        '--chaos 4' | '--chaos 5') [[ "$3" == --seed && "$4" =~ ^[1-9][0-9]*$ ]] || usage "$@"; export MASKRCNN_CHAOS_RUNS=$2 MASKRCNN_CHAOS_SEED=$4
            [ $# -eq 4 ] || { [ "$5" == --shipped ] && export MASKRCNN_CHAOS_SHIPPED=1; } || usage "$@" ;;
        '--chaos-bites 2') export MASKRCNN_CHAOS_BITES=$2 ;;
        *) usage "$@" ;;
    esac
    projects=(tests/Chaos)
fi

command -v dotnet >/dev/null || { echo "test.sh: the .NET 10 SDK is needed, but there is no 'dotnet' on PATH." >&2; exit 1; }

echo "== restore and build"
dotnet restore MaskRcnn.sln || exit 1
dotnet build MaskRcnn.sln --no-restore -c Release --nologo -v quiet || exit 1
# Tests of the command line run it as its users do; it is built once, here.
./maskrcnn --version >/dev/null || exit 1

echo "== Azurite"
. "$root/tests/azurite/start.sh"
start_azurite

echo "== S3"
. "$root/tests/s3/start.sh"
start_s3
trap 'stop_azurite; stop_s3' EXIT

echo "== Redis"
. "$root/tests/redis/start.sh"
find_redis

echo "== Python"
. "$root/tests/python/start.sh"
find_python

rm -f artifacts/chaos/report.md
passed=0 failed=0 skipped=0
for project in "${projects[@]}"; do
    name=$(basename "$project")
    assembly="artifacts/bin/MaskRcnn.$name/release/MaskRcnn.$name.dll"
    log="$logs/$name.log"
    echo "== $name"
    # The fault harness tells on stderr how far it is, where somebody waits for it.
    if [ $# -gt 0 ]; then dotnet "$assembly" -noColor 2>&1 >"$log" | tee "$log.runs"; status=${PIPESTATUS[0]}
    else dotnet "$assembly" -noColor >"$log" 2>&1; status=$?; fi
    summary=$(grep -E 'Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$log" | tail -n 1)
    if [ -z "$summary" ]; then
        cat "$log"
        echo "$name: ended with status $status and no summary" >&2
        failed=$((failed + 1))
        continue
    fi
    number() { sed -E "s/.*$1: ([0-9]+).*/\1/" <<<"$summary"; }
    total=$(number Total) bad=$(($(number Errors) + $(number Failed))) left=$(number Skipped)
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    [ "$bad" -eq 0 ] || cat "$log"
    grep -E '\[SKIP\]' -A 1 "$log" || true
    echo "   $summary"
    passed=$((passed + total - bad - left)) failed=$((failed + bad)) skipped=$((skipped + left))
done

[ $# -eq 0 ] || cat artifacts/chaos/report.md 2>/dev/null
[ "$skipped" -eq 0 ] || echo "$skipped skipped, for the reasons above"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
