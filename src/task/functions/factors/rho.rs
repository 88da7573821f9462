//! The prime factors of 64-bit numbers: trial division by small primes, then Pollard's rho in the form of Brent ("An
//! improved Monte Carlo factorization algorithm", BIT 20 (1980)), which takes about 2^16 multiplications at worst.

mod montgomery;

use montgomery::Modulus;

/// Trial divisors: all primes below [`TRIED_BELOW`].
const SMALL: [u64; 54] = [
    2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97,
    101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181, 191, 193,
    197, 199, 211, 223, 227, 229, 233, 239, 241, 251,
];

/// The prime after the last one of [`SMALL`].
const TRIED_BELOW: u64 = 257;

/// How many differences are multiplied before it is looked whether one of them has a factor in common with the number.
const BATCH: u64 = 64;

/// The primes whose product `n` >= 1 is, in ascending order.
pub(super) fn prime_factors(mut n: u64) -> Vec<u64> {
    let mut primes = Vec::new();
    for p in SMALL {
        if p * p > n {
            break;
        }
        while n % p == 0 {
            primes.push(p);
            n /= p;
        }
    }
    // All of its factors are larger than those tried.
    let mut parts = vec![n];
    while let Some(part) = parts.pop() {
        if part == 1 {
            continue;
        }
        if part < TRIED_BELOW * TRIED_BELOW || machine_prime::is_prime(part) {
            primes.push(part);
        } else {
            let factor = proper_factor(part);
            parts.extend([factor, part / factor]);
        }
    }
    primes.sort_unstable();
    primes
}

/// A factor that is neither 1 nor `n`, of an odd composite number.
fn proper_factor(n: u64) -> u64 {
    // One sequence in a few finds all factors at the same time, and none by itself; the next one does other steps.
    (1..n).find_map(|addend| walk(n, addend)).expect("a composite number has a proper factor")
}

/// Goes along y -> y^2 + `addend` modulo `n` until two values are the same modulo a factor. Values are compared with
/// the one at the last power of two, and are those of Montgomery's form, which have the same factors in common with n.
fn walk(n: u64, addend: u64) -> Option<u64> {
    let modulus = Modulus::new(n);
    let step = |y| modulus.add(modulus.multiply(y, y), addend);
    let mut y = 2;
    let mut length = 1_u64;
    loop {
        let fixed = y;
        (0..length).for_each(|_| y = step(y));
        let mut done = 0;
        while done < length {
            let begin = y;
            let mut product = 1;
            let count = BATCH.min(length - done);
            for _ in 0..count {
                y = step(y);
                product = modulus.multiply(product, fixed.abs_diff(y));
            }
            if gcd(product, n) != 1 {
                // Once more, one by one: the first that is not 1 may be a single factor.
                let mut y = begin;
                let found = (0..count).find_map(|_| {
                    y = step(y);
                    Some(gcd(fixed.abs_diff(y), n)).filter(|factor| *factor != 1)
                });
                return found.filter(|factor| *factor != n);
            }
            done += count;
        }
        length *= 2;
    }
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}

#[cfg(test)]
mod tests;
