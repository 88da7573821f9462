"""Says what CPython makes of tasks.

Prints its version. Then it reads lines of a task and its items, separated by tabs, and prints a line for
each item: the result or the error.
"""

import math
import sys
from math import *

pow = __builtins__.pow  # not math's
if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


# pmap's own functions, as plainly as can be.
def integer(name, n):
    if isinstance(n, float):
        raise TypeError(f"{name} needs an integer, not {n!r}")
    return n


def square(n):
    return integer("square", n) ** 2


def cube(n):
    return integer("cube", n) ** 3


BASES = [p for p in range(2, 200) if all(p % q for q in range(2, p))]


def is_prime(n):
    integer("is_prime", n)
    if n < 2:
        return False
    for p in BASES:
        if n % p == 0:
            return n == p
    s = ((n - 1) & (1 - n)).bit_length() - 1

    def passes(base):
        y = pow(base, (n - 1) >> s, n)
        if y == 1:
            return True
        for _ in range(s):
            if y == n - 1:
                return True
            y = y * y % n
        return False

    return all(passes(p) for p in BASES)


def collatz(n):
    if integer("collatz", n) < 1:
        raise ValueError("collatz needs an integer of at least 1")
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps


def answer(code, n, i):
    try:
        result = eval(code, globals(), {"n": n, "x": n, "i": i})
        return "complex" if isinstance(result, complex) else repr(result)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


print(f"{sys.version_info.major}.{sys.version_info.minor}", flush=True)
for line in sys.stdin:
    task, *items = line.rstrip("\n").split("\t")
    try:
        code = compile(task, "task", "eval")
    except Exception as error:
        for _ in items:
            print(f"no task: {error}")
        continue
    for i, item in enumerate(items):
        kind, text = item[0], item[1:]
        if kind == "-":
            continue
        print(answer(code, int(text) if kind == "i" else float(text), i))
    sys.stdout.flush()
