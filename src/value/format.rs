//! Numbers as CPython prints them, appended to a buffer.
//!
//! There is no other layout: no widths, no precisions, no separators between numbers.

use super::Number;

/// Python's `repr` leaves the positional form below 10^-4 and from 10^16 on (`float_repr_style` "short", format code
/// `r` in `Python/pystrtod.c`).
const POSITIONAL: std::ops::Range<f64> = 1e-4..1e16;

pub use super::digits::lines as int_lines;

/// Appends `value` in decimal.
#[inline]
pub fn int(value: i64, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

/// Appends what `repr` gives for `value`: `True`, an integer in full, or a [`float`].
///
/// ```
/// use pmap::value::{Number, format};
/// let mut out = Vec::new();
/// format::number(&Number::Bool(true), &mut out);
/// assert_eq!(out, b"True");
/// ```
pub fn number(value: &Number, out: &mut Vec<u8>) {
    match value {
        Number::Bool(true) => out.extend_from_slice(b"True"),
        Number::Bool(false) => out.extend_from_slice(b"False"),
        Number::Int(value) => out.extend_from_slice(itoa::Buffer::new().format(*value).as_bytes()),
        Number::Big(value) => out.extend_from_slice(value.to_string().as_bytes()),
        Number::Float(value) => float(*value, out),
    }
}

/// Appends what `repr(value)` gives: the shortest digits that read back as the same double, with the exponent only
/// where it is less than -4 or at least 16; `inf`, `-inf` and `nan`, whatever the sign of the latter.
///
/// ```
/// use pmap::value::format;
/// let mut out = Vec::new();
/// format::float(1e-5, &mut out);
/// assert_eq!(out, b"1e-05");
/// ```
pub fn float(value: f64, out: &mut Vec<u8>) {
    if value.is_nan() {
        out.extend_from_slice(b"nan");
    } else if value.is_infinite() {
        out.extend_from_slice(if value > 0.0 { b"inf" } else { b"-inf" });
    } else {
        let mut buffer = zmij::Buffer::new();
        let shortest = buffer.format_finite(value).as_bytes();
        if value == 0.0 || POSITIONAL.contains(&value.abs()) {
            // Here the layouts agree: `-0.0`, `0.00012345`, `1000000000000000.0`.
            out.extend_from_slice(shortest);
        } else {
            exponential(shortest, out);
        }
    }
}

/// Appends the number in `shortest`, which is `digits[.digits][e±digits]` after an optional minus and not zero, as
/// `d[.ddd]e±dd`.
fn exponential(shortest: &[u8], out: &mut Vec<u8>) {
    let mantissa_end = shortest.iter().position(|&byte| byte == b'e').unwrap_or(shortest.len());
    let mantissa = &shortest[..mantissa_end];
    let point = mantissa.iter().position(|&byte| byte == b'.').unwrap_or(mantissa.len());
    let first = mantissa.iter().position(|byte| (b'1'..=b'9').contains(byte)).unwrap_or_default();
    let last = mantissa.iter().rposition(|byte| (b'1'..=b'9').contains(byte)).unwrap_or_default();

    // Where the first digit stands relative to the units, plus the exponent that is already written.
    let place = if first < point { (point - first) as i32 - 1 } else { -((first - point) as i32) };
    let written =
        shortest.get(mantissa_end + 1..).and_then(|text| lexical_core::parse::<i32>(text).ok());
    let exponent = place + written.unwrap_or(0);

    if shortest.starts_with(b"-") {
        out.push(b'-');
    }
    out.push(mantissa[first]);
    if last > first {
        out.push(b'.');
        out.extend(mantissa[first + 1..=last].iter().filter(|&&byte| byte != b'.'));
    }
    out.extend_from_slice(if exponent < 0 { b"e-" } else { b"e+" });
    if exponent.abs() < 10 {
        out.push(b'0');
    }
    int(exponent.abs().into(), out);
}

#[cfg(test)]
mod tests;
