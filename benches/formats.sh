#!/usr/bin/env bash
# How many megabytes a second go through a whole run from file to file: lines of text, raw numbers, and arrays beside
# NumPy, as a table. The processor time tells, on a machine that others use, too, what a free one could do.
#
#   benches/formats.sh [--quick]     --quick: one round
#
# Every answer is checked before anything is timed, against one that was computed by other means, byte for byte; a wrong one
# ends this with status 1, a time never does. Commands take turns. All files are in a folder of $TMPDIR: where that is in
# memory (/dev/shm), no disk is measured. MB/s are 10^6 bytes of *input* in the median time.
set -u -o pipefail
export LC_ALL=C
cd "$(dirname "$0")/.." || exit

rounds=7
case "${1-}" in
    --quick) rounds=1 ;;
    '') ;;
    *) echo "usage: benches/formats.sh [--quick]" >&2; exit 2 ;;
esac

cargo build --release --quiet --bin pmap || exit
pmap=$PWD/${CARGO_TARGET_DIR:-target}/release/pmap
folder=$(mktemp -d) || exit
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit

n=20000000
seq "$n" > lines
awk -v end=$n 'BEGIN { for (n = 1; n <= end; n++) printf "%.0f\n", n * n }' > squares
has_numpy=$(python3 -c 'import numpy; print("yes")' 2> /dev/null)
if [ "$has_numpy" ]; then
    python3 - $n <<'END' || exit
import sys, numpy as np
a = np.arange(1, int(sys.argv[1]) + 1, dtype='<i8')
np.save('a.npy', a)
np.save('squares.npy', a**2)
a.tofile('a.i64')
(a**2).tofile('squares.i64')
END
fi

text() { "$pmap" -w 2 -a lines 'n**2' -o out; }
raw() { "$pmap" -w 2 -a a.i64 --input-format i64le --format i64le 'n**2' -o out; }
arrays() { "$pmap" -w 2 -a a.npy --input-format npy --format npy 'n**2' -o out; }
# The time of a whole run, as above, and that of the work alone.
numpy_run() { python3 -c 'import numpy as np; np.save(open("out", "wb"), np.load("a.npy")**2)'; }
numpy_alone() {
    python3 -c '
import time, numpy as np
start = time.perf_counter()
np.save(open("out", "wb"), np.load("a.npy")**2)
print(time.perf_counter() - start)'
}

# must NAME WANT: whether its answer is right.
must() {
    rm -f out
    "$1" > /dev/null
    if ! cmp -s out "$2"; then
        echo "formats.sh: wrong answer: $1" >&2
        exit 1
    fi
}

# seconds NAME: how long it takes to write a file anew, and the processor time; of one that says how long it took, that.
seconds() {
    rm -f out
    local TIMEFORMAT='%R %U %S'
    { time "$1" > said 2> /dev/null; } 2> took
    awk -v said="$(cat said)" '{ print said == "" ? $1 : said, $2 + $3 }' took
}

# median COLUMN FILE
median() { sort -g -k "$1,$1" "$2" | awk -v at="$1" '{ all[NR] = $at } END { print all[int((NR + 1) / 2)] }'; }

names=(text) inputs=(lines) labels=("pmap -w 2 -a lines 'n**2' -o out")
must text squares
if [ "$has_numpy" ]; then
    names+=(raw arrays numpy_run numpy_alone)
    inputs+=(a.i64 a.npy a.npy a.npy)
    labels+=('the same of i64le, to i64le' 'the same of npy, to npy' 'python3: np.save(np.load(a)**2)'
        'the same without the start of Python')
    must raw squares.i64
    for name in arrays numpy_run numpy_alone; do must $name squares.npy; done
fi

for ((round = 0; round < rounds; round++)); do
    for name in "${names[@]}"; do seconds "$name" >> "times.$name"; done
done
echo "date      $(date -u +%Y-%m-%d)"
echo "machine   $(lscpu | sed -n 's/^Model name: *//p'), $(nproc) cores, Linux $(uname -r | cut -d - -f 1)"
echo "load      $(cut -d ' ' -f 1-3 /proc/loadavg) at the end, this included"
echo "numbers   $n, rounds $rounds, in $(df --output=fstype . | tail -n 1)"
printf '\n  %-42s %10s %14s %12s\n' '' 'median s' 'MB/s of input' 'processor s'
for at in "${!names[@]}"; do
    times=times.${names[at]}
    awk -v label="${labels[at]}" -v time="$(median 1 "$times")" -v cores="$(median 2 "$times")" \
        -v bytes="$(stat -c %s "${inputs[at]}")" \
        'BEGIN { printf "  %-42s %10.3f %14.0f %12.3f\n", label, time, bytes / time / 1e6, cores }'
done
