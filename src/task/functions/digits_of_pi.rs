//! `digits_of_pi(n)`: the Chudnovskys' series, 14 digits a term, summed by halves:
//! pi = 426880 sqrt(10005) Q / T, where P, Q, T of a range of terms come from those of its halves.

use num_bigint::{BigInt, BigUint};

use super::{Body, Function, kernel_word};
use crate::task::ItemError;
use crate::value::Number;

/// The root and the quotient grow with the square of the digits.
const MAX_DIGITS: u64 = 100_000;

/// Digits that are computed beyond those asked for. The last of them is wrong by rounding, which could only be seen if
/// the others were all nines or all zeros: in the first 10^6 digits of pi no digit comes more than 7 times in a row.
const GUARD: u32 = 20;

pub(super) static FUNCTION: Function = Function {
    name: "digits_of_pi",
    parameters: "n",
    arguments: (1, 1),
    help: "the first n digits of pi as an integer, 3 being the first",
    example: ("digits_of_pi(20)", "31415926535897932384"),
    body: Body::Number(|arguments| {
        let n = kernel_word("digits_of_pi", &arguments[0], 1..=MAX_DIGITS)?;
        u32::try_from(n)
            .map(|n| Number::from(BigInt::from(digits(n))))
            .map_err(|_| ItemError::result_too_large())
    }),
    columns: &[],
};

/// The first `n` digits of pi, for n >= 1.
fn digits(n: u32) -> BigUint {
    let places = n - 1 + GUARD;
    let Sum { quotient, total, .. } = Sum::of(0, u64::from(places) / 14 + 2);
    let root = (BigUint::from(10_005_u32) * BigUint::from(100_u32).pow(places)).sqrt();
    let scaled = quotient * BigInt::from(root) * 426_880_u32 / total;
    // Both are positive.
    scaled.into_parts().1 / BigUint::from(10_u32).pow(GUARD)
}

/// Of a range of terms: their products, and their sum over a common denominator.
struct Sum {
    product: BigInt,
    quotient: BigInt,
    total: BigInt,
}

impl Sum {
    /// Of the terms `from..to`, of which there is at least one.
    fn of(from: u64, to: u64) -> Self {
        if to - from == 1 {
            return Self::term(from);
        }
        let middle = from.midpoint(to);
        let (left, right) = (Self::of(from, middle), Self::of(middle, to));
        Self {
            total: left.total * &right.quotient + &left.product * right.total,
            product: left.product * right.product,
            quotient: left.quotient * right.quotient,
        }
    }

    fn term(k: u64) -> Self {
        /// 640320^3 / 24.
        const CUBE: u64 = 10_939_058_860_032_000;
        let (product, quotient) = if k == 0 {
            (BigInt::from(1), BigInt::from(1))
        } else {
            let product = BigInt::from(6 * k - 5) * (2 * k - 1) * (6 * k - 1);
            (-product, BigInt::from(k).pow(3) * CUBE)
        };
        let total = &product * (13_591_409 + 545_140_134 * k);
        Self { product, quotient, total }
    }
}

#[cfg(test)]
mod tests;
