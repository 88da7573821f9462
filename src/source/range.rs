//! An arithmetic progression of `i64`: the input that needs no reading.
//!
//! A range travels as three numbers and is cut without being walked, so that a lease of a billion
//! items costs 24 bytes. It holds at most `u64::MAX` items and knows its length exactly; every item
//! is an `i64`. It does not hold fractions, and it is never endless.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::value::whole::{WholeError, parse_whole};

/// The numbers `start`, `start + step`, … : `len` of them.
///
/// Typed as `A..B` (`B` left out), `A..=B` (`B` included), and with a step as `A..B:STEP` or
/// `A..=B:STEP`. The ends and the step are whole numbers that fit `i64`, written as `-5`,
/// `1_000_000` or `1e6`. A negative step counts down. Ends that lie the wrong way round for the
/// step make an empty range rather than an error, as in Rust and in Python's `range`: `5..0` has
/// no items, and neither has `0..5:-1`.
///
/// Two ranges are equal if they were cut to the same `start`, `step` and length; so `0..10:3` and
/// `0..=9:3` are equal, and two empty ranges need not be.
///
/// ```
/// use pmap::source::range::Range;
///
/// let range: Range = "10..0:-3".parse()?;
/// assert_eq!(range.len(), 4);
/// assert_eq!([0, 1, 2, 3].map(|k| range.get(k)), [10, 7, 4, 1]);
/// # Ok::<(), pmap::source::range::RangeError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts")]
pub struct Range {
    start: i64,
    /// Never 0.
    step: i64,
    /// `start + step * (count - 1)` fits `i64` wherever `count > 0`.
    count: u64,
}

/// A [`Range`] as it arrives from outside: of the same shape, and not yet believed.
#[derive(Deserialize)]
struct Parts {
    start: i64,
    step: i64,
    count: u64,
}

impl Range {
    /// The `count` numbers that begin with `start` and lie `step` apart.
    ///
    /// # Errors
    ///
    /// [`RangeErrorKind::ZeroStep`], and [`RangeErrorKind::PastLimit`] if the last number would not
    /// fit `i64`.
    pub fn new(start: i64, step: i64, count: u64) -> Result<Self, RangeError> {
        if step == 0 {
            return Err(RangeErrorKind::ZeroStep.into());
        }
        if let Some(steps) = count.checked_sub(1) {
            // |step * steps| < 2^63 * 2^64, which i128 holds; so does the sum.
            let last = i128::from(start) + i128::from(step) * i128::from(steps);
            if i64::try_from(last).is_err() {
                return Err(RangeErrorKind::PastLimit.into());
            }
        }
        Ok(Self { start, step, count })
    }

    /// The first number, or where an empty range would have begun.
    #[must_use]
    pub const fn start(&self) -> i64 {
        self.start
    }

    /// The distance from one number to the next; never 0.
    #[must_use]
    pub const fn step(&self) -> i64 {
        self.step
    }

    /// How many numbers there are; exact.
    #[must_use]
    pub const fn len(&self) -> u64 {
        self.count
    }

    /// Whether there are no numbers at all.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The number at place `k`, exact for every `k < len()`.
    ///
    /// Beyond the end the answer means nothing; debug builds panic there.
    #[must_use]
    #[inline]
    pub const fn get(&self, k: u64) -> i64 {
        debug_assert!(k < self.count, "place beyond the range");
        // Exact although it wraps: the sum is right modulo 2^64, and by the invariant of `count`
        // the true value is an i64.
        self.start.wrapping_add(self.step.wrapping_mul(k as i64))
    }

    /// The first `k` numbers, and the others. An empty second part keeps this range's start.
    ///
    /// # Panics
    ///
    /// If `k > len()`.
    #[must_use]
    pub const fn split_at(&self, k: u64) -> (Self, Self) {
        assert!(k <= self.count, "split beyond the range");
        let head = Self { count: k, ..*self };
        let start = if k == self.count { self.start } else { self.get(k) };
        let tail = Self { start, count: self.count - k, ..*self };
        (head, tail)
    }
}

impl FromStr for Range {
    type Err = RangeError;

