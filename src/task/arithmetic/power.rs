//! `**` and `pow`.

use num_bigint::Sign;

use super::float_square::float_square;
use super::{bit_length, bits_of_digits, check_bits, into_big, to_float, widen};
use crate::sys::math;
use crate::task::ItemError;
use crate::value::Number;

/// Modulus and exponent of so many digits take some 3 s, which grows with the cube of the digits.
const MODULAR_DIGITS: u32 = 4_000;

/// `base ** exponent`.
///
/// # Errors
/// What Python raises; and, where Python gives a complex number, that there is no real one.
pub(in crate::task) fn power(base: Number, exponent: Number) -> Result<Number, ItemError> {
    match (widen(base), widen(exponent)) {
        (base @ (Number::Int(_) | Number::Big(_)), Number::Int(exponent)) if exponent >= 0 => {
            integer_power(base, exponent)
        }
        (base @ (Number::Int(_) | Number::Big(_)), Number::Big(exponent))
            if exponent.sign() == Sign::Plus =>
        {
            match base {
                Number::Int(base @ (0 | 1)) => Ok(Number::Int(base)),
                Number::Int(-1) => Ok(Number::Int(if exponent.bit(0) { -1 } else { 1 })),
                _ => Err(ItemError::result_too_large()),
            }
        }
        (base, exponent) => float_power(to_float(&base)?, to_float(&exponent)?).map(Number::Float),
    }
}

/// `base` is an integer, `exponent` is not negative.
fn integer_power(base: Number, exponent: i128) -> Result<Number, ItemError> {
    match base {
        Number::Int(base @ (0 | 1)) if exponent > 0 => return Ok(Number::Int(base)),
        Number::Int(-1) => return Ok(Number::Int(if exponent % 2 == 0 { 1 } else { -1 })),
        _ => {}
    }
    let exponent = u32::try_from(exponent).map_err(|_| ItemError::result_too_large())?;
    if let Number::Int(base) = base {
        if let Some(result) = base.checked_pow(exponent) {
            return Ok(Number::Int(result));
        }
    }
    // A base of b bits is at least 2^(b - 1).
    check_bits(bit_length(&base).saturating_sub(1) * u64::from(exponent))?;
    Ok(Number::from(into_big(base).pow(exponent)))
}

/// `base ** exponent` of doubles: the C library's `pow` behind CPython's own treatment of special values.
pub(in crate::task) fn float_power(base: f64, exponent: f64) -> Result<f64, ItemError> {
    if exponent == 2.0 {
        let square = float_square(base);
        if !square.is_nan() {
            return Ok(square);
        }
    }
    if base == 0.0 && exponent < 0.0 {
        return Err(ItemError::zero_division("0.0 cannot be raised to a negative power"));
    }
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent != exponent.floor() {
        return Err(ItemError::value("negative number cannot be raised to a fractional power"));
    }
    let result = math::pow(base, exponent);
    if result.is_infinite() && base.is_finite() && exponent.is_finite() {
        return Err(ItemError::overflow("(34, 'Numerical result out of range')"));
    }
    Ok(result)
}

/// `pow(base, exponent, modulus)`.
pub(in crate::task) fn modular_power(
    base: &Number,
    exponent: &Number,
    modulus: &Number,
) -> Result<Number, ItemError> {
    if [base, exponent, modulus].iter().any(|number| matches!(number, Number::Float(_))) {
        return Err(ItemError::Type(
            "pow() 3rd argument not allowed unless all arguments are integers".into(),
        ));
    }
    if let Some(result) = small_modular_power(base, exponent, modulus) {
        return Ok(Number::Int(result));
    }
    let modulus = into_big(modulus.clone());
    if modulus.sign() == Sign::NoSign {
        return Err(ItemError::value("pow() 3rd argument cannot be 0"));
    }
    if bit_length(exponent).max(modulus.bits()) > bits_of_digits(MODULAR_DIGITS) {
        return Err(ItemError::too_long("pow with a modulus", MODULAR_DIGITS));
    }
    if modulus.bits() == 1 {
        return Ok(Number::Int(0));
    }
    let (base, exponent) = (into_big(base.clone()), into_big(exponent.clone()));
    let (base, exponent) = if exponent.sign() == Sign::Minus {
        let inverse = base
            .modinv(&modulus)
            .ok_or(ItemError::value("base is not invertible for the given modulus"))?;
        (inverse, -exponent)
    } else {
        (base, exponent)
    };
    Ok(Number::from(base.modpow(&exponent, &modulus)))
}

/// The same where a product of two remainders fits 128 bits; `None` where it might not, or is no number.
fn small_modular_power(base: &Number, exponent: &Number, modulus: &Number) -> Option<i128> {
    let small = |number: &Number| match number {
        Number::Bool(value) => Some(i64::from(*value)),
        Number::Int(value) => i64::try_from(*value).ok(),
        _ => None,
    };
    let modulus = i128::from(small(modulus)?);
    let mut left = u64::try_from(small(exponent)?).ok()?;
    if modulus == 0 {
        return None;
    }
    let magnitude = modulus.abs();
    let mut factor = i128::from(small(base)?).rem_euclid(magnitude);
    let mut result = 1 % magnitude;
    while left > 0 {
        if left & 1 == 1 {
            result = result * factor % magnitude;
        }
        factor = factor * factor % magnitude;
        left >>= 1;
    }
    // With the sign of the modulus.
    Some(if modulus < 0 && result > 0 { result + modulus } else { result })
}
