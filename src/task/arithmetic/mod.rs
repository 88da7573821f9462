//! Python's arithmetic on [`Number`]s: integers exact, first in `i128` and beyond it as big integers; an integer that
//! meets a float becomes one; a `bool` counts as 0 or 1.
//!
//! Each function is one operator of the language and raises what CPython 3.11 raises, as an [`ItemError`].

mod bits;
mod compare;
mod convert;
mod divide;
mod float_square;
mod power;
mod sum;

use num_bigint::BigInt;

use super::{ItemError, MAX_RESULT_DIGITS};
use crate::value::Number;

pub(super) use bits::{and, invert, or, shift_left, shift_right, xor};
pub(super) use compare::{Comparison, compare};
pub(super) use convert::{fraction_and_exponent, nearest, to_float, to_integer, trunc};
pub(super) use divide::{divide, divmod, float_divmod, float_remainder, floor_divide, remainder};
pub(super) use float_square::float_square;
pub(super) use power::{float_power, modular_power, power};
pub(super) use sum::{add, multiply, negate, subtract};

/// The bits that [`MAX_RESULT_DIGITS`] digits can have.
pub(super) const MAX_RESULT_BITS: u64 = bits_of_digits(MAX_RESULT_DIGITS);

/// The most bits that an integer of so many decimal digits can have; one of more bits has more digits. The limits of
/// integers are put in digits for people, and compared in bits, which costs nothing.
pub(super) const fn bits_of_digits(digits: u32) -> u64 {
    // log2(10) = 3.321928...
    (digits as u64 * 3_321_929).div_ceil(1_000_000)
}

pub(super) fn check_bits(bits: u64) -> Result<(), ItemError> {
    if bits > MAX_RESULT_BITS { Err(ItemError::result_too_large()) } else { Ok(()) }
}

/// `value`, or the integer it counts as.
pub(super) fn widen(value: Number) -> Number {
    match value {
        Number::Bool(value) => Number::Int(value.into()),
        other => other,
    }
}

/// The same integer, without a limit.
///
/// # Panics
/// For a float.
pub(super) fn into_big(value: Number) -> BigInt {
    match value {
        Number::Bool(value) => BigInt::from(u8::from(value)),
        Number::Int(value) => BigInt::from(value),
        Number::Big(value) => value,
        Number::Float(_) => unreachable!("floats are dealt with before big integers"),
    }
}

/// The bits of an integer's magnitude; 0 for a float.
pub(super) fn bit_length(value: &Number) -> u64 {
    match value {
        Number::Bool(value) => u64::from(*value),
        Number::Int(value) => u64::from(u128::BITS - value.unsigned_abs().leading_zeros()),
        Number::Big(value) => value.bits(),
        Number::Float(_) => 0,
    }
}

/// Two numbers that meet in an operation, as the type that it is carried out in.
enum Met {
    Small(i128, i128),
    /// At least one of them is beyond `i128`.
    Big(BigInt, BigInt),
    Float(f64, f64),
}

impl Met {
    /// # Errors
    /// An integer that meets a float and is beyond the range of a double.
    fn of(a: Number, b: Number) -> Result<Self, ItemError> {
        Ok(match (widen(a), widen(b)) {
            (Number::Int(a), Number::Int(b)) => Self::Small(a, b),
            (Number::Float(a), Number::Float(b)) => Self::Float(a, b),
            (Number::Float(a), b) => Self::Float(a, to_float(&b)?),
            (a, Number::Float(b)) => Self::Float(to_float(&a)?, b),
            (a, b) => Self::Big(into_big(a), into_big(b)),
        })
    }
}

/// `int`, `float` or `bool`, as Python names them.
pub(super) fn type_name(value: &Number) -> &'static str {
    match value {
        Number::Bool(_) => "bool",
        Number::Int(_) | Number::Big(_) => "int",
        Number::Float(_) => "float",
    }
}

#[cfg(test)]
mod tests;
