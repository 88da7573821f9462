//! The strong Lucas test with Selfridge's parameters. Baillie and Wagstaff,
//! "Lucas pseudoprimes", Math. Comp. 35 (1980).

use num_bigint::{BigInt, BigUint, Sign};

/// How many candidates for D are tried before asking whether n is a square, for which there is none. Another number
/// needs two on average.
const TRIES_BEFORE_SQUARE: i64 = 20;

/// Whether `n`, odd and larger than every D that is tried, is a strong Lucas probable prime: with
/// n + 1 = d * 2^s and d odd, U(d) is 0, or V(d * 2^r) is 0 for some r < s, modulo n.
pub(super) fn passes_strong_test(n: &BigUint) -> bool {
    let Some(discriminant) = discriminant(n) else {
        return false;
    };
    // P = 1 and D = P^2 - 4Q.
    let q = (1 - discriminant) / 4;
    let modulus = BigInt::from(n.clone());
    let order = n + 1_u32;
    let twos = order.trailing_zeros().unwrap_or_default();
    let odd = &order >> twos;

    // U(k), V(k), Q^k for k = 1, and from there along the bits of d.
    let (mut u, mut v, mut q_power) = (BigInt::from(1), BigInt::from(1), BigInt::from(q));
    for bit in (0..odd.bits() - 1).rev() {
        u = reduce(u * &v, &modulus);
        v = reduce(&v * &v - 2 * &q_power, &modulus);
        q_power = reduce(&q_power * &q_power, &modulus);
        if odd.bit(bit) {
            let next_u = halve(&u + &v, &modulus);
            v = halve(discriminant * u + v, &modulus);
            u = next_u;
            q_power = reduce(q * q_power, &modulus);
        }
    }
    if u == BigInt::ZERO || v == BigInt::ZERO {
        return true;
    }
    for _ in 1..twos {
        v = reduce(&v * &v - 2 * &q_power, &modulus);
        if v == BigInt::ZERO {
            return true;
        }
        q_power = reduce(&q_power * &q_power, &modulus);
    }
    false
}

/// The first of 5, -7, 9, -11, … whose Jacobi symbol over `n` is -1; `None` if one of them shows that `n` is composite
/// before, or `n` is a square.
fn discriminant(n: &BigUint) -> Option<i64> {
    for tries in 0.. {
        let magnitude = 5 + 2 * tries;
        let candidate = if tries % 2 == 0 { magnitude } else { -magnitude };
        match jacobi(candidate, n) {
            -1 => return Some(candidate),
            0 => return None,
            _ => {}
        }
        if tries == TRIES_BEFORE_SQUARE {
            let root = n.sqrt();
            if &root * &root == *n {
                return None;
            }
        }
    }
    None
}

/// The Jacobi symbol of `a`, odd, over `n`, odd and positive: 0 if they have a common factor. By quadratic reciprocity;
/// Cohen, "A Course in Computational Algebraic Number Theory", algorithm 1.4.10.
fn jacobi(a: i64, n: &BigUint) -> i32 {
    let low_bits = n.iter_u64_digits().next().unwrap_or_default();
    let mut sign = 1;
    if a < 0 && low_bits % 4 == 3 {
        sign = -sign;
    }
    // Turned over at once, so that the rest is of the size of `a`.
    let (mut lower, modulus) = (a.unsigned_abs(), n);
    if lower % 4 == 3 && low_bits % 4 == 3 {
        sign = -sign;
    }
    let mut upper = (modulus % lower).iter_u64_digits().next().unwrap_or_default();
    while upper != 0 {
        let twos = upper.trailing_zeros();
        upper >>= twos;
        if twos % 2 == 1 && matches!(lower % 8, 3 | 5) {
            sign = -sign;
        }
        if upper % 4 == 3 && lower % 4 == 3 {
            sign = -sign;
        }
        (upper, lower) = (lower % upper, upper);
    }
    if lower == 1 { sign } else { 0 }
}

/// `value` modulo `modulus`, in `0..modulus`.
fn reduce(value: BigInt, modulus: &BigInt) -> BigInt {
    let remainder = value % modulus;
    if remainder.sign() == Sign::Minus { remainder + modulus } else { remainder }
}

/// Half of `value` modulo `modulus`, which is odd; in `0..modulus`.
fn halve(value: BigInt, modulus: &BigInt) -> BigInt {
    let even = if value.bit(0) { value + modulus } else { value };
    reduce(even >> 1_u8, modulus)
}

#[cfg(test)]
mod tests;
