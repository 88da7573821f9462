//! The number a text means, by the rules of Python's `int()` and `float()`.
//!
//! Not accepted although Python does: underscores between digits, digits outside ASCII, `True` and `False`.

use num_bigint::BigInt;
use thiserror::Error;

use super::Number;
use super::lines::trim;

/// The most decimal digits an integer of the input may have, leading zeros included.
///
/// Turning this many digits into binary takes about 0.2 s; without a cap a single line could hold a worker for hours.
pub const MAX_DIGITS: usize = 1_000_000;

/// The most digits that certainly fit `i128`: 10^38 - 1 < 2^127.
const I128_DIGITS: usize = 38;

/// Up to this many digits the schoolbook conversion of `num_bigint` (quadratic) is faster than splitting.
const SPLIT_ABOVE_DIGITS: usize = 10_000;

/// Why a text is not a number. The messages fit behind the text, as in `item 17 (input 'abc'): not a number`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotANumber {
    /// The text is neither a decimal integer nor a float.
    #[error("not a number")]
    Malformed,
    /// The text is an integer of more than [`MAX_DIGITS`] digits.
    #[error("has more than {MAX_DIGITS} digits")]
    TooManyDigits,
}

/// The number that `text` means; ASCII whitespace around it is ignored.
///
/// Integers are a run of decimal digits with an optional sign; they are exact and leading zeros are harmless. Floats
/// are `1.5`, `.5`, `5.`, `1e3`, `inf`, `infinity`, `nan`, in any case and with an optional sign, rounded to nearest.
///
/// # Errors
/// [`NotANumber::Malformed`] for any other text, the empty one included;
/// [`NotANumber::TooManyDigits`] for an integer of more than [`MAX_DIGITS`] digits.
///
/// ```
/// use pmap::value::{Number, parse};
/// assert_eq!(parse::number(b" +7\r\n"), Ok(Number::Int(7)));
/// assert_eq!(parse::number(b"-.5e1"), Ok(Number::Float(-5.0)));
/// assert_eq!(parse::number(b"1_000"), Err(parse::NotANumber::Malformed));
/// ```
pub fn number(text: &[u8]) -> Result<Number, NotANumber> {
    let text = trim(text);
    let (negative, unsigned) = match text {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        _ => (false, text),
    };
    if !unsigned.is_empty() && unsigned.iter().all(u8::is_ascii_digit) {
        integer(negative, unsigned)
    } else {
        // `lexical` takes a sign itself; `unsigned` is looked at only to refuse `+-1`, which it refuses as well.
        lexical_core::parse(text).map(Number::Float).map_err(|_| NotANumber::Malformed)
    }
}

/// The integer written as `digits`, which are ASCII digits and at least one.
fn integer(negative: bool, digits: &[u8]) -> Result<Number, NotANumber> {
    if digits.len() > MAX_DIGITS {
        return Err(NotANumber::TooManyDigits);
    }
    let number = if digits.len() <= I128_DIGITS {
        let magnitude =
            digits.iter().fold(0, |value: i128, digit| value * 10 + i128::from(digit - b'0'));
        Number::Int(if negative { -magnitude } else { magnitude })
    } else {
        let magnitude = magnitude(digits);
        Number::from(if negative { -magnitude } else { magnitude })
    };
    Ok(number)
}

/// The value of a long run of ASCII digits, by halves: two halves and one fast multiplication instead of `n^2` steps.
fn magnitude(digits: &[u8]) -> BigInt {
    if digits.len() <= SPLIT_ABOVE_DIGITS {
        let values: Vec<u8> = digits.iter().map(|digit| digit - b'0').collect();
        return BigInt::from_radix_be(num_bigint::Sign::Plus, &values, 10).unwrap_or_default();
    }
    let (high, low) = digits.split_at(digits.len() / 2);
    let shift = u32::try_from(low.len()).expect("at most MAX_DIGITS digits");
    magnitude(high) * BigInt::from(10).pow(shift) + magnitude(low)
}

#[cfg(test)]
mod tests;
