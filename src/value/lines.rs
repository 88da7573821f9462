//! What an item of text input is: the one definition that the supervisor counts by and the workers parse by.
//!
//! A line ends at `\n`; the last one may lack it. A line of nothing but ASCII whitespace (space, `\t`, `\r`, `\x0b`,
//! `\x0c`) is blank. Every line that is not blank is an item, whether or not it is a number; its text is the line
//! without the whitespace around it.
//!
//! All functions take a block that starts at a line's start. They only look at bytes: encodings, and what the text of
//! an item means, are the business of others ([`parse`](super::parse)).

mod ints;

use memchr::{memchr, memchr_iter, memrchr};

pub use ints::ints;

/// How much of a block [`split_after`] skips at a time by its [`tally`] alone; small enough to stay in the L1 cache.
const WINDOW_BYTES: usize = 512;

/// How many lines and items a block holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Lines, blank ones and an unterminated last one included.
    pub lines: u64,
    /// Lines that are not blank; at most `lines`.
    pub items: u64,
}

/// Counts the lines and items of `block`.
///
/// Runs at the speed of the memory (two vectorised passes) unless a line begins with whitespace or is empty; then
/// every line is looked at.
///
/// ```
/// use pmap::value::lines::{Tally, tally};
/// assert_eq!(tally(b"1\n \r\n2"), Tally { lines: 3, items: 2 });
/// ```
pub fn tally(block: &[u8]) -> Tally {
    let unterminated = block.last().is_some_and(|&last| last != b'\n');
    let lines = memchr_iter(b'\n', block).count() as u64 + u64::from(unterminated);
    let items = if may_hold_blank_line(block) {
        walk(block).filter(|line| !is_blank(line)).count() as u64
    } else {
        lines
    };
    Tally { lines, items }
}

/// The offset just past the line that holds the `items`-th item (counted from 1), its `\n` included; 0 for no items;
/// the length of `block` where it holds fewer.
///
/// ```
/// use pmap::value::lines::split_after;
/// assert_eq!(split_after(b"1\n\n2\n3\n", 2), 5);
/// ```
pub fn split_after(block: &[u8], items: u64) -> usize {
    if items == 0 {
        return 0;
    }
    let mut missing = items;
    let mut at = 0;
    while let Some(window) = block.get(at..at + WINDOW_BYTES) {
        let Some(last_newline) = memrchr(b'\n', window) else {
            break;
        };
        let whole_lines = &window[..=last_newline];
        let held = tally(whole_lines).items;
        if held >= missing {
            break;
        }
        missing -= held;
        at += whole_lines.len();
    }
    for line in walk(&block[at..]) {
        at += line.len();
        if !is_blank(line) {
            missing -= 1;
            if missing == 0 {
                return at;
            }
        }
    }
    block.len()
}

/// The `k`-th item of `block` (counted from 0): the number of lines before its own, and its text. `None` where `block`
/// holds no more than `k` items.
///
/// ```
/// use pmap::value::lines::nth_item;
/// assert_eq!(nth_item(b"1\n\n two\n", 1), Some((2, &b"two"[..])));
/// ```
pub fn nth_item(block: &[u8], k: u64) -> Option<(u64, &[u8])> {
    let (before, rest) = block.split_at(split_after(block, k));
    let lines_before = tally(before).lines;
    (lines_before..)
        .zip(walk(rest))
        .find(|(_, line)| !is_blank(line))
        .map(|(index, line)| (index, trim(line)))
}

/// The next item of `block`: its text, and the bytes up to the end of its line, blank lines before it included.
/// `None` where only blank lines are left.
///
/// ```
/// use pmap::value::lines::next_item;
/// assert_eq!(next_item(b"\n 1\r\n2\n"), Some((&b"1"[..], 5)));
/// ```
pub fn next_item(block: &[u8]) -> Option<(&[u8], usize)> {
    let mut consumed = 0;
    walk(block).find_map(|line| {
        consumed += line.len();
        let text = trim(line);
        (!text.is_empty()).then_some((text, consumed))
    })
}

/// `text` without the ASCII whitespace around it.
pub(super) fn trim(mut text: &[u8]) -> &[u8] {
    while let [first, rest @ ..] = text {
        if !is_space(*first) {
            break;
        }
        text = rest;
    }
    while let [rest @ .., last] = text {
        if !is_space(*last) {
            break;
        }
        text = rest;
    }
    text
}

/// Whether `byte` is ASCII whitespace: space, `\t`, `\n`, `\x0b`, `\x0c` or `\r`. Unlike `u8::is_ascii_whitespace`,
/// which leaves out `\x0b`, this is C's `isspace` and so what Python strips.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t'..=b'\r')
}

fn is_blank(line: &[u8]) -> bool {
    // Nearly every line is decided by its first byte.
    line.iter().all(|&byte| is_space(byte))
}

/// The lines of `block`, each with its `\n` if it has one.
fn walk(block: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = block;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let length = memchr(b'\n', rest).map_or(rest.len(), |newline| newline + 1);
        let (line, after) = rest.split_at(length);
        rest = after;
        Some(line)
    })
}

/// Whether some line of `block` begins with a byte up to and including the space, as a blank line must. Errs towards
/// yes: an indented item says yes too.
fn may_hold_blank_line(block: &[u8]) -> bool {
    /// Long enough for the vectorised loop, short enough to stop soon after the first find.
    const STRIDE: usize = 4096;
    let Some((first, seconds)) = block.split_first() else {
        return false;
    };
    // Each byte but the last is seen together with its successor, as two slices of equal length.
    let firsts = &block[..seconds.len()];
    *first <= b' '
        || firsts.chunks(STRIDE).zip(seconds.chunks(STRIDE)).any(|(before, after)| {
            // No early exit within a stride: a branch per byte would keep the loop from being vectorised.
            before.iter().zip(after).fold(0, |found, (&before, &after)| {
                found | (u8::from(before == b'\n') & u8::from(after <= b' '))
            }) != 0
        })
}

#[cfg(test)]
mod tests;
