//! `next_prime(n)`: OEIS A151800, for negative n too.

use num_bigint::{BigInt, BigUint};

use super::{Body, Column, Function, is_prime, kernel_argument};
use crate::task::ItemError;
use crate::task::arithmetic::bits_of_digits;
use crate::value::Number;

/// Of so many digits, about each 690th number is prime, and a test takes some milliseconds.
const MAX_DIGITS: u32 = 300;

pub(super) static FUNCTION: Function = Function {
    name: "next_prime",
    parameters: "n",
    arguments: (1, 1),
    help: "the least prime above n",
    example: ("next_prime(10**18)", "1000000000000000003"),
    body: Body::Number(|arguments| exact(&kernel_argument("next_prime", &arguments[0])?)),
    columns: &[Column::Int(small)],
};

/// `None` where it is beyond `i64`.
fn small(n: i64) -> Option<i64> {
    if n < 2 {
        return Some(2);
    }
    let mut candidate = n.checked_add(1)? | 1;
    while !machine_prime::is_prime(candidate.unsigned_abs()) {
        candidate = candidate.checked_add(2)?;
    }
    Some(candidate)
}

fn exact(n: &BigInt) -> Result<Number, ItemError> {
    if n.bits() > bits_of_digits(MAX_DIGITS) {
        return Err(ItemError::too_long("next_prime", MAX_DIGITS));
    }
    let Some(n) = n.to_biguint().filter(|n| *n >= BigUint::from(2_u32)) else {
        return Ok(Number::Int(2));
    };
    let mut candidate = n + 1_u32;
    candidate.set_bit(0, true);
    while !is_prime::is_prime(&candidate) {
        candidate += 2_u32;
    }
    Ok(Number::from(BigInt::from(candidate)))
}

#[cfg(test)]
mod tests;
