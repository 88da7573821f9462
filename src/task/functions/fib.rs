//! `fib(n)`: OEIS A000045, by doubling: F(2k) = F(k) (2 F(k + 1) - F(k)), F(2k + 1) = F(k)^2 + F(k + 1)^2.

use num_bigint::{BigInt, BigUint};

use super::{Body, Column, Function, kernel_argument};
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

/// The largest n whose F(n) fits `i64`.
const LAST_SMALL: u64 = 92;

pub(super) static FUNCTION: Function = Function {
    name: "fib",
    parameters: "n",
    arguments: (1, 1),
    help: "Fibonacci number: 0, 1, and then each the sum of the two before it",
    example: ("fib(100)", "354224848179261915075"),
    body: Body::Number(|arguments| exact(&kernel_argument("fib", &arguments[0])?)),
    columns: &[Column::Int(|n| u64::try_from(n).ok().and_then(small))],
};

/// `None` where it is beyond `i64`.
fn small(n: u64) -> Option<i64> {
    // In unsigned words there is room for the one after the largest, too.
    let (mut this, mut next) = (0_u64, 1_u64);
    for _ in 0..Some(n).filter(|n| *n <= LAST_SMALL)? {
        (this, next) = (next, this + next);
    }
    i64::try_from(this).ok()
}

fn exact(n: &BigInt) -> Result<Number, ItemError> {
    let Some(n) = n.to_biguint() else {
        return Err(ItemError::value("fib needs an integer of at least 0"));
    };
    let n = u64::try_from(&n).unwrap_or(u64::MAX);
    // F(n) is at least phi^(n - 2), and log2(phi) = 0.69424.
    arithmetic::check_bits(n.saturating_sub(2).saturating_mul(69_424) / 100_000)?;
    Ok(Number::from(BigInt::from(by_doubling(n))))
}

fn by_doubling(n: u64) -> BigUint {
    let (mut this, mut next) = (BigUint::ZERO, BigUint::from(1_u32));
    for bit in (0..u64::BITS - n.leading_zeros()).rev() {
        let even = &this * ((&next << 1_u32) - &this);
        let odd = &this * &this + &next * &next;
        (this, next) = if n >> bit & 1 == 0 {
            (even, odd)
        } else {
            let after = even + &odd;
            (odd, after)
        };
    }
    this
}

#[cfg(test)]
mod tests;