    fn from_str(text: &str) -> Result<Self, RangeError> {
        if text.is_empty() {
            return Err(RangeErrorKind::Empty.into());
        }
        let (start, rest) = text.split_once("..").ok_or(RangeErrorKind::NoDots)?;
        let (rest, inclusive) = match rest.strip_prefix('=') {
            Some(rest) => (rest, true),
            None => (rest, false),
        };
        let (end, step) = match rest.split_once(':') {
            Some((end, step)) => (end, Some(step)),
            None => (rest, None),
        };
        let start = number(RangePart::Start, start)?;
        let end = number(RangePart::End, end)?;
        let step = step.map_or(Ok(1), |step| number(RangePart::Step, step))?;
        if step == 0 {
            return Err(RangeErrorKind::ZeroStep.into());
        }
        let count = u64::try_from(count(start, end, step, inclusive))
            .map_err(|_| RangeErrorKind::TooManyItems)?;
        Ok(Self { start, step, count })
    }
}

/// How many steps lead from `start` to `end`; at most 2^64, hence wider than a length.
fn count(start: i64, end: i64, step: i64, inclusive: bool) -> u128 {
    let forward = i128::from(end) - i128::from(start);
    let distance = if step > 0 { forward } else { -forward };
    // Leaving the end out is stopping one short of it.
    match u128::try_from(if inclusive { distance } else { distance - 1 }) {
        Ok(distance) => distance / u128::from(step.unsigned_abs()) + 1,
        Err(_) => 0, // the end lies behind the start
    }
}

fn number(part: RangePart, text: &str) -> Result<i64, RangeErrorKind> {
    let value = parse_whole(text).map_err(|error| match error {
        WholeError::Empty => RangeErrorKind::Missing(part),
        WholeError::NotWhole => RangeErrorKind::NotWhole(part),
        WholeError::TooLarge => RangeErrorKind::OutOfBounds(part),
    })?;
    i64::try_from(value).map_err(|_| RangeErrorKind::OutOfBounds(part))
}

/// As it may be typed: `A..B` for a step of 1, else `A..=LAST:STEP`, which names the last number
/// that is really in it. Reads back as the same range.
impl fmt::Display for Range {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { start, step, count } = *self;
        let Some(last) = count.checked_sub(1).map(|k| self.get(k)) else {
            write!(f, "{start}..{start}")?;
            return if step == 1 { Ok(()) } else { write!(f, ":{step}") };
        };
        match (step, last.checked_add(1)) {
            (1, Some(end)) => write!(f, "{start}..{end}"),
            (1, None) => write!(f, "{start}..={last}"),
            _ => write!(f, "{start}..={last}:{step}"),
        }
    }
}

impl TryFrom<Parts> for Range {
    type Error = RangeError;

    fn try_from(parts: Parts) -> Result<Self, RangeError> {
        Self::new(parts.start, parts.step, parts.count)
    }
}

/// Why a text, or three numbers, are not a [`Range`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind}")]
pub struct RangeError {
    kind: RangeErrorKind,
}

impl RangeError {
    /// What is wrong.
    #[must_use]
    pub const fn kind(&self) -> RangeErrorKind {
        self.kind
    }
}

impl From<RangeErrorKind> for RangeError {
    fn from(kind: RangeErrorKind) -> Self {
        Self { kind }
    }
}

/// What is wrong with a range; each message ends with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RangeErrorKind {
    /// There is no text.
    #[error("it is empty; give {FORMS}")]
    Empty,
    /// A text without `..`.
    #[error("there is no '..' in it; give {FORMS}")]
    NoDots,
    /// A side of `..` or of `:` with nothing there; no range is endless.
    #[error("{0} is missing; give {FORMS}")]
    Missing(RangePart),
    /// Something other than a whole number.
    #[error("{0} is not a whole number; give {FORMS}, as in -5..5 or 0..1e6")]
    NotWhole(RangePart),
    /// A whole number that `i64` does not hold.
    #[error("{0} is outside {min}..={max}; give one inside", min = i64::MIN, max = i64::MAX)]
    OutOfBounds(RangePart),
    /// A step that leads nowhere.
    #[error("the step is 0; give one above 0 to count up, or below 0 to count down")]
    ZeroStep,
    /// 2^64 items: one more than a length can say.
    #[error("too many items, more than {}; give a shorter range or a wider step", u64::MAX)]
    TooManyItems,
    /// Three numbers whose last item would not be an `i64`. Never the fault of a typed range.
    #[error("the last item is outside {}..={}", i64::MIN, i64::MAX)]
    PastLimit,
}

const FORMS: &str = "A..B, A..=B, A..B:STEP or A..=B:STEP";

/// The part of a typed range at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangePart {
    /// `A` in `A..B:STEP`.
    Start,
    /// `B` in `A..B:STEP`.
    End,
    /// `STEP` in `A..B:STEP`.
    Step,
}

impl fmt::Display for RangePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "the start",
            Self::End => "the end",
            Self::Step => "the step",
        })
    }
}

#[cfg(test)]
mod tests;
