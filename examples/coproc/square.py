"""The square of each item, which is a line with a number: a coprocess in Python.

    seq 5 | pmap --coproc -- python3 -u examples/coproc/square.py

It is started once for each worker, so that what is loaded or computed before the loop is there for all items. Each line
that it reads it answers with exactly one line, at once: -u keeps Python from holding answers back until there are some
thousand bytes of them, and so does flush=True. Whatever else there is to say goes to standard error.
"""

import sys

# What takes its time, such as a model, is loaded here.

for line in sys.stdin:
    print(int(line) ** 2, flush=True)

# There are no more items.
print("square.py: done", file=sys.stderr)
