#!/usr/bin/env bash
# Wall times of pmap beside whatever of its rivals is installed, in one run on one machine.
#
#   benches/wall.sh [--quick]     --quick: fewer rounds
#
# Every answer is checked before anything is timed: that of pmap against one computed by other means, byte for byte, and
# the rivals' too. A wrong answer of pmap's (or of its twin's) ends this with status 1; a time never does. Commands take
# turns (A B A B), so that what else the machine does hits all of them; what counts are the ratios:
# pmap/it is the median over the rounds of pmap's time divided by the rival's in the same round.
set -u -o pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit

rounds=7 short_rounds=200
case "${1-}" in
    --quick) rounds=3 short_rounds=30 ;;
    '') ;;
    *) echo "usage: benches/wall.sh [--quick]" >&2; exit 2 ;;
esac

target=${CARGO_TARGET_DIR:-target}
pmap=$target/release/pmap
twin=$target/rivals/release/rivals
stopwatch=$target/rivals/release/stopwatch
rivals=benches/rivals
cores=$(nproc)
# Threads of the twin; pmap has as many workers, and the supervisor beside them.
export RAYON_NUM_THREADS=$cores

has() { command -v "$1" > /dev/null 2>&1; }

build() {
    cargo build --release --quiet --bin pmap &&
        cargo build --release --quiet --manifest-path $rivals/Cargo.toml --target-dir "$target/rivals"
}

# --- What is right ---------------------------------------------------------------------------------------------------

n=10000000
squares_of_all=$target/wall-squares.txt
trap 'rm -f "$squares_of_all"' EXIT

# squares COUNT: the squares of 1 to COUNT, computed without anything of ours.
squares() { head -n "$1" "$squares_of_all"; }
compute_squares() {
    if has python3; then
        python3 $rivals/python/expected.py squares 1 $((n + 1))
    else
        # Squares below 2^53 are exact in awk's doubles.
        awk -v end=$n 'BEGIN { for (n = 1; n <= end; n++) printf "%.0f\n", n * n }'
    fi > "$squares_of_all"
}
# collatz TIMES FROM TO
collatz() {
    if has python3; then
        python3 $rivals/python/expected.py collatz "$@"
    else
        # Too large for awk: then at least another program than the one that is measured.
        "$twin" collatz "$@"
    fi
}

# same COMMAND… -- EXPECTED…: whether COMMAND succeeds and writes exactly what EXPECTED writes.
same() {
    local command=()
    while [ "$1" != -- ]; do command+=("$1"); shift; done
    shift
    cmp -s <("${command[@]}" < /dev/null 2> /dev/null; echo "status $?") <("$@" 2> /dev/null; echo "status $?")
}

# must COMMAND… -- EXPECTED…: ends everything unless they are the same.
must() {
    if ! same "$@"; then
        echo "wall.sh: wrong answer: $*" >&2
        exit 1
    fi
}

# Whether a rival's answer is right; its name is marked if not.
mark() { if same "$@"; then echo ''; else echo ' (its answer is wrong)'; fi; }

# --- Tables ----------------------------------------------------------------------------------------------------------

contestants=()

# add LABEL ITEMS COMMAND…: takes part in the next race; times are given for each of ITEMS.
add() { contestants+=(-- "$@"); }

# race TITLE UNIT ROUNDS: times what was added, pmap first, and prints it. UNIT: ms, us or ns.
race() {
    local title=$1 unit=$2
    printf '\n%s\n' "$title"
    printf '  %-58s %10s %10s %10s %10s %10s\n' '' "median $unit" "min $unit" "max $unit" pmap/it 'of mins'
    "$stopwatch" "$3" "${contestants[@]}" | awk -F '\t' -v unit="$unit" '
        BEGIN { nanos["ms"] = 1e6; nanos["us"] = 1e3; nanos["ns"] = 1; by = nanos[unit] }
        { printf "  %-58s %10.2f %10.2f %10.2f", $1, $2 / by, $3 / by, $4 / by }
        NR > 1 { printf " %10.3f %10.3f", $5, $6 }
        { print "" }'
    contestants=()
}

machine() {
    echo "date      $(date -u +%Y-%m-%d)"
    echo "machine   $(lscpu | sed -n 's/^Model name: *//p'), $cores cores, Linux $(uname -r | cut -d - -f 1)"
    echo "load      $(cut -d ' ' -f 1-3 /proc/loadavg) before the first race"
    local commit
    commit=$(git describe --always --dirty 2> /dev/null) || commit=unknown
    echo "commit    $commit"
    echo "rounds    $rounds, of short runs $short_rounds"
    local rival absent=''
    for rival in xargs parallel mawk python3; do has $rival || absent="$absent $rival"; done
    echo "missing  ${absent:- nothing}"
}

