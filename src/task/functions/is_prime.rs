//! `is_prime(n)`.
//!
//! Below 2^64 `machine-prime` decides, by a strong test to one or two bases that are looked up. Below 3.3 * 10^24 the
//! strong test to the first 13 prime bases is proven. Beyond it, Baillie-PSW: a strong test to base 2 and a strong
//! Lucas test, both of which no composite number is known to pass though nobody has proven that none does.

mod lucas;

use num_bigint::{BigInt, BigUint};

use super::{Body, Column, Function, kernel_argument};
use crate::task::ItemError;
use crate::task::arithmetic::bits_of_digits;
use crate::value::Number;

/// A prime of so many digits takes some 3 s, which grows with the cube of the digits.
const MAX_DIGITS: u32 = 4_000;

/// The first primes: trial divisors, and bases.
const BASES: [u32; 13] = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41];

/// The smallest composite that passes the strong test to all [`BASES`]. Sorenson and Webster, "Strong pseudoprimes to
/// twelve prime bases", Math. Comp. 86 (2017); OEIS A014233.
const PROVEN_BELOW: u128 = 3_317_044_064_679_887_385_961_981;

pub(super) static FUNCTION: Function = Function {
    name: "is_prime",
    parameters: "n",
    arguments: (1, 1),
    help: "True for a prime, else False",
    example: ("is_prime(2**61 - 1)", "True"),
    body: Body::Number(|arguments| exact(&kernel_argument("is_prime", &arguments[0])?)),
    columns: &[Column::IntToBool(small)],
};

fn small(n: i64) -> Option<i64> {
    // Primes are positive.
    Some(u64::try_from(n).is_ok_and(|n| machine_prime::is_prime(n)).into())
}

fn exact(n: &BigInt) -> Result<Number, ItemError> {
    let Some(n) = n.to_biguint() else {
        return Ok(Number::Bool(false));
    };
    if n.bits() > bits_of_digits(MAX_DIGITS) {
        return Err(ItemError::too_long("is_prime", MAX_DIGITS));
    }
    Ok(Number::Bool(is_prime(&n)))
}

/// Whether `n` is prime, however long it takes.
pub(super) fn is_prime(n: &BigUint) -> bool {
    match u64::try_from(n) {
        Ok(n) => machine_prime::is_prime(n),
        Err(_) => is_large_prime(n),
    }
}

/// Whether `n`, which is at least 2^64, is prime.
fn is_large_prime(n: &BigUint) -> bool {
    if BASES.iter().any(|&divisor| n % divisor == BigUint::ZERO) {
        return false;
    }
    if *n < BigUint::from(PROVEN_BELOW) {
        BASES.iter().all(|&base| passes_strong_test(n, base))
    } else {
        passes_strong_test(n, 2) && lucas::passes_strong_test(n)
    }
}

/// Whether `n`, odd and greater than `base`, is a strong probable prime to `base` (Miller-Rabin): with n - 1 = d * 2^s
/// and d odd, base^d is 1, or base^(d * 2^r) is -1 for some r < s.
fn passes_strong_test(n: &BigUint, base: u32) -> bool {
    let minus_one = n - 1_u32;
    let twos = minus_one.trailing_zeros().unwrap_or_default();
    let mut power = BigUint::from(base).modpow(&(&minus_one >> twos), n);
    if power == BigUint::from(1_u32) || power == minus_one {
        return true;
    }
    for _ in 1..twos {
        power = &power * &power % n;
        if power == minus_one {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests;
