//! Text as records that are anything: what stands before a separator, byte for byte. The last one may lack its
//! separator. An empty record is a record, too.
//!
//! Unlike [lines](super::lines) of numbers, nothing is trimmed and nothing skipped: what a record means is for a program
//! to say.

use memchr::{memchr, memchr_iter};

/// How many records a block holds.
///
/// ```
/// use pmap::value::separated::tally;
/// assert_eq!(tally(b"a\n\nb", b'\n'), 3);
/// assert_eq!(tally(b"", b'\n'), 0);
/// ```
#[must_use]
pub fn tally(block: &[u8], separator: u8) -> u64 {
    let unterminated = block.last().is_some_and(|&last| last != separator);
    memchr_iter(separator, block).count() as u64 + u64::from(unterminated)
}

/// The offset just past the first `records` records, their separators included; the length of `block` where it holds
/// fewer.
///
/// ```
/// use pmap::value::separated::split_after;
/// assert_eq!(split_after(b"a\n\nb", b'\n', 2), 3);
/// ```
#[must_use]
pub fn split_after(block: &[u8], separator: u8, records: u64) -> usize {
    let Some(before) = records.checked_sub(1) else { return 0 };
    let before = usize::try_from(before).unwrap_or(usize::MAX);
    memchr_iter(separator, block).nth(before).map_or(block.len(), |at| at + 1)
}

/// The first record, and how many bytes it takes with its separator; `None` where there is none.
///
/// ```
/// use pmap::value::separated::next_record;
/// assert_eq!(next_record(b"a b\r\nc\n", b'\n'), Some((&b"a b\r"[..], 5)));
/// assert_eq!(next_record(b"c", b'\n'), Some((&b"c"[..], 1)));
/// ```
#[must_use]
pub fn next_record(block: &[u8], separator: u8) -> Option<(&[u8], usize)> {
    if block.is_empty() {
        return None;
    }
    Some(match memchr(separator, block) {
        Some(at) => (&block[..at], at + 1),
        None => (block, block.len()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every way to cut a text that `[u8]::split` can be asked to confirm.
    #[test]
    fn records_are_what_split_says() {
        for text in [&b""[..], b"\n", b"a", b"a\n", b"\na", b"a\n\nb", b"a\n\n", b"\0a\n\0\n"] {
            let mut expected: Vec<_> = text.split(|byte| *byte == b'\n').collect();
            // What follows the last separator is a record only if it is something.
            if expected.last().is_some_and(|last| last.is_empty()) {
                expected.pop();
            }
            let (mut found, mut at) = (Vec::new(), 0);
            while let Some((record, used)) = next_record(&text[at..], b'\n') {
                assert_eq!(split_after(text, b'\n', found.len() as u64), at, "{text:?}");
                found.push(record);
                at += used;
            }
            assert_eq!(found, expected, "{text:?}");
            assert_eq!(tally(text, b'\n'), found.len() as u64, "{text:?}");
            assert_eq!(split_after(text, b'\n', u64::MAX), text.len());
        }
    }
}