# --- Races -----------------------------------------------------------------------------------------------------------

pools=$rivals/python/pools.py

short_run() {
    local run=("$pmap" --workers 4 --range 1..11)
    must "${run[@]}" -- squares 10
    add 'pmap --workers 4 --range 1..11' 1 "${run[@]}"
    add 'a program that spawns 4 times /bin/true, for scale' 1 "$stopwatch" spawn 4 /bin/true
    add 'the same with pmap --version, which starts no worker' 1 "$stopwatch" spawn 4 "$pmap" --version
    add 'rayon twin (threads, no processes)' 1 "$twin" range 1 11
    race 'Whole process, 4 workers, 10 items (goal: 5 ms)' ms $short_rounds

    add 'pmap --workers 4 --range 1..11' 1 "${run[@]}"
    if has python3; then
        local kind
        for kind in pool executor; do
            add "python3 $kind, spawned$(mark python3 $pools $kind 4 11 1 -- sh -c "echo 0; head -n 10 $squares_of_all")" 1 \
                python3 $pools $kind 4 11 1
        done
    fi
    # xargs has no order, so that there is no answer to compare.
    has xargs && add 'xargs -P 4 expr' 1 sh -c "seq 10 | xargs -P 4 -I {} expr {} '*' {}"
    has parallel && add 'parallel -k -j 4 expr' 1 sh -c "seq 10 | parallel -k -j 4 expr {} '*' {}"
    race 'The same beside other pools' ms $rounds
}

one_item_a_message() {
    local many=1000000
    local run=("$pmap" --workers "$cores" --chunk-size 1 --range 1..$((many + 1)))
    must "${run[@]}" -- squares $many
    add "pmap --chunk-size 1, $many items" $many "${run[@]}"
    if has python3; then
        add 'python3 multiprocessing.Pool imap, 20000 items' 20000 python3 $pools pool "$cores" 20000 1
        add 'python3 ProcessPoolExecutor map, 5000 items' 5000 python3 $pools executor "$cores" 5000 1
    fi
    has xargs && add 'xargs expr, 500 items' 500 sh -c "seq 500 | xargs -P $cores -I {} expr {} '*' {}"
    has parallel && add 'parallel -k expr, 200 items' 200 \
        sh -c "seq 200 | parallel -k -j $cores expr {} '*' {}"
    race "One item a message, $cores workers: time per item (goal: 1.5 us)" us $rounds
}

# Programs that do nothing: what is left is the starting of them.
programs() {
    local many=2000 list=$target/wall-items.txt
    seq $many > "$list"
    must sh -c "$pmap --workers $cores -- echo < $list" -- cat "$list"
    add "pmap -- true, $many items" $many sh -c "$pmap --workers $cores -- true < $list"
    has xargs && add 'xargs -n 1 true' $many sh -c "xargs -P $cores -n 1 true < $list"
    has parallel && add 'parallel -k true, 200 items' 200 \
        sh -c "head -n 200 $list | parallel -k -j $cores true"
    race "A program an item, $cores workers: time per item (goal: 1.2 of xargs)" us $rounds
    rm -f "$list"
}

# One program for many items: each line goes to it and its answer comes back, in order. Beside it, the same program in a plain
# pipe, which is all that it can do; and with blocks of lines, which then fail as a whole.
coprocesses() {
    local many=300000 example=examples/coproc program
    for program in "python3 -u $example/square.py" "mawk -W interactive -f $example/square.awk"; do
        has "${program%% *}" || continue
        must sh -c "$(piped $many "$pmap -w 1 --coproc -- $program")" -- squares $many
        add "seq | pmap -w 1 --coproc -- ${program%% *}" $many sh -c "$(piped $many "$pmap -w 1 --coproc -- $program")"
        add 'the same with --timeout 10s' $many \
            sh -c "$(piped $many "$pmap -w 1 --timeout 10s --coproc -- $program")"
        add 'the same with --retries 0, which gives one line at a time' 30000 \
            sh -c "$(piped 30000 "$pmap -w 1 --retries 0 --coproc -- $program")"
        add "seq | ${program%% *}" $many sh -c "$(piped $many "$program")"
        has parallel && add "seq | parallel -k --pipe -j 1 ${program%% *}$(mark \
            sh -c "$(piped $many "parallel -k --pipe -j 1 '$program'")" -- squares $many)" $many \
            sh -c "$(piped $many "parallel -k --pipe -j 1 '$program'")"
        race "One program for $many lines, 1 worker: time per line (goal: 10 us)" us $rounds
    done
    must sh -c "$(piped 3000000 "$pmap -w 1 --coproc -- cat")" -- seq 3000000
    add 'seq | pmap -w 1 --coproc -- cat' 3000000 sh -c "$(piped 3000000 "$pmap -w 1 --coproc -- cat")"
    add 'seq | cat' 3000000 sh -c "$(piped 3000000 cat)"
    race 'cat, 3000000 lines: time per line' ns $rounds
}

