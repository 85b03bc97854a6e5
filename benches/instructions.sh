#!/usr/bin/env bash
# Counts the instructions of each task in benches/instructions.rs with callgrind (valgrind), and
# prints them beside those of serde_json reading the same filter's JSON into a `Value`. The counts
# repeat exactly on one machine and toolchain; the budgets below leave a few per cent for others.
#
#     benches/instructions.sh           the table
#     benches/instructions.sh --check   the table; fails where a ratio is over its budget
set -euo pipefail
cd "$(dirname "$0")/.."

# The most that a task may cost, as a multiple of the baseline.
budget() {
    case "$1" in
        "compile short") echo 3.30 ;;
        "compile typical") echo 2.60 ;;
        "compile wide") echo 2.20 ;;
        "compile list") echo 1.06 ;;
        "compile deep") echo 2.35 ;;
        "compile invalid") echo 4.45 ;;
        "parse short") echo 2.52 ;;
        "parse typical") echo 1.92 ;;
        "parse wide") echo 1.60 ;;
        "parse list") echo 0.67 ;;
        "parse deep") echo 1.79 ;;
        "parse invalid") echo 2.67 ;;
        "raise short") echo 4.12 ;;
        "raise typical") echo 3.56 ;;
        "raise wide") echo 3.08 ;;
        "raise list") echo 2.21 ;;
        "raise deep") echo 3.10 ;;
    esac
}

program=$(cargo build --release --bench instructions --message-format=json \
    | sed -n 's/.*"name":"instructions".*"executable":"\([^"]*\)".*/\1/p')

# Of many calls the mean, of the first few none: they fill what is made once in a process.
count() {
    local times=1
    case "$2" in short | typical | invalid) times=10 ;; esac
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --collect-atstart=no --toggle-collect='*instructions::counted*' "$program" "$1" "$2" "$times" 2>&1 \
        | awk -v times="$times" '/Collected/ { printf "%.0f\n", $4 / times }'
}

status=0
printf '| task | query | instructions | of the baseline |'
[ "${1:-}" = --check ] && printf ' budget |'
printf '\n|---|---|--:|--:|'
[ "${1:-}" = --check ] && printf -- '--:|'
printf '\n'
while read -r task query; do
    instructions=$(count "$task" "$query")
    [ "$task" = baseline ] && baseline=$instructions
    ratio=$(awk -v count="$instructions" -v baseline="$baseline" 'BEGIN { printf "%.2f", count / baseline }')
    printf '| %s | %s | %s | %s× |' "$task" "$query" "$instructions" "$ratio"
    if [ "${1:-}" = --check ]; then
        allowed=$(budget "$task $query")
        printf ' %s |' "${allowed:-}"
        if [ -n "$allowed" ] && awk -v ratio="$ratio" -v allowed="$allowed" 'BEGIN { exit !(ratio > allowed) }'; then
            printf ' **over**'
            status=1
        fi
    fi
    printf '\n'
done < <("$program")
exit "$status"
