"""What is right, computed without pmap.

expected.py squares FROM TO            squares of FROM..TO
expected.py collatz TIMES FROM TO      TIMES times the steps of the 3n + 1 problem, of FROM..TO
"""

import sys


def collatz(n):
    steps = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        steps += 1
    return steps


def main():
    what, *numbers = sys.argv[1:]
    *times, start, stop = map(int, numbers)
    task = (lambda n: n * n) if what == "squares" else (lambda n: times[0] * collatz(n))
    sys.stdout.writelines(f"{task(n)}\n" for n in range(start, stop))


if __name__ == "__main__":
    main()
