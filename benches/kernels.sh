#!/usr/bin/env bash
# How much faster two workers are than one, for each numeric job, as a table.
#
#   benches/kernels.sh [--quick] [NAME]     --quick: one round; NAME: only jobs with this in their expression
#
# In each round take turns: one worker; two workers; two runs of one worker each, side by side and independent of each
# other, twice the work. What these get done in their time, beside one alone, is all that the machine has to give for
# that job: cores share clock speed, caches and memory, and on a virtual machine other guests' needs. The last column
# is what part of it two workers of one run get. Figures are medians over the rounds. All answers have to be the same,
# or this ends with status 1; a time never ends it.
set -u -o pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit

rounds=5
if [ "${1-}" = --quick ]; then rounds=1; shift; fi
only=${1-}

pmap=${CARGO_TARGET_DIR:-target}/release/pmap
cargo build --release --quiet --bin pmap || exit

# A range, an expression, what becomes of the results; one to two seconds for one worker.
jobs=(
    '0..20000000|is_prime(10**18 + n)|--reduce sum'
    '0..1000000|next_prime(10**15 + n)|--reduce max'
    '0..100000|factor(10**17 + n)|--reduce count'
    '0..100000|totient(10**17 + n)|--reduce sum'
    '0..100000|divisors(10**17 + n)|--reduce count'
    '0..100000|sigma(10**17 + n)|--reduce sum'
    '0..100000|mobius(10**17 + n)|--reduce sum'
    '0..150|prime_count(10**9 + n)|--reduce sum'
    '0..150|prime_count(n * 10**7, (n + 1) * 10**7)|--reduce sum'
    '0..6000000|collatz(10**12 + n)|--reduce max'
    '0..2000|fib(10**5 + n) % 10**9|--reduce sum'
    '0..3000|digits_of_pi(2000 + n % 800) % 10**9|--reduce sum'
    '0..800|mandelbrot(n, 500, 800, 20000)|--reduce count'
    '0..100|pi_monte_carlo(n, 5 * 10**6)|--reduce mean'
    '0..100|integrate(n / 100, (n + 1) / 100, 2 * 10**6)|--reduce sum'
    '0..250|nbody(10**5 + n)|--reduce mean'
    '0..1000|matmul(300, n)|--reduce sum'
    '0..300|sort_check(200000, n)|--reduce sum'
    '0..200|sha256_chain(n, 10**5)|--reduce max'
)

# run WORKERS: the job of $range, $task and $options; its answer to standard output.
run() {
    # shellcheck disable=SC2086 # options are words
    "$pmap" --workers "$1" --range "$range" $options "$task"
}

# Two runs that know nothing of each other; the answer of one.
side_by_side() {
    run 1 > /dev/null &
    run 1
    wait
}

# seconds COMMAND…: its answer to $answer; how long it took, in $took.
seconds() {
    local start=$EPOCHREALTIME
    answer=$("$@") || { echo "kernels.sh: failed: $task, $*" >&2; exit 1; }
    took=$(awk -v from="$start" -v to="$EPOCHREALTIME" 'BEGIN { print to - from }')
}

# The medians of the columns of standard input, on one line.
medians() {
    awk '{ for (at = 1; at <= NF; at++) print at, $at }' | sort -k 1,1n -k 2,2g | awk '
        $1 != last { if (last) print all[int((count + 1) / 2)]; last = $1; count = 0 }
        { all[++count] = $2 }
        END { print all[int((count + 1) / 2)] }' | paste -s -d ' '
}

echo "$(date -u +%Y-%m-%d), $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores, load $(cut -d ' ' -f 1 /proc/loadavg)"
echo
echo '| job | 1 worker | 2 workers | ratio | side by side | part |'
echo '|---|---|---|---|---|---|'
for job in "${jobs[@]}"; do
    IFS='|' read -r range task options <<< "$job"
    [[ $task == *"$only"* ]] || continue
    rows=
    for _ in $(seq "$rounds"); do
        seconds run 1
        one=$took right=$answer
        seconds run 2
        two=$took
        if [ "$answer" != "$right" ]; then
            echo "kernels.sh: $task: $right with one worker, $answer with two" >&2
            exit 1
        fi
        seconds side_by_side
        rows+="$one $two $took"$'\n'
    done
    # Ratios are of times of the same round.
    printf %s "$rows" | awk '{ print $1, $2, $1 / $2, 2 * $1 / $3, $3 / 2 / $2 }' | medians | {
        read -r one two ratio machine part
        printf '| `%s`, %s | %.2f s | %.2f s | %.2f | %.2f | %.2f |\n' \
            "$task" "$range" "$one" "$two" "$ratio" "$machine" "$part"
    }
done
