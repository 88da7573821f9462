"""Says what CPython makes of lists of numbers.

Prints its version. Then it reads lines of a reduction and numbers, separated by tabs, and prints a line for each: the
result or the error. Sums and means with floats in them are those of fractions, rounded once.
"""

import math
import sys
from fractions import Fraction

if hasattr(sys, "set_int_max_str_digits"):
    sys.set_int_max_str_digits(0)


def total(numbers):
    """Their exact sum, or that of the infinities and nans among them."""
    floats = [number for number in numbers if isinstance(number, float)]
    if not all(math.isfinite(number) for number in floats):
        # Without the finite ones, which could only overflow.
        return math.fsum(number for number in floats if not math.isfinite(number))
    exact = sum(map(Fraction, numbers), Fraction(0))
    if len(floats) == len(numbers):
        try:
            assert float(exact) == math.fsum(floats)
        except OverflowError:
            pass  # on the way, or at the end
    return exact


def reduce_sum(numbers):
    if not any(isinstance(number, float) for number in numbers):
        return sum(numbers)
    try:
        return float(total(numbers))
    except OverflowError:
        raise OverflowError("intermediate overflow in fsum") from None


def reduce_mean(numbers):
    if not numbers:
        raise ValueError("mean requires at least one data point")
    exact = total(numbers)
    return float(exact / len(numbers)) if isinstance(exact, Fraction) else exact


REDUCTIONS = {"sum": reduce_sum, "mean": reduce_mean, "min": min, "max": max, "count": len}


def number(text):
    if text in ("True", "False"):
        return text == "True"
    return int(text) if text.lstrip("-").isdigit() else float(text)


print(f"{sys.version_info.major}.{sys.version_info.minor}", flush=True)
for line in sys.stdin:
    name, *texts = line.rstrip("\n").split("\t")
    try:
        print(repr(REDUCTIONS[name]([number(text) for text in texts])))
    except Exception as error:
        print(f"{type(error).__name__}: {error}")
    sys.stdout.flush()
