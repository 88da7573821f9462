//! The hot path of a worker: lines of plain integers.
//!
//! One line at a time is `lexical-core`'s business. Neighbouring items mostly have the same number of digits, though,
//! and then `same_width` takes 2.5 instead of 6 ns for each: where the next line begins does not depend on what is
//! found in this one, so that the processor works on several lines at once.
//!
//! Cannot read floats or integers beyond `i64`; it stops in front of them and leaves them to
//! [`parse::number`](crate::value::parse::number).

use super::is_space;

/// How many digits one 64-bit word holds.
const WORD_DIGITS: usize = 8;

/// Appends to `out` the leading items of `block` that are plain `i64`, at most `limit` of them, and returns the number
/// of bytes read: always whole lines, blank lines before an item included.
///
/// Plain is an optional sign and digits within the range of `i64`, with whitespace around. Less than the whole of
/// `block` is read when `limit` was reached before its end, or when the next item is not plain; then what is left
/// begins with that item and [`next_item`](super::next_item) gives its text.
///
/// ```
/// use pmap::value::lines::ints;
/// let mut out = Vec::new();
/// assert_eq!(ints(b"1\n\n-2\n3.5\n4\n", usize::MAX, &mut out), 6);
/// assert_eq!(out, [1, -2]);
/// ```
pub fn ints(block: &[u8], limit: usize, out: &mut Vec<i64>) -> usize {
    let end = out.len().saturating_add(limit);
    let mut at = 0;
    let mut last_width = usize::MAX;
    while out.len() < end {
        let (value, next) = match line(&block[at..]) {
            Line::Int(value, length) => (value, at + length),
            Line::Blank(length) => {
                at += length;
                continue;
            }
            Line::End | Line::Other => break,
        };
        out.push(value);
        let width = next - at - 1;
        at = next;
        // Two of a width promise a third; to try after every line would slow mixed widths down by half.
        if width == last_width && (1..=WORD_DIGITS).contains(&width) {
            at += same_width(&block[at..], width, end - out.len(), out);
        }
        last_width = width;
    }
    at
}

/// What a text begins with; lengths are in bytes and include the line's `\n`.
enum Line {
    Int(i64, usize),
    Blank(usize),
    Other,
    End,
}

#[inline]
fn line(text: &[u8]) -> Line {
    match integer(text) {
        Some((value, length)) if text.get(length) == Some(&b'\n') => Line::Int(value, length + 1),
        _ => unusual_line(text),
    }
}

/// The `i64` that `text` begins with and its length.
#[inline]
fn integer(text: &[u8]) -> Option<(i64, usize)> {
    let (value, length) = lexical_core::parse_partial(text).ok()?;
    // `parse_partial` reads a lone sign as a zero, and no digits at all as a zero of length 0.
    let last = text.get(length.checked_sub(1)?)?;
    last.is_ascii_digit().then_some((value, length))
}

/// As [`line()`], for lines with whitespace at either end, without a `\n`, or that are not integers.
#[cold]
fn unusual_line(text: &[u8]) -> Line {
    if text.is_empty() {
        return Line::End;
    }
    let start = spaces(text);
    match text.get(start) {
        None => return Line::Blank(start),
        Some(b'\n') => return Line::Blank(start + 1),
        Some(_) => {}
    }
    let Some((value, length)) = integer(&text[start..]) else {
        return Line::Other;
    };
    let end = start + length + spaces(&text[start + length..]);
    match text.get(end) {
        None => Line::Int(value, end),
        Some(b'\n') => Line::Int(value, end + 1),
        Some(_) => Line::Other,
    }
}

/// The number of whitespace bytes that `text` begins with, a line's end not counted.
fn spaces(text: &[u8]) -> usize {
    text.iter().take_while(|&&byte| is_space(byte) && byte != b'\n').count()
}

/// Reads the leading lines of exactly `width` digits and a `\n`, at most `limit`, and returns the bytes read. Stops
/// early near the end of `block`, where a word might reach beyond it.
///
/// `width` is in `1..=8`. The arithmetic within a word is that of Daniel Lemire, "Quickly parsing eight digits" (2018):
/// <https://lemire.me/blog/2018/10/03/quickly-parsing-eight-digits/>.
fn same_width(block: &[u8], width: usize, limit: usize, out: &mut Vec<i64>) -> usize {
    const ZEROS: u64 = u64::from_le_bytes([b'0'; WORD_DIGITS]);
    const LOW_BITS: u64 = u64::from_le_bytes([0x7f; WORD_DIGITS]);
    const HIGH_BIT: u64 = u64::from_le_bytes([0x80; WORD_DIGITS]);
    /// Carries the low seven bits of a byte into its high bit where they are more than 9.
    const CARRY_ABOVE_NINE: u64 = u64::from_le_bytes([0x80 - 10; WORD_DIGITS]);

    debug_assert!((1..=WORD_DIGITS).contains(&width));
    // The first byte of the text is the lowest of the word, so this moves the digits to its end and what follows the
    // line out of it; the zeros that come in are leading zeros.
    let shift = 8 * (WORD_DIGITS - width);
    let mut at = 0;
    for _ in 0..limit {
        let Some(text) = block[at..].first_chunk::<{ WORD_DIGITS + 1 }>() else {
            break;
        };
        let Some(word) = text.first_chunk::<WORD_DIGITS>() else {
            break;
        };
        // A digit becomes its value 0..=9, any other byte something larger.
        let values = (u64::from_le_bytes(*word) ^ ZEROS) << shift;
        let not_digits = (((values & LOW_BITS) + CARRY_ABOVE_NINE) | values) & HIGH_BIT;
        if not_digits != 0 || text[width] != b'\n' {
            break;
        }
        out.push(eight_digits(values));
        at += width + 1;
    }
    at
}

/// The value of eight digits, one a byte, the most significant in the lowest byte: neighbours are joined to pairs,
/// pairs to fours, fours to eight.
#[inline]
fn eight_digits(values: u64) -> i64 {
    let pairs = (values.wrapping_mul((10 << 8) + 1) >> 8) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs.wrapping_mul((100 << 16) + 1) >> 16) & 0x0000_ffff_0000_ffff;
    (fours.wrapping_mul((10_000 << 32) + 1) >> 32) as i64
}

#[cfg(test)]
mod tests;
