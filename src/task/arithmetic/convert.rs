//! From integers to floats and back.

use num_bigint::{BigInt, BigUint, Sign};

use super::into_big;
use crate::task::ItemError;
use crate::value::Number;

/// Below this magnitude every whole double fits `i128`.
const SMALL: f64 = (1_u128 << 126) as f64;

/// The double nearest to `value`, ties to even.
///
/// # Errors
/// For an integer where that would be infinite.
pub(in crate::task) fn to_float(value: &Number) -> Result<f64, ItemError> {
    match value {
        Number::Bool(value) => Ok(f64::from(u8::from(*value))),
        Number::Int(value) => Ok(*value as f64),
        Number::Float(value) => Ok(*value),
        Number::Big(value) => {
            let nearest = big_to_float(value.magnitude())
                .ok_or(ItemError::overflow("int too large to convert to float"))?;
            Ok(if value.sign() == Sign::Minus { -nearest } else { nearest })
        }
    }
}

/// The double nearest to `value`, ties to even; `None` where that would be infinite.
fn big_to_float(value: &BigUint) -> Option<f64> {
    let shift = value.bits().saturating_sub(64);
    let leading = (value >> shift).iter_u64_digits().next().unwrap_or_default();
    let is_cut = value.trailing_zeros().is_some_and(|zeros| zeros < shift);
    nearest(leading.into(), is_cut, i64::try_from(shift).ok()?)
}

/// `value` as a fraction in 0.5..1, rounded to nearest, and a power of two.
pub(in crate::task) fn fraction_and_exponent(value: &BigUint) -> (f64, u64) {
    let bits = value.bits();
    let shift = bits.saturating_sub(64);
    let leading = (value >> shift).iter_u64_digits().next().unwrap_or_default();
    let is_cut = value.trailing_zeros().is_some_and(|zeros| zeros < shift);
    let length = i64::from(u64::BITS - leading.leading_zeros());
    let fraction = nearest(leading.into(), is_cut, -length).unwrap_or_default();
    if fraction == 1.0 { (0.5, bits + 1) } else { (fraction, bits) }
}

/// The double nearest to (`leading` + a bit) * 2^`exponent`, ties to even, where the bit is in 0..1, and more than 0 if
/// `is_more`. `None` where that would be infinite. If `is_more`, `leading` must have at least 55 bits.
pub(in crate::task) fn nearest(leading: u128, is_more: bool, exponent: i64) -> Option<f64> {
    const PRECISION: i64 = f64::MANTISSA_DIGITS as i64;
    /// Of the last bit of the smallest doubles.
    const LEAST: i64 = f64::MIN_EXP as i64 - PRECISION;
    if leading == 0 {
        return Some(0.0);
    }
    let bits = i64::from(u128::BITS - leading.leading_zeros());
    if bits + exponent > i64::from(f64::MAX_EXP) {
        return None;
    }
    // How many bits go, so that at most 53 stay and the last one is one that a double has.
    let cut = (bits - PRECISION).max(LEAST - exponent).max(0);
    if cut > bits {
        return Some(0.0); // below half of the smallest double
    }
    let kept = leading.checked_shr(cut as u32).unwrap_or(0);
    let rest = if cut == 0 { 0 } else { leading << (i64::from(u128::BITS) - cut) };
    let half = 1_u128 << (u128::BITS - 1);
    let is_up = rest > half || rest == half && (is_more || kept & 1 == 1);
    let significand = (kept + u128::from(is_up)) as u64;
    let scale = exponent + cut;
    // Exact from here on: the significand has at most 53 bits, or is 2^53.
    let mut value = significand as f64;
    let mut left = scale;
    while left != 0 {
        // In steps that no intermediate value can leave the range of.
        let step = left.clamp(-1000, 1000);
        value *= f64::from_bits(((step + 1023) as u64) << 52);
        left -= step;
    }
    value.is_finite().then_some(value)
}

/// The integer that `value` is without its fraction.
///
/// # Errors
/// For infinities and NaN.
pub(in crate::task) fn trunc(value: f64) -> Result<Number, ItemError> {
    if value.is_nan() {
        return Err(ItemError::value("cannot convert float NaN to integer"));
    }
    if value.is_infinite() {
        return Err(ItemError::overflow("cannot convert float infinity to integer"));
    }
    Ok(whole(value.trunc()))
}

/// The integer that `value` is, which is finite and has no fraction.
pub(super) fn whole(value: f64) -> Number {
    debug_assert!(value.is_finite() && value.fract() == 0.0);
    if value.abs() <= SMALL {
        return Number::Int(value as i128);
    }
    // So large a double is its 53-bit significand times a positive power of two (IEEE 754 binary64).
    let bits = value.to_bits();
    let significand = bits & ((1 << 52) - 1) | 1 << 52;
    let shift = (bits >> 52 & 0x7ff) - 1075;
    let magnitude = BigInt::from(significand) << shift;
    Number::from(if value < 0.0 { -magnitude } else { magnitude })
}

/// `value` as an integer without a limit.
///
/// # Errors
/// For a float, whole or not.
pub(in crate::task) fn to_integer(value: &Number) -> Result<BigInt, ItemError> {
    match value {
        Number::Float(_) => Err(ItemError::needs_integer()),
        integer => Ok(into_big(integer.clone())),
    }
}