# piped COUNT COMMAND: a shell's text that gives COUNT lines to COMMAND.
piped() { echo "seq $1 | $2"; }

lines() {
    local pmap_of_lines="$pmap --workers $cores" program tenth=$((n / 10))
    must sh -c "$(piped $n "$pmap_of_lines")" -- squares $n
    must sh -c "$(piped $n "$twin stdin")" -- squares $n
    # The shell and seq are part of all of the times.
    add 'seq | pmap' $n sh -c "$(piped $n "$pmap_of_lines")"
    add 'seq alone' $n seq $n
    add 'seq | rayon twin (reads all before it begins)' $n sh -c "$(piped $n "$twin stdin")"
    race "seq $n | pmap > /dev/null: time per line (goal: 25 ns)" ns $rounds

    add 'seq | pmap' $n sh -c "$(piped $n "$pmap_of_lines")"
    if has mawk; then
        for program in '{print $1*$1}' '{printf "%.0f\n", $1*$1}'; do
            program="mawk '$program'"
            add "seq | $program$(mark sh -c "$(piped 100000 "$program")" -- squares 100000)" $n \
                sh -c "$(piped $n "$program")"
        done
    fi
    if has python3; then
        program="python3 -c 'import sys
for line in sys.stdin: print(int(line) ** 2)'"
        add "seq | python3, $tenth lines$(mark sh -c "$(piped 1000 "$program")" -- squares 1000)" $tenth \
            sh -c "$(piped $tenth "$program")"
    fi
    race 'The same beside languages (goal: a fifteenth of mawk, 0.067)' ns 3
}

ranges() {
    local run=("$pmap" --workers "$cores" --range 1..$((n + 1)))
    must "${run[@]}" -- squares $n
    must "$twin" range 1 $((n + 1)) -- squares $n
    add 'pmap --range' $n "${run[@]}"
    add 'rayon twin (formats in parallel too)' $n "$twin" range 1 $((n + 1))
    race "$n squares of a range, printed: time per item" ns $rounds
}

# What rayon itself makes of this machine: an item of a microsecond costs a share of it if cores are free.
machine_check() {
    add "rayon twin, items of 1 us on $cores threads" 500000 "$twin" busy 1000 500000
    add 'one thread' 500000 env RAYON_NUM_THREADS=1 "$twin" busy 1000 500000
    race "Is the machine free? 500000 items of 1 us: time per item, 1 / $cores us if it is" us $rounds
}

# work TIMES COUNT: items whose cost is TIMES walks of the 3n + 1 problem, some 0.18 us each. No walk from
# there leaves u64, which would be another matter than scheduling.
work() {
    local times=$1 from=1000000000000 to task
    to=$((from + $2))
    task=$(printf '+collatz%.0s' $(seq "$times"))
    task=${task#+}
    must "$pmap" --workers "$cores" --range $from..$((from + 2000)) "$task" -- collatz "$times" $from $((from + 2000))
    must "$pmap" --workers "$cores" --range $from..$to "$task" -- "$twin" collatz "$times" $from $to
    add "pmap, $times collatz an item" "$2" "$pmap" --workers "$cores" --range $from..$to "$task"
    add 'rayon twin, the same walks' "$2" "$twin" collatz "$times" $from $to
    race "$2 items of $times walks of the 3n + 1 problem, $cores workers: time per item (goal: 1.05)" us $rounds
}

build || { echo 'wall.sh: the build failed' >&2; exit 1; }
machine
compute_squares
machine_check
short_run
one_item_a_message
programs
coprocesses
lines
ranges
work 6 2000000
work 60 200000
