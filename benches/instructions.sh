#!/usr/bin/env bash
# Counts instructions with callgrind (valgrind). The counts repeat exactly on one machine and
# toolchain.
#
#     benches/instructions.sh            each task in benches/instructions.rs, compared with serde_json
#                                        parsing the same filter's JSON into a `Value`
#     benches/instructions.sh --check    the same; fails if a ratio exceeds its budget, which leaves
#                                        a few percent for other machines and toolchains
#     benches/instructions.sh --peers    parsers of other languages, compared with the same baseline
#     benches/instructions.sh --growth [TASK]
#                                        instructions per byte of growing texts, valid and invalid; the
#                                        task is `compile` by default, or `highlight` or `complete`
#     benches/instructions.sh --batch    `freeplay-filter batch`, compared with the library in one process
set -euo pipefail
cd "$(dirname "$0")/.."

# The budget of each task, as a multiple of the baseline.
budget() {
    case "$1" in
        "compile short") echo 1.32 ;;
        "compile typical") echo 0.96 ;;
        "compile lines") echo 1.06 ;;
        "compile wide") echo 0.93 ;;
        "compile list") echo 0.48 ;;
        "compile deep") echo 0.96 ;;
        "compile invalid") echo 2.95 ;;
        "compile fixable") echo 6.40 ;;
        "parse short") echo 0.56 ;;
        "parse typical") echo 0.39 ;;
        "parse lines") echo 0.47 ;;
        "parse wide") echo 0.38 ;;
        "parse list") echo 0.08 ;;
        "parse deep") echo 0.42 ;;
        "parse invalid") echo 1.87 ;;
        "diagnostics invalid") echo 1.38 ;;
        "tokens short") echo 0.26 ;;
        "tokens typical") echo 0.19 ;;
        "tokens lines") echo 0.22 ;;
        "tokens wide") echo 0.21 ;;
        "tokens list") echo 0.06 ;;
        "tokens deep") echo 0.20 ;;
        "raise short") echo 3.16 ;;
        "raise typical") echo 2.68 ;;
        "raise lines") echo 2.68 ;;
        "raise wide") echo 2.51 ;;
        "raise list") echo 2.08 ;;
        "raise deep") echo 2.49 ;;
    esac
}

# Builds a program and prints its path. Arguments: its name, and the options of `cargo build`.
build() {
    cargo build --locked --quiet --release --message-format=json "${@:2}" \
        | sed -n 's/.*"name":"'"$1"'".*"executable":"\([^"]*\)".*/\1/p'
}

# Counts the instructions in calls of `counted`, which each program has.
count() {
    valgrind --tool=callgrind --callgrind-out-file=/dev/null \
        --collect-atstart=no --toggle-collect='*::counted*' "$@" 2>&1 | awk '/Collected/ { print $4 }'
}

# The mean of many calls. The first calls do not count, as they initialize what a process needs once.
mean() {
    local times=1
    case "$3" in short | typical | lines | invalid | fixable) times=10 ;; esac
    count "$1" "$2" "$3" "$times" | awk -v times="$times" '{ printf "%.0f\n", $1 / times }'
}

divided() {
    awk -v left="$1" -v right="$2" 'BEGIN { printf "%.2f", left / right }'
}

tasks() {
    local program status=0 task query instructions baseline ratio allowed
    program=$(build instructions --bench instructions)
    printf '| task | query | instructions | of the baseline |%s\n' "${check:+ budget |}"
    printf '|---|---|--:|--:|%s\n' "${check:+--:|}"
    while read -r task query; do
        instructions=$(mean "$program" "$task" "$query")
        [ "$task" = baseline ] && baseline=$instructions
        ratio=$(divided "$instructions" "$baseline")
        printf '| %s | %s | %s | %s× |' "$task" "$query" "$instructions" "$ratio"
        if [ -n "$check" ]; then
            allowed=$(budget "$task $query")
            printf ' %s |' "$allowed"
            if [ -n "$allowed" ] && awk -v ratio="$ratio" -v allowed="$allowed" 'BEGIN { exit !(ratio > allowed) }'; then
                printf ' **over**'
                status=1
            fi
        fi
        printf '\n'
    done < <("$program")
    return "$status"
}

peers() {
    local program name query instructions
    local -A baseline
    program=$(build freeplay-filter-peers --manifest-path benches/peers/Cargo.toml)
    printf '| | short | typical | wide |\n|---|--:|--:|--:|\n'
    while read -r name; do
        printf '| %s |' "$name"
        for query in short typical wide; do
            instructions=$(mean "$program" "$name" "$query")
            : "${baseline[$query]:=$instructions}"
            printf ' %s× |' "$(divided "$instructions" "${baseline[$query]}")"
        done
        printf '\n'
    done < <("$program" names)
}

growth() {
    local task=$1 program kind len bytes ratio ratios
    program=$(build instructions --bench instructions)
    printf '| %s: instructions a byte | 1 KB | 10 KB | 100 KB | 1 MB | most by least |\n|---|--:|--:|--:|--:|--:|\n' "$task"
    while read -r kind; do
        printf '| %s |' "$kind"
        ratios=()
        for len in 1000 10000 100000 1000000; do
            bytes=$("$program" grow "$task" "$kind" "$len")
            ratio=$(divided "$(count "$program" grow "$task" "$kind" "$len")" "$bytes")
            ratios+=("$ratio")
            printf ' %s |' "$ratio"
        done
        printf '%s\n' "${ratios[@]}" | sort -g \
            | awk 'NR == 1 { least = $1 } { most = $1 } END { printf " %.2f |\n", most / least }'
    done < <("$program" grow)
}

# The whole command, including its start, compared with a loop that only compiles the same lines.
batch() {
    local program command lines=20000 file in_process as_command
    program=$(build instructions --bench instructions)
    command=$(build freeplay-filter --bin freeplay-filter)
    file=$(mktemp)
    "$program" lines - "$lines" > "$file"
    in_process=$(count "$program" batch "$file" 1)
    as_command=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$command" batch < "$file" 2>&1 > "$file.answers" \
        | awk '/Collected/ { print $4 }')
    [ "$(wc -l < "$file.answers")" = "$lines" ]
    rm "$file" "$file.answers"
    printf '| %s lines | instructions |\n|---|--:|\n' "$lines"
    printf '| in process | %s |\n| `batch` | %s |\n' "$in_process" "$as_command"
    printf '| throughput of `batch` | %s |\n' "$(divided "$in_process" "$as_command")"
}

check=
case "${1:-}" in
    "") tasks ;;
    --check)
        check=1
        tasks
        ;;
    --peers) peers ;;
    --growth) growth "${2:-compile}" ;;
    --batch) batch ;;
    *) sed -n '2,/^set/ { /^#/ s/^# \{0,1\}//p }' "$0" && exit 2 ;;
esac
