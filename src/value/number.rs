//! The number an item or a result is: Python's `bool`, `int` or `float`.

use std::fmt;

use num_bigint::BigInt;

use super::format;

/// A number as Python knows it.
///
/// Canonical form: an integer that fits `i128` is always [`Int`](Number::Int), so that derived equality is equality of
/// values among integers. Build integers of unknown size with `From<BigInt>`, which keeps to it. Equality is
/// structural otherwise: `Int(1)`, `Bool(true)` and `Float(1.0)` are three different numbers here, and NaN differs
/// from itself.
///
/// `Display` prints what Python's `repr` prints.
///
/// ```
/// use pmap::value::Number;
/// assert_eq!(Number::from(true).to_string(), "True");
/// assert_eq!(Number::from(1e16).to_string(), "1e+16");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Number {
    /// `True` or `False`; counts as 1 or 0 wherever arithmetic is done.
    Bool(bool),
    /// Every integer in `i128::MIN..=i128::MAX`.
    Int(i128),
    /// An integer outside `i128::MIN..=i128::MAX`, and never one inside.
    Big(BigInt),
    /// A double; infinities and NaN included.
    Float(f64),
}

impl Number {
    /// Whether it counts as true in Python: all but zeros do.
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Big(_) => true,
            Self::Float(value) => *value != 0.0,
        }
    }
}

impl From<bool> for Number {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Number {
    fn from(value: i64) -> Self {
        Self::Int(value.into())
    }
}

impl From<i128> for Number {
    fn from(value: i128) -> Self {
        Self::Int(value)
    }
}

impl From<f64> for Number {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<BigInt> for Number {
    fn from(value: BigInt) -> Self {
        match i128::try_from(value) {
            Ok(small) => Self::Int(small),
            Err(too_large) => Self::Big(too_large.into_original()),
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        format::number(self, &mut text);
        // Only ASCII is ever appended, so nothing is replaced.
        f.pad(&String::from_utf8_lossy(&text))
    }
}

#[cfg(test)]
mod tests;
