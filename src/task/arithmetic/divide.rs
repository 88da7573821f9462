//! `/`, `//`, `%` and `divmod`: quotients of integers rounded once, remainders with the sign of the divisor.

use num_bigint::{BigInt, BigUint, Sign};

use super::convert::nearest;
use super::{Met, into_big, widen};
use crate::task::ItemError;
use crate::value::Number;

/// `a / b`.
pub(in crate::task) fn divide(a: Number, b: Number) -> Result<Number, ItemError> {
    /// Up to here integers are doubles, and their quotient is rounded once, by the division.
    const EXACT: u128 = 1 << f64::MANTISSA_DIGITS;
    let (a, b) = match (widen(a), widen(b)) {
        (Number::Int(a), Number::Int(b))
            if a.unsigned_abs() <= EXACT && b.unsigned_abs() <= EXACT =>
        {
            if b == 0 {
                return Err(ItemError::zero_division("division by zero"));
            }
            return Ok(Number::Float(a as f64 / b as f64));
        }
        (a, b) if !matches!((&a, &b), (Number::Float(_), _) | (_, Number::Float(_))) => {
            return rounded_quotient(&into_big(a), &into_big(b)).map(Number::Float);
        }
        floats => floats,
    };
    match Met::of(a, b)? {
        Met::Float(_, 0.0) => Err(ItemError::zero_division("float division by zero")),
        Met::Float(a, b) => Ok(Number::Float(a / b)),
        Met::Small(..) | Met::Big(..) => unreachable!("integers are divided above"),
    }
}

/// The double nearest to `a / b`, ties to even.
fn rounded_quotient(a: &BigInt, b: &BigInt) -> Result<f64, ItemError> {
    if b.sign() == Sign::NoSign {
        return Err(ItemError::zero_division("division by zero"));
    }
    let magnitude = if a.sign() == Sign::NoSign {
        0.0
    } else {
        quotient_of_magnitudes(a.magnitude(), b.magnitude())
            .ok_or(ItemError::overflow("integer division result too large for a float"))?
    };
    // Python gives -0.0 for 0 / -5, too.
    let is_negative = (a.sign() == Sign::Minus) != (b.sign() == Sign::Minus);
    Ok(if is_negative { -magnitude } else { magnitude })
}

fn quotient_of_magnitudes(a: &BigUint, b: &BigUint) -> Option<f64> {
    /// The quotient is computed to at least so many bits, far more than a double has.
    const BITS: i64 = 66;
    let ratio = i64::try_from(a.bits()).ok()? - i64::try_from(b.bits()).ok()?;
    if ratio < -1200 {
        return Some(0.0);
    }
    if ratio > 1200 {
        return None;
    }
    let shift = BITS - ratio;
    let (a, b) = if shift >= 0 {
        (a << shift.unsigned_abs(), b.clone())
    } else {
        (a.clone(), b << shift.unsigned_abs())
    };
    let quotient = &a / &b;
    let is_more = &quotient * &b != a;
    let leading = u128::try_from(quotient).ok()?;
    nearest(leading, is_more, -shift)
}

/// `a // b`.
pub(in crate::task) fn floor_divide(a: Number, b: Number) -> Result<Number, ItemError> {
    const ZERO: &str = "integer division or modulo by zero";
    match Met::of(a, b)? {
        Met::Float(_, 0.0) => Err(ItemError::zero_division("float floor division by zero")),
        Met::Float(a, b) => Ok(Number::Float(float_divmod(a, b).0)),
        Met::Small(_, 0) => Err(ItemError::zero_division(ZERO)),
        Met::Big(_, b) if b.sign() == Sign::NoSign => Err(ItemError::zero_division(ZERO)),
        Met::Small(a, b) => Ok(small(a, b).0),
        Met::Big(a, b) => Ok(big(a, b).0),
    }
}

/// `a % b`.
pub(in crate::task) fn remainder(a: Number, b: Number) -> Result<Number, ItemError> {
    const ZERO: &str = "integer modulo by zero";
    match Met::of(a, b)? {
        Met::Float(_, 0.0) => Err(ItemError::zero_division("float modulo")),
        Met::Float(a, b) => Ok(Number::Float(float_remainder(a, b))),
        Met::Small(_, 0) => Err(ItemError::zero_division(ZERO)),
        Met::Big(_, b) if b.sign() == Sign::NoSign => Err(ItemError::zero_division(ZERO)),
        Met::Small(a, b) => Ok(small(a, b).1),
        Met::Big(a, b) => Ok(big(a, b).1),
    }
}

/// `divmod(a, b)`.
pub(in crate::task) fn divmod(a: Number, b: Number) -> Result<(Number, Number), ItemError> {
    const ZERO: &str = "integer division or modulo by zero";
    match Met::of(a, b)? {
        Met::Float(_, 0.0) => Err(ItemError::zero_division("float divmod()")),
        Met::Float(a, b) => {
            let (quotient, remainder) = float_divmod(a, b);
            Ok((Number::Float(quotient), Number::Float(remainder)))
        }
        Met::Small(_, 0) => Err(ItemError::zero_division(ZERO)),
        Met::Big(_, b) if b.sign() == Sign::NoSign => Err(ItemError::zero_division(ZERO)),
        Met::Small(a, b) => Ok(small(a, b)),
        Met::Big(a, b) => Ok(big(a, b)),
    }
}

fn small(a: i128, b: i128) -> (Number, Number) {
    // Only `i128::MIN / -1` does not fit.
    let Some(quotient) = a.checked_div(b) else {
        return (Number::from(-BigInt::from(a)), Number::Int(0));
    };
    let remainder = a % b;
    if remainder != 0 && (remainder < 0) != (b < 0) {
        (Number::Int(quotient - 1), Number::Int(remainder + b))
    } else {
        (Number::Int(quotient), Number::Int(remainder))
    }
}

fn big(a: BigInt, b: BigInt) -> (Number, Number) {
    let quotient = &a / &b;
    let remainder = a - &quotient * &b;
    if remainder.sign() != Sign::NoSign && remainder.sign() != b.sign() {
        (Number::from(quotient - 1), Number::from(remainder + b))
    } else {
        (Number::from(quotient), Number::from(remainder))
    }
}

/// `divmod` of doubles, `b` not zero, in the steps of CPython's `float_divmod`, on which the last bit depends.
pub(in crate::task) fn float_divmod(a: f64, b: f64) -> (f64, f64) {
    let mut remainder = a % b;
    let mut quotient = (a - remainder) / b;
    if remainder == 0.0 {
        remainder = 0_f64.copysign(b);
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder += b;
        quotient -= 1.0;
    }
    let floor = if quotient == 0.0 {
        0_f64.copysign(a / b)
    } else {
        let floor = quotient.floor();
        if quotient - floor > 0.5 { floor + 1.0 } else { floor }
    };
    (floor, remainder)
}

/// `a % b` of doubles, `b` not zero.
pub(in crate::task) fn float_remainder(a: f64, b: f64) -> f64 {
    // Exact, as C's `fmod`.
    let remainder = a % b;
    if remainder == 0.0 {
        0_f64.copysign(b)
    } else if (b < 0.0) != (remainder < 0.0) {
        remainder + b
    } else {
        remainder
    }
}
