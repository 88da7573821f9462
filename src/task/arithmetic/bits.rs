//! `&`, `|`, `^`, `~` and the shifts: of integers only, as if in two's complement without end.

use num_bigint::{BigInt, Sign};

use super::{bit_length, check_bits, into_big, type_name, widen};
use crate::task::ItemError;
use crate::value::Number;

/// `~value`.
pub(in crate::task) fn invert(value: Number) -> Result<Number, ItemError> {
    match widen(value) {
        Number::Float(_) => Err(ItemError::Type("bad operand type for unary ~: 'float'".into())),
        Number::Int(value) => Ok(Number::Int(!value)),
        value => Ok(Number::from(-into_big(value) - 1)),
    }
}

/// `a & b`.
pub(in crate::task) fn and(a: Number, b: Number) -> Result<Number, ItemError> {
    bitwise("&", a, b, |a, b| a & b, |a, b| a & b, |a, b| a & b)
}

/// `a | b`.
pub(in crate::task) fn or(a: Number, b: Number) -> Result<Number, ItemError> {
    bitwise("|", a, b, |a, b| a | b, |a, b| a | b, |a, b| a | b)
}

/// `a ^ b`.
pub(in crate::task) fn xor(a: Number, b: Number) -> Result<Number, ItemError> {
    bitwise("^", a, b, |a, b| a ^ b, |a, b| a ^ b, |a, b| a ^ b)
}

fn bitwise(
    operator: &str,
    a: Number,
    b: Number,
    bools: fn(bool, bool) -> bool,
    small: fn(i128, i128) -> i128,
    big: fn(BigInt, BigInt) -> BigInt,
) -> Result<Number, ItemError> {
    check_integers(operator, &a, &b)?;
    Ok(match (a, b) {
        (Number::Bool(a), Number::Bool(b)) => Number::Bool(bools(a, b)),
        (a, b) => match (widen(a), widen(b)) {
            (Number::Int(a), Number::Int(b)) => Number::Int(small(a, b)),
            (a, b) => Number::from(big(into_big(a), into_big(b))),
        },
    })
}

fn check_integers(operator: &str, a: &Number, b: &Number) -> Result<(), ItemError> {
    if !matches!((a, b), (Number::Float(_), _) | (_, Number::Float(_))) {
        return Ok(());
    }
    let (a, b) = (type_name(a), type_name(b));
    Err(ItemError::Type(
        format!("unsupported operand type(s) for {operator}: '{a}' and '{b}'").into(),
    ))
}

/// How far to shift; `None` if beyond `u64`.
fn distance(count: Number) -> Result<Option<u64>, ItemError> {
    let count = into_big(count);
    if count.sign() == Sign::Minus {
        return Err(ItemError::value("negative shift count"));
    }
    Ok(u64::try_from(count).ok())
}

/// `a << count`.
pub(in crate::task) fn shift_left(a: Number, count: Number) -> Result<Number, ItemError> {
    check_integers("<<", &a, &count)?;
    let count = distance(count)?;
    let bits = bit_length(&a);
    if bits == 0 {
        return Ok(Number::Int(0));
    }
    let count = count.ok_or_else(ItemError::result_too_large)?;
    check_bits(bits.saturating_add(count))?;
    Ok(Number::from(into_big(a) << count))
}

/// `a >> count`.
pub(in crate::task) fn shift_right(a: Number, count: Number) -> Result<Number, ItemError> {
    check_integers(">>", &a, &count)?;
    // Beyond all bits, only the sign is left.
    let count = distance(count)?.unwrap_or(u64::MAX).min(bit_length(&a));
    Ok(match widen(a) {
        Number::Int(a) => Number::Int(a >> count.min(127)),
        a => Number::from(into_big(a) >> count),
    })
}
