"""Python's pools doing pmap's work.

pools.py pool|executor WORKERS COUNT CHUNK: squares of 0..COUNT in order, by multiprocessing.Pool or by
concurrent.futures.ProcessPoolExecutor, CHUNK items a message; workers are spawned, as those of pmap are.
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor


def square(n):
    return n * n


def main():
    kind, workers, count, chunk = sys.argv[1], *map(int, sys.argv[2:])
    context = multiprocessing.get_context("spawn")
    if kind == "pool":
        with context.Pool(workers) as pool:
            show(pool.imap(square, range(count), chunksize=chunk))
    else:
        with ProcessPoolExecutor(workers, mp_context=context) as pool:
            show(pool.map(square, range(count), chunksize=chunk))


def show(results):
    sys.stdout.writelines(f"{result}\n" for result in results)


if __name__ == "__main__":
    main()
