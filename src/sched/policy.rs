//! What the user may say about the flow of work: how much at a time, and how far ahead.
//!
//! Both default to `Auto`, which is a request and not a number: what it comes to depends on the
//! run, and the scheduler decides it there.

use std::fmt;
use std::num::NonZeroU64;
use std::str::FromStr;
use std::time::Duration;

use super::halt::Halt;
use super::retry::{Classes, Delay};
use crate::value::whole::{WholeError, parse_whole};

/// How many items a worker is given at once.
///
/// ```
/// use pmap::sched::policy::ChunkSize;
///
/// assert_eq!("auto".parse(), Ok(ChunkSize::Auto));
/// assert!("0".parse::<ChunkSize>().is_err());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChunkSize {
    /// As many as take about a millisecond, found while running, fewer towards the end.
    #[default]
    Auto,
    /// This many, and fewer only where the input or the window ends. At most
    /// [`MAX`](Self::MAX) if it was typed.
    Items(NonZeroU64),
}

impl ChunkSize {
    /// The most that may be typed: a chunk beyond it is a lease that no other worker can help
    /// with, and most likely a slip of the finger.
    pub const MAX: u64 = 1_000_000_000;
}

/// How far the dispatch may run ahead of the first item that is not delivered yet.
///
/// It bounds the results that wait for an earlier one, and with them the memory of an ordered run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Window {
    /// Enough to keep every worker busy while one of them is slow.
    #[default]
    Auto,
    /// At most this many items ahead; 1 runs the items strictly one after another.
    Items(NonZeroU64),
}

/// What the scheduler has to keep to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Policy {
    /// How many workers there may be at a time; at least 1.
    pub workers: u32,
    /// How many workers can get on at the same time: more are started only for work that is seen to take long.
    pub cores: u32,
    /// How often an item that has failed is tried again.
    pub retries: u32,
    /// Which failures that holds for.
    pub retry_on: Classes,
    /// How long it waits before.
    pub retry_delay: Delay,
    /// What chance is made from.
    pub seed: u64,
    /// How long an item may run.
    pub timeout: Option<TimeLimit>,
    /// How long a worker may take to start what it needs before its first item, unless it says sooner that it has begun. That
    /// is no time of the item's.
    pub warm_up: Duration,
    /// When to end the run before its time.
    pub halt: Option<Halt>,
    /// How many items a worker runs before another takes its place.
    pub tasks_per_worker: Option<NonZeroU64>,
    /// How many items are handed out together.
    pub chunk: ChunkSize,
    /// How far ahead of delivery work is handed out.
    pub window: Window,
    /// Whether results are delivered in the order of the input.
    pub ordered: bool,
}

impl Policy {
    /// So many workers on so many cores, for the rest as the command has it where nothing else is asked for.
    #[must_use]
    pub fn new(workers: u32, cores: u32) -> Self {
        Self {
            workers,
            cores,
            retries: 2,
            retry_on: Classes::default(),
            retry_delay: Delay::None,
            seed: 0,
            timeout: None,
            warm_up: Duration::ZERO,
            halt: None,
            tasks_per_worker: None,
            chunk: ChunkSize::Auto,
            window: Window::Auto,
            ordered: true,
        }
    }
}

/// How long an item may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeLimit {
    /// So long.
    Fixed(Duration),
    /// So many hundredths of the median of those that have finished, at least 10 ms; as long as it takes until
    /// five have.
    OfMedian(u32),
}

impl From<Duration> for TimeLimit {
    fn from(limit: Duration) -> Self {
        Self::Fixed(limit)
    }
}

impl FromStr for ChunkSize {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        auto_or_items(text, Self::MAX).map(|items| items.map_or(Self::Auto, Self::Items))
    }
}

impl FromStr for Window {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        auto_or_items(text, u64::MAX).map(|items| items.map_or(Self::Auto, Self::Items))
    }
}

/// `None` for `auto`, else the number of items in `1..=max`.
fn auto_or_items(text: &str, max: u64) -> Result<Option<NonZeroU64>, PolicyError> {
    if text == "auto" {
        return Ok(None);
    }
    let refuse = |fault| PolicyError { fault, max };
    let value = parse_whole(text).map_err(|error| {
        refuse(match error {
            WholeError::Empty => Fault::Empty,
            WholeError::NotWhole => Fault::NotWhole,
            WholeError::TooLarge if text.starts_with('-') => Fault::BelowOne,
            WholeError::TooLarge => Fault::AboveMax,
        })
    })?;
    if value < 1 {
        return Err(refuse(Fault::BelowOne));
    }
    match u64::try_from(value).ok().and_then(NonZeroU64::new) {
        Some(items) if items.get() <= max => Ok(Some(items)),
        _ => Err(refuse(Fault::AboveMax)),
    }
}

impl fmt::Display for ChunkSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Items(items) => items.fmt(f),
        }
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Items(items) => items.fmt(f),
        }
    }
}

/// Why a text is not a [`ChunkSize`] or a [`Window`]; the message ends with the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}; give 'auto' or a number of items from 1 to {max}")]
pub struct PolicyError {
    fault: Fault,
    max: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("it is empty")]
    Empty,
    #[error("it is not a whole number")]
    NotWhole,
    #[error("it is below 1")]
    BelowOne,
    #[error("it is too large")]
    AboveMax,
}

#[cfg(test)]
mod tests;
