//! The exact sum of numbers of all kinds.

use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

use super::doubles::{Doubles, LEAST};
use super::portable;
use crate::task::{ItemError, Lanes, arithmetic};
use crate::value::Number;

/// A sum: of integers, of finite floats, and which other floats there were.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Sum {
    /// Of integers, together with `large`.
    small: i128,
    #[serde(with = "portable::big")]
    large: BigInt,
    /// `None` as long as there was no float.
    floats: Option<Doubles>,
    has_inf: bool,
    has_minus_inf: bool,
    has_nan: bool,
}

impl Sum {
    pub(super) fn add_lanes(&mut self, lanes: Lanes<'_>) {
        match lanes {
            Lanes::Ints(values) | Lanes::Bools(values) => self.add_small(sum_of(values)),
            Lanes::Floats(values) => {
                for value in values {
                    self.add_float(*value);
                }
            }
        }
    }

    pub(super) fn add(&mut self, number: &Number) {
        match number {
            Number::Bool(value) => self.add_small((*value).into()),
            Number::Int(value) => self.add_small(*value),
            Number::Big(value) => self.large += value,
            Number::Float(value) => self.add_float(*value),
        }
    }

    fn add_small(&mut self, value: i128) {
        match self.small.checked_add(value) {
            Some(sum) => self.small = sum,
            None => self.large += value,
        }
    }

    #[inline]
    fn add_float(&mut self, value: f64) {
        let floats = self.floats.get_or_insert_default();
        if value.is_finite() {
            floats.add(value);
        } else {
            self.has_nan |= value.is_nan();
            self.has_inf |= value == f64::INFINITY;
            self.has_minus_inf |= value == f64::NEG_INFINITY;
        }
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.add_small(other.small);
        self.large += &other.large;
        if let Some(floats) = &other.floats {
            self.floats.get_or_insert_default().merge(floats);
        }
        self.has_inf |= other.has_inf;
        self.has_minus_inf |= other.has_minus_inf;
        self.has_nan |= other.has_nan;
    }

    /// The sum divided by `count`, or the sum itself.
    ///
    /// # Errors
    /// Both infinities were there, or the result is beyond the range of a float.
    pub(super) fn over(&self, count: Option<u64>) -> Result<Number, ItemError> {
        let integers = &self.large + self.small;
        if self.has_inf && self.has_minus_inf {
            return Err(ItemError::value("-inf + inf in fsum"));
        }
        if self.has_nan || self.has_inf || self.has_minus_inf {
            let infinity = if self.has_inf { f64::INFINITY } else { f64::NEG_INFINITY };
            return Ok(Number::Float(if self.has_nan { f64::NAN } else { infinity }));
        }
        let (dividend, divisor) = match (&self.floats, count) {
            (None, None) => return Ok(integers.into()),
            (None, Some(count)) => (integers, BigInt::from(count)),
            (Some(floats), count) => {
                let sum = (integers << LEAST) + floats.scaled();
                (sum, BigInt::from(count.unwrap_or(1)) << LEAST)
            }
        };
        arithmetic::divide(dividend.into(), divisor.into()).map_err(|error| match count {
            None => ItemError::overflow("intermediate overflow in fsum"),
            Some(_) => error,
        })
    }
}

/// The sum of less than 2^31 integers: their upper and lower halves are added by themselves, which cannot overflow and is
/// done for several at once. With their highest bit turned over, they are not negative, and 2^63 too large.
fn sum_of(values: &[i64]) -> i128 {
    let (mut high, mut low) = (0_u64, 0_u64);
    for value in values {
        let raised = (*value as u64) ^ (1 << 63);
        high += raised >> 32;
        low += raised & 0xffff_ffff;
    }
    (i128::from(high) << 32) + i128::from(low) - ((values.len() as i128) << 63)
}
