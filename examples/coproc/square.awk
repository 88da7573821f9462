# The square of each item, which is a line with a number: a coprocess in awk.
#
#     seq 5 | pmap --coproc -- awk -f examples/coproc/square.awk
#     seq 5 | pmap --coproc -- mawk -W interactive -f examples/coproc/square.awk
#
# Each line that it reads it answers with exactly one line, at once: fflush() keeps awk from holding answers back until
# there are some thousand bytes of them. mawk also waits for some thousand bytes before it looks at the first line, unless it
# is told to be interactive.

{
    printf "%.0f\n", $1 * $1
    fflush()
}

END {
    print "square.awk: " NR " lines" > "/dev/stderr"
}
