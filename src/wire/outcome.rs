//! Outcomes up the ring: for each item one line. A result is its text; a failure is a zero byte and a
//! message; the line of an item that the filter drops is empty, which no result is. So a batch of results is, as it
//! stands, what is printed, and one of a filtered run is, but for its empty lines.

use memchr::{memchr, memchr_iter, memmem};

/// What a failure's line begins with. No result does.
const FAILURE: u8 = 0;

/// Appends the outcome of a failed item: `message`, whose control bytes become spaces.
pub fn push_failure(outcomes: &mut Vec<u8>, message: &str) {
    outcomes.push(FAILURE);
    outcomes.extend(message.bytes().map(|byte| if byte.is_ascii_control() { b' ' } else { byte }));
    outcomes.push(b'\n');
}

/// Appends the outcomes of so many items that are not wanted.
pub fn push_dropped(outcomes: &mut Vec<u8>, items: u32) {
    outcomes.resize(outcomes.len() + items as usize, b'\n');
}

/// One item's outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line<'a> {
    /// Its result, with the newline.
    Result(&'a [u8]),
    /// Why it has none.
    Failure(&'a [u8]),
    /// It is not wanted.
    Dropped,
}

/// The outcomes of some items, copied out of the ring and [measured](super::Encoding::measure).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Batch<'a>(&'a [u8]);

impl<'a> Batch<'a> {
    /// Whole outcomes out of bytes that have been [measured](super::Encoding::measure).
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// All of it at once, if no item has failed: ready to be printed, unless items may be [dropped](Batch::sift).
    #[must_use]
    pub fn all_results(self) -> Option<&'a [u8]> {
        memchr(FAILURE, self.0).is_none().then_some(self.0)
    }

    /// If no item has failed: appends all results to `results`; how many items were dropped.
    #[must_use]
    pub fn sift(self, results: &mut Vec<u8>) -> Option<u64> {
        let mut rest = self.all_results()?;
        let mut dropped = 0;
        let gap = memmem::Finder::new(b"\n\n");
        loop {
            let empty = empty_lines(rest);
            dropped += empty as u64;
            rest = &rest[empty..];
            if rest.is_empty() {
                return Some(dropped);
            }
            let end = gap.find(rest).map_or(rest.len(), |at| at + 1);
            results.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
    }

    /// The length in bytes.
    #[must_use]
    pub fn byte_len(self) -> usize {
        self.0.len()
    }

    /// The first `items` outcomes, and the rest.
    #[must_use]
    pub fn split(self, items: u64) -> (Self, Self) {
        let (first, rest) = self.0.split_at(behind_lines(self.0, items));
        (Self(first), Self(rest))
    }

    /// The outcomes one by one.
    pub fn lines(self) -> impl Iterator<Item = Line<'a>> {
        self.0.split_inclusive(|byte| *byte == b'\n').map(|line| match line {
            [FAILURE, message @ .., b'\n'] => Line::Failure(message),
            b"\n" => Line::Dropped,
            result => Line::Result(result),
        })
    }
}

/// How many empty lines `text` begins with. Where most items are dropped, these are long runs.
fn empty_lines(text: &[u8]) -> usize {
    const STRIDE: [u8; 32] = [b'\n'; 32];
    let whole = text.chunks_exact(STRIDE.len()).take_while(|chunk| *chunk == STRIDE).count();
    let at = whole * STRIDE.len();
    at + text[at..].iter().take_while(|byte| **byte == b'\n').count()
}

/// How much is skipped at a time by its count of newlines alone, in bytes: to count is many times as fast as to
/// stop at each.
const WINDOW: usize = 512;

/// Where the first `lines` lines of `text` end.
fn behind_lines(text: &[u8], lines: u64) -> usize {
    let (mut at, mut missing) = (0, lines);
    for window in text.chunks(WINDOW) {
        let held = memchr_iter(b'\n', window).count() as u64;
        if held >= missing {
            break;
        }
        missing -= held;
        at += window.len();
    }
    match usize::try_from(missing) {
        Ok(0) => at,
        Ok(n) => memchr_iter(b'\n', &text[at..]).nth(n - 1).map_or(text.len(), |end| at + end + 1),
        Err(_) => text.len(),
    }
}
