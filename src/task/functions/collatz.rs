//! `collatz(n)`: how often n is to be halved where even, and replaced by 3n + 1 where odd, until it is 1. OEIS A006577
//! for n >= 1. That it always gets there is a conjecture, proven for every n that this could be asked about in earnest
//! (below 2^71, Barina 2025) and not beyond.

use num_bigint::{BigInt, BigUint};

use super::{Body, Column, Function, kernel_argument};
use crate::task::ItemError;
use crate::task::arithmetic::bits_of_digits;
use crate::value::Number;

/// So many digits take some 1.5 s; the steps grow with the digits, and the cost of each of them too.
const MAX_DIGITS: u32 = 100_000;

pub(super) static FUNCTION: Function = Function {
    name: "collatz",
    parameters: "n",
    arguments: (1, 1),
    help: "steps of the 3n + 1 problem from n to 1",
    example: ("collatz(27)", "111"),
    body: Body::Number(|arguments| exact(&kernel_argument("collatz", &arguments[0])?)),
    columns: &[Column::Int(small)],
};

/// `None` for n < 1 and where the way leads beyond `u64`.
fn small(n: i64) -> Option<i64> {
    if n < 1 {
        return None;
    }
    let mut n = n.unsigned_abs();
    // All halvings in a row at a time.
    let mut steps = i64::from(n.trailing_zeros());
    n >>= n.trailing_zeros();
    while n != 1 {
        n = n.checked_mul(3)?.checked_add(1)?;
        let halvings = n.trailing_zeros();
        n >>= halvings;
        steps += 1 + i64::from(halvings);
    }
    Some(steps)
}

fn exact(n: &BigInt) -> Result<Number, ItemError> {
    if *n < BigInt::from(1) {
        return Err(ItemError::value("collatz needs an integer of at least 1"));
    }
    if n.bits() > bits_of_digits(MAX_DIGITS) {
        return Err(ItemError::too_long("collatz", MAX_DIGITS));
    }
    let mut n: BigUint = n.magnitude().clone();
    let mut steps = 0_u64;
    loop {
        let halvings = n.trailing_zeros().unwrap_or(0);
        n >>= halvings;
        steps += halvings;
        // Back in the machine's range, the rest goes fast unless it leaves it once more.
        if let Some(rest) = i64::try_from(&n).ok().and_then(small) {
            return Ok(Number::Int(i128::from(steps) + i128::from(rest)));
        }
        n *= 3_u32;
        n += 1_u32;
        steps += 1;
    }
}

#[cfg(test)]
mod tests;
