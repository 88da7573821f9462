//! `+`, `-`, `*` and the signs.

use num_bigint::BigInt;

use super::{Met, bit_length, check_bits, into_big, widen};
use crate::task::ItemError;
use crate::value::Number;

/// `-value`.
pub(in crate::task) fn negate(value: Number) -> Number {
    match widen(value) {
        Number::Float(value) => Number::Float(-value),
        Number::Int(value) => match value.checked_neg() {
            Some(negated) => Number::Int(negated),
            None => Number::from(-BigInt::from(value)),
        },
        value => Number::from(-into_big(value)),
    }
}

/// `a + b`.
pub(in crate::task) fn add(a: Number, b: Number) -> Result<Number, ItemError> {
    combine(a, b, i128::checked_add, |a, b| a + b, |a, b| a + b)
}

/// `a - b`.
pub(in crate::task) fn subtract(a: Number, b: Number) -> Result<Number, ItemError> {
    combine(a, b, i128::checked_sub, |a, b| a - b, |a, b| a - b)
}

/// `a * b`.
pub(in crate::task) fn multiply(a: Number, b: Number) -> Result<Number, ItemError> {
    if let (Number::Big(_), _) | (_, Number::Big(_)) = (&a, &b) {
        // Factors of that many bits have a product of one bit less at least.
        check_bits((bit_length(&a) + bit_length(&b)).saturating_sub(1))?;
    }
    combine(a, b, i128::checked_mul, |a, b| a * b, |a, b| a * b)
}

#[inline]
fn combine(
    a: Number,
    b: Number,
    small: fn(i128, i128) -> Option<i128>,
    big: fn(BigInt, BigInt) -> BigInt,
    float: fn(f64, f64) -> f64,
) -> Result<Number, ItemError> {
    // Nearly all there is.
    if let (Number::Int(a), Number::Int(b)) = (&a, &b) {
        if let Some(result) = small(*a, *b) {
            return Ok(Number::Int(result));
        }
    }
    Ok(match Met::of(a, b)? {
        Met::Small(a, b) => match small(a, b) {
            Some(result) => Number::Int(result),
            None => Number::from(big(a.into(), b.into())),
        },
        Met::Big(a, b) => Number::from(big(a, b)),
        Met::Float(a, b) => Number::Float(float(a, b)),
    })
}
