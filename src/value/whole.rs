//! Whole numbers as people type them: `42`, `-7`, `1_000_000`, `1e6`.
//!
//! Read exactly, in integers: nothing passes through a float, so `9007199254740993` stays itself.
//! Not for the items of a text input, which are read by the million elsewhere; this is for the
//! handful of numbers on a command line. Fractions are refused, `1.5e3` included.

/// Why a text is not a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WholeError {
    /// There is no text.
    Empty,
    /// Some character does not belong in a whole number.
    NotWhole,
    /// A whole number, but beyond `i128`, and so beyond every limit a caller may have.
    TooLarge,
}

/// Reads `[+-] digits [e [+] digits]`; `_` may stand anywhere after the first digit, as in Rust.
pub(crate) fn parse_whole(text: &str) -> Result<i128, WholeError> {
    let (negative, unsigned) = match text.as_bytes() {
        [] => return Err(WholeError::Empty),
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let (digits, exponent) = match unsigned.iter().position(|b| matches!(b, b'e' | b'E')) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    // Both parts are checked to the last byte before size is judged: `99…9x` is no number at all.
    let mantissa = magnitude(digits, true)?;
    let exponent = match exponent {
        Some([b'+', rest @ ..]) | Some(rest) => magnitude(rest, false)?,
        None => Some(0),
    };
    if mantissa == Some(0) {
        return Ok(0); // whatever the exponent: 0e999 is 0
    }
    let scale = exponent.and_then(|e| 10_i128.checked_pow(u32::try_from(e).ok()?));
    let value = mantissa.zip(scale).and_then(|(m, s)| m.checked_mul(s));
    let value = value.ok_or(WholeError::TooLarge)?;
    Ok(if negative { -value } else { value })
}

/// The value of decimal digits; `None` if it is beyond `i128`.
fn magnitude(digits: &[u8], underscores: bool) -> Result<Option<i128>, WholeError> {
    if !digits.first().is_some_and(u8::is_ascii_digit) {
        return Err(WholeError::NotWhole);
    }
    let mut value = Some(0_i128);
    for &byte in digits {
        match byte {
            b'0'..=b'9' => {
                value = value
                    .and_then(|v| v.checked_mul(10))
                    .and_then(|v| v.checked_add(i128::from(byte - b'0')));
            }
            b'_' if underscores => {}
            _ => return Err(WholeError::NotWhole),
        }
    }
    Ok(value)
}

#[cfg(test)]
mod tests;
