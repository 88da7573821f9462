//! Python's arithmetic on [`Number`]s: integers exact, first in `i128` and beyond it as big integers; an integer that
//! meets a float becomes one; a `bool` counts as 0 or 1.

use num_bigint::{BigInt, BigUint, Sign};

use super::{ItemError, MAX_RESULT_DIGITS};
use crate::value::Number;

/// The bits that [`MAX_RESULT_DIGITS`] digits can have.
const MAX_RESULT_BITS: u64 = bits_of_digits(MAX_RESULT_DIGITS);

/// The most bits that an integer of so many decimal digits can have; one of more bits has more digits. The limits of
/// integers are put in digits for people, and compared in bits, which costs nothing.
pub(super) const fn bits_of_digits(digits: u32) -> u64 {
    // log2(10) = 3.321928...
    (digits as u64 * 3_321_929).div_ceil(1_000_000)
}

/// `value`, or the integer it counts as.
pub(super) fn widen(value: Number) -> Number {
    match value {
        Number::Bool(value) => Number::Int(value.into()),
        other => other,
    }
}

/// `-value`.
pub(super) fn negate(value: Number) -> Number {
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
pub(super) fn add(a: Number, b: Number) -> Result<Number, ItemError> {
    combine(a, b, i128::checked_add, |a, b| a + b, |a, b| a + b)
}

/// `a - b`.
pub(super) fn subtract(a: Number, b: Number) -> Result<Number, ItemError> {
    combine(a, b, i128::checked_sub, |a, b| a - b, |a, b| a - b)
}

/// `factor * b`.
pub(super) fn multiply(factor: &BigInt, b: Number) -> Result<Number, ItemError> {
    if let Number::Big(b) = &b {
        check_bits(factor.bits() + b.bits())?;
    }
    combine(Number::from(factor.clone()), b, i128::checked_mul, |a, b| a * b, |a, b| a * b)
}

fn combine(
    a: Number,
    b: Number,
    small: fn(i128, i128) -> Option<i128>,
    big: fn(BigInt, BigInt) -> BigInt,
    float: fn(f64, f64) -> f64,
) -> Result<Number, ItemError> {
    match (widen(a), widen(b)) {
        (Number::Int(a), Number::Int(b)) => Ok(match small(a, b) {
            Some(result) => Number::Int(result),
            None => Number::from(big(a.into(), b.into())),
        }),
        (Number::Float(a), b) => Ok(Number::Float(float(a, to_float(&b)?))),
        (a, Number::Float(b)) => Ok(Number::Float(float(to_float(&a)?, b))),
        (a, b) => Ok(Number::from(big(into_big(a), into_big(b)))),
    }
}

/// `base**exponent`.
///
/// # Errors
/// [`ItemError::FloatOverflow`] where a finite float's power is infinite, [`ItemError::ResultTooLarge`].
pub(super) fn power(base: &Number, exponent: u32) -> Result<Number, ItemError> {
    match base {
        Number::Bool(base) => Ok(Number::Int(i128::from(*base).pow(exponent))),
        Number::Int(base) => match base.checked_pow(exponent) {
            Some(result) => Ok(Number::Int(result)),
            None => big_power(&BigInt::from(*base), exponent),
        },
        Number::Big(base) => big_power(base, exponent),
        Number::Float(base) => {
            // `pow` of the C library, as in CPython; `powi` rounds at every multiplication.
            let result = base.powf(exponent.into());
            if result.is_infinite() && base.is_finite() {
                return Err(ItemError::FloatOverflow);
            }
            Ok(Number::Float(result))
        }
    }
}

fn big_power(base: &BigInt, exponent: u32) -> Result<Number, ItemError> {
    // A base of b bits is at least 2^(b - 1).
    check_bits((base.bits() - 1) * u64::from(exponent))?;
    Ok(Number::from(base.pow(exponent)))
}

fn check_bits(bits: u64) -> Result<(), ItemError> {
    if bits > MAX_RESULT_BITS { Err(ItemError::ResultTooLarge) } else { Ok(()) }
}

/// `a % modulus`, which has the sign of the modulus: Python's remainder belongs to a quotient that is rounded down.
///
/// `modulus` is an integer and not zero.
pub(super) fn remainder(a: &Number, modulus: &Number) -> Result<Number, ItemError> {
    match (widen(a.clone()), modulus) {
        (Number::Float(a), modulus) => {
            let modulus = to_float(modulus)?;
            // `%` is exact, as C's `fmod`. A zero takes the modulus' sign, which no comparison can tell.
            let remainder = a % modulus;
            let adjust = remainder != 0.0 && (remainder < 0.0) != (modulus < 0.0);
            Ok(Number::Float(if adjust { remainder + modulus } else { remainder }))
        }
        // Only `i128::MIN % -1` overflows.
        (Number::Int(a), Number::Int(modulus)) => {
            let remainder = a.checked_rem(*modulus).unwrap_or(0);
            let adjust = remainder != 0 && (remainder < 0) != (*modulus < 0);
            Ok(Number::Int(if adjust { remainder + modulus } else { remainder }))
        }
        (a, modulus) => {
            let modulus = into_big(modulus.clone());
            let remainder = into_big(a) % &modulus;
            let adjust = remainder.sign() != Sign::NoSign && remainder.sign() != modulus.sign();
            Ok(Number::from(if adjust { remainder + modulus } else { remainder }))
        }
    }
}

/// `a == b`, where `b` is an integer. Between float and integer the values are compared, with nothing rounded.
pub(super) fn equal(a: &Number, b: &Number) -> bool {
    match a {
        Number::Float(a) => exact_integer(*a).is_some_and(|a| a == *b),
        a => widen(a.clone()) == *b,
    }
}

/// The integer that `value` is, if it is one.
fn exact_integer(value: f64) -> Option<Number> {
    /// Up to here a conversion to `i128` is exact.
    const SMALL: f64 = (1_u128 << 126) as f64;
    if !value.is_finite() || value.fract() != 0.0 {
        return None;
    }
    if value.abs() <= SMALL {
        return Some(Number::Int(value as i128));
    }
    // So large a double is its 53-bit significand times a positive power of two (IEEE 754 binary64).
    let bits = value.to_bits();
    let significand = bits & ((1 << 52) - 1) | 1 << 52;
    let shift = (bits >> 52 & 0x7ff) - 1075;
    let magnitude = BigInt::from(significand) << shift;
    Some(Number::from(if value < 0.0 { -magnitude } else { magnitude }))
}

/// The double nearest to `value`, ties to even.
///
/// # Errors
/// [`ItemError::IntTooLargeForFloat`] where that would be infinite.
fn to_float(value: &Number) -> Result<f64, ItemError> {
    match value {
        Number::Bool(value) => Ok(f64::from(u8::from(*value))),
        Number::Int(value) => Ok(*value as f64),
        Number::Float(value) => Ok(*value),
        Number::Big(value) => {
            let nearest = big_to_float(value.magnitude()).ok_or(ItemError::IntTooLargeForFloat)?;
            Ok(if value.sign() == Sign::Minus { -nearest } else { nearest })
        }
    }
}

/// The double nearest to `value`, ties to even; `None` where that would be infinite. `value` has more than 64 bits.
fn big_to_float(value: &BigUint) -> Option<f64> {
    let shift = value.bits() - 64;
    if shift > 1024 - 64 {
        return None;
    }
    // 64 bits are eleven more than a double keeps, so the last can stand for all that are cut off: whether the value
    // lies above, on or below the middle of two doubles stays the same.
    let leading = (value >> shift).iter_u64_digits().next().unwrap_or_default();
    let cut = value.trailing_zeros().is_some_and(|zeros| zeros < shift);
    let nearest = (leading | u64::from(cut)) as f64 * 2_f64.powi(shift as i32);
    nearest.is_finite().then_some(nearest)
}

pub(super) fn into_big(value: Number) -> BigInt {
    match value {
        Number::Bool(value) => BigInt::from(u8::from(value)),
        Number::Int(value) => BigInt::from(value),
        Number::Big(value) => value,
        Number::Float(_) => unreachable!("floats never meet big integers unconverted"),
    }
}

#[cfg(test)]
mod tests;
