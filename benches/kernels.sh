#!/usr/bin/env bash
# How much faster two workers are than one, for each numeric job, as a table.
#
#   benches/kernels.sh [--quick] [NAME]     --quick: one round; NAME: only jobs with this in their expression
#
# One and two workers take turns, and their answers have to be the same, or this ends with status 1; a time never ends
# it. The first line says what the machine gives: two runs of one worker side by side, beside one alone. Figures are
# medians over the rounds.
set -u -o pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit

rounds=5
if [ "${1-}" = --quick ]; then rounds=1; shift; fi
only=${1-}

pmap=${CARGO_TARGET_DIR:-target}/release/pmap
cargo build --release --quiet --bin pmap || exit

# A range, an expression, what becomes of the results; about a second for one worker.
jobs=(
    '0..6000000|is_prime(10**18 + n)|--reduce sum'
    '0..500000|next_prime(10**15 + n)|--reduce max'
    '0..30000|factor(10**17 + n)|--reduce count'
    '0..30000|totient(10**17 + n)|--reduce sum'
    '0..30000|divisors(10**17 + n)|--reduce count'
    '0..30000|sigma(10**17 + n)|--reduce sum'
    '0..30000|mobius(10**17 + n)|--reduce sum'
    '0..60|prime_count(10**9 + n)|--reduce sum'
    '0..60|prime_count(n * 10**7, (n + 1) * 10**7)|--reduce sum'
    '0..2000000|collatz(10**12 + n)|--reduce max'
    '0..1000|fib(10**5 + n) % 10**9|--reduce sum'
    '0..800|digits_of_pi(2000 + n) % 10**9|--reduce sum'
    '0..400|mandelbrot(n, 500, 400, 20000)|--reduce count'
    '0..100|pi_monte_carlo(n, 5 * 10**6)|--reduce mean'
    '0..100|integrate(n / 100, (n + 1) / 100, 2 * 10**6)|--reduce sum'
    '0..100|nbody(10**5 + n)|--reduce mean'
    '0..100|matmul(300, n)|--reduce sum'
    '0..100|sort_check(200000, n)|--reduce sum'
    '0..100|sha256_chain(n, 10**5)|--reduce max'
)

# seconds COMMAND…: runs it, its answer to $answer; how long it took, in $took.
seconds() {
    local start=$EPOCHREALTIME
    answer=$("$@") || { echo "kernels.sh: failed: $*" >&2; exit 1; }
    took=$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { print to - from }')
}

median() { printf '%s\n' "$@" | sort -g | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }

row() { awk -v what="$1" -v one="$2" -v two="$3" 'BEGIN { printf "| %s | %.2f s | %.2f s | %.2f |\n", what, one, two, one / two }'; }

# A job that is nothing but multiplication, so that no cache and no memory is shared.
machine='nbody(10**7)'
both() {
    "$pmap" --workers 1 --range 0..1 "$machine" &
    "$pmap" --workers 1 --range 0..1 "$machine"
    wait
}
machine_check() {
    local one=() two=()
    for _ in $(seq "$rounds"); do
        seconds "$pmap" --workers 1 --range 0..1 "$machine"
        one+=("$took")
        seconds both
        # Twice the work.
        two+=("$(awk -v both="$took" 'BEGIN { print both / 2 }')")
    done
    row 'the machine: two processes side by side' "$(median "${one[@]}")" "$(median "${two[@]}")"
}

echo "$(date -u +%Y-%m-%d), $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg)"
echo
echo '| job | 1 worker | 2 workers | ratio |'
echo '|---|---|---|---|'
machine_check
for job in "${jobs[@]}"; do
    IFS='|' read -r range task options <<< "$job"
    [[ $task == *"$only"* ]] || continue
    one=() two=()
    for _ in $(seq "$rounds"); do
        # shellcheck disable=SC2086 # options are words
        seconds "$pmap" --workers 1 --range "$range" $options "$task"
        one+=("$took") right=$answer
        # shellcheck disable=SC2086
        seconds "$pmap" --workers 2 --range "$range" $options "$task"
        two+=("$took")
        if [ "$answer" != "$right" ]; then
            echo "kernels.sh: $task: $right with one worker, $answer with two" >&2
            exit 1
        fi
    done
    row "\`$task\`, $range" "$(median "${one[@]}")" "$(median "${two[@]}")"
done
