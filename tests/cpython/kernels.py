"""The numeric jobs of tasks in plain Python, from what the documentation says of them.

Prints its version. Then it reads lines that call them, and prints a line for each: the result.
"""

import hashlib
import math
import sys

MASK = 2**64 - 1


def xoshiro(seed):
    """xoshiro256++, its state from SplitMix64."""
    state = []
    for _ in range(4):
        seed = (seed + 0x9E3779B97F4A7C15) & MASK
        z = seed
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        state.append(z ^ (z >> 31))

    def rotated(x, k):
        return ((x << k) | (x >> (64 - k))) & MASK

    a, b, c, d = state
    while True:
        yield (rotated((a + d) & MASK, 23) + a) & MASK
        t = (b << 17) & MASK
        c ^= a
        d ^= b
        b ^= c
        a ^= d
        c ^= t
        d = rotated(d, 45)


def mandelbrot(row, width, height, max_iter):
    im = 1.2 - 2.4 * (row + 0.5) / height
    values = []
    for pixel in range(width):
        re = -2.0 + 3.0 * (pixel + 0.5) / width
        x = y = 0.0
        steps = 0
        while steps < max_iter and x * x + y * y <= 4.0:
            x, y = x * x - y * y + re, 2.0 * x * y + im
            steps += 1
        values.append(steps)
    return values


def pi_monte_carlo(seed, samples):
    stream = xoshiro(seed)
    count = 0
    for _ in range(samples):
        point = next(stream)
        x, y = point >> 32, point & 0xFFFFFFFF
        count += x * x + y * y < 2**64
    return 4 * count / samples


def integrate(a, b, points):
    a, b = float(a), float(b)
    h = (b - a) / points
    places = (a + (k + 0.5) * h for k in range(points))
    return h * math.fsum(4.0 / (1.0 + x * x) for x in places)


def matmul(n, seed):
    stream = xoshiro(seed)
    a, b = ([[next(stream) >> 56 for _ in range(n)] for _ in range(n)] for _ in range(2))
    columns = list(zip(*b))
    products = (sum(x * y for x, y in zip(row, column)) for row in a for column in columns)
    return sum(product**2 for product in products)


def sort_check(n, seed):
    stream = xoshiro(seed)
    numbers = sorted(next(stream) for _ in range(n))
    return sum((k + 1) * number for k, number in enumerate(numbers)) % 2**64


def sha256_chain(seed, rounds):
    data = seed.to_bytes(8, "big")
    for _ in range(rounds):
        data = hashlib.sha256(data).digest()
    return int.from_bytes(data, "big")


print(f"{sys.version_info.major}.{sys.version_info.minor}", flush=True)
for line in sys.stdin:
    print(repr(eval(line)), flush=True)
