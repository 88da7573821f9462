//! Results as binary numbers of eight bytes: which result fits which type, and what is said of one that does not.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{ItemError, Lanes, arithmetic};
use crate::value::{Cell, Number, Value, put_floats, put_floats_of, put_ints};

/// As what results are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum CellForm {
    /// Integers of 64 bits; a `bool` is 0 or 1. A float fails its item, also one without a fraction.
    Integers,
    /// Floats. An integer becomes the nearest one, as in Python's `float(n)`.
    Floats,
    /// Floats. An integer that is none of them fails its item.
    ExactFloats,
}

/// A result that there is no such number for.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Misfit {
    /// A float is none of the integers.
    #[error("{0} is a float; --format f64le, npy:f64 and plain have those")]
    Float(Number),
    /// So large an integer has more than eight bytes.
    #[error("{} does not fit 64 bits; --format plain prints it, f64le and npy:f64 round it", shown(.0))]
    Large(Number),
    /// It would be rounded, which nobody has asked for.
    #[error("{} would be rounded to a float; --format npy:i64 has integers of 64 bits, npy:f64 rounds", shown(.0))]
    Rounded(Number),
    /// As in Python.
    #[error(transparent)]
    Overflow(#[from] ItemError),
    /// There is room for one number.
    #[error("the result is {0} and not a number; --format plain prints it")]
    Several(&'static str),
}

impl CellForm {
    /// The type of the numbers.
    pub fn cell(self) -> Cell {
        match self {
            Self::Integers => Cell::I64,
            Self::Floats | Self::ExactFloats => Cell::F64,
        }
    }

    /// Appends the results that `lanes` begin with, up to the first that does not fit; how many.
    ///
    /// ```
    /// use pmap::task::{CellForm, Lanes};
    /// let lanes = Lanes::Ints(&[7, (1 << 53) + 1]);
    /// let count = |form: CellForm| form.append_lanes(lanes, &mut Vec::new());
    /// assert_eq!((count(CellForm::ExactFloats), count(CellForm::Floats)), (1, 2));
    /// ```
    pub fn append_lanes(self, lanes: Lanes<'_>, cells: &mut Vec<u8>) -> usize {
        match (self, lanes) {
            (Self::Integers, Lanes::Ints(results) | Lanes::Bools(results)) => {
                put_ints(results, cells);
                results.len()
            }
            (Self::Integers, Lanes::Floats(_)) => 0,
            (Self::Floats, Lanes::Ints(results)) => {
                put_floats_of(results, cells);
                results.len()
            }
            (Self::ExactFloats, Lanes::Ints(results)) => {
                let is_exact = |result: &i64| is_float(result.unsigned_abs());
                let fit = results.iter().position(|result| !is_exact(result));
                let fit = fit.unwrap_or(results.len());
                put_floats_of(&results[..fit], cells);
                fit
            }
            (Self::Floats | Self::ExactFloats, Lanes::Bools(results)) => {
                put_floats_of(results, cells);
                results.len()
            }
            (Self::Floats | Self::ExactFloats, Lanes::Floats(results)) => {
                put_floats(results, cells);
                results.len()
            }
        }
    }

    /// Appends one result.
    ///
    /// # Errors
    /// It does not fit; nothing is appended then.
    pub fn append(self, result: &Value, cells: &mut Vec<u8>) -> Result<(), Misfit> {
        match result {
            Value::Number(number) => self.append_number(number, cells),
            Value::Tuple(_) => Err(Misfit::Several("a tuple")),
            Value::List(_) => Err(Misfit::Several("a list")),
        }
    }

    /// Appends one number.
    ///
    /// # Errors
    /// It does not fit; nothing is appended then.
    pub fn append_number(self, number: &Number, cells: &mut Vec<u8>) -> Result<(), Misfit> {
        match (self, number) {
            (Self::Integers, Number::Float(_)) => Err(Misfit::Float(number.clone())),
            (Self::Integers, Number::Bool(value)) => {
                put_ints(&[(*value).into()], cells);
                Ok(())
            }
            (Self::Integers, Number::Int(value)) => {
                let value = i64::try_from(*value).map_err(|_| Misfit::Large(number.clone()))?;
                put_ints(&[value], cells);
                Ok(())
            }
            (Self::Integers, Number::Big(_)) => Err(Misfit::Large(number.clone())),
            (Self::ExactFloats, number) if !is_exact(number) => {
                Err(Misfit::Rounded(number.clone()))
            }
            (Self::Floats | Self::ExactFloats, number) => {
                put_floats(&[arithmetic::to_float(number)?], cells);
                Ok(())
            }
        }
    }
}

/// Whether an integer of this magnitude is a float, too: from its first bit to its last that is set there are no more
/// than a float has.
fn is_float(magnitude: u64) -> bool {
    const BITS: u32 = f64::MANTISSA_DIGITS;
    magnitude >> BITS == 0
        || u64::BITS - magnitude.leading_zeros() - magnitude.trailing_zeros() <= BITS
}

/// The same of any number, if floats were without end.
fn is_exact(number: &Number) -> bool {
    let zeros = match number {
        Number::Bool(_) | Number::Float(_) => return true,
        Number::Int(value) => u64::from(value.trailing_zeros()),
        Number::Big(value) => value.trailing_zeros().unwrap_or(0),
    };
    arithmetic::bit_length(number).saturating_sub(zeros) <= f64::MANTISSA_DIGITS.into()
}

/// An integer as a message shows it: printing one of a million digits takes half a second.
fn shown(number: &Number) -> String {
    /// Digits that are shown of a longer one.
    const BEGIN: usize = 20;
    const LONGEST: usize = 2 * BEGIN;
    let bits = arithmetic::bit_length(number);
    if bits > 1 << 12 {
        return format!("an integer of {bits} bits");
    }
    let text = number.to_string();
    if text.len() <= LONGEST {
        return text;
    }
    format!("{}... (an integer of {bits} bits)", &text[..BEGIN])
}

#[cfg(test)]
mod tests;
