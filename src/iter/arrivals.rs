//! What comes back of a chain, on the consumer's thread.

use std::marker::PhantomData;
use std::vec;

use super::ProcIterator;
use super::program::entry;
use super::send::Sending;
use super::source::feed;
use crate::call::{Value, take, take_all};
use crate::pool::{self, JobSpec, Outcome, TaskError};
use crate::shared::keeping;

/// The outcomes of a chain that is running, in the order of its items. Dropping them cancels the rest.
pub(super) struct Arrivals<'a, T> {
    outcomes: Box<dyn Iterator<Item = Outcome> + 'a>,
    /// How many values there will be, if that is known and nothing fails.
    expected: Option<u64>,
    of: PhantomData<fn() -> T>,
}

impl<'a, T: Value> Arrivals<'a, T> {
    /// Runs a chain.
    pub(super) fn of<I>(iter: I) -> Self
    where
        I: ProcIterator<Item = T>,
        I::Source: 'a,
    {
        let mut sending = Sending::new();
        let (plan, kept) = keeping(|| iter.split(&mut sending));
        let spec = JobSpec {
            entry: entry::<I::Stage>(),
            captures: sending.into_bytes(),
            feed: feed(plan.source),
            min_len: plan.min_len.clamp(1, plan.max_len),
            max_len: plan.max_len,
            ordered: true,
            kept,
        };
        Self { outcomes: run(spec), expected: plan.yields, of: PhantomData }
    }

    /// How many values there will be, if that is known and nothing fails.
    pub(super) fn expected(&self) -> Option<u64> {
        self.expected
    }

    /// Appends the values that come next to `values`; false if there are no more.
    ///
    /// # Errors
    /// The next item that failed; what it is appended behind stays.
    pub(super) fn append_to(&mut self, values: &mut Vec<T>) -> Result<bool, TaskError> {
        match self.outcomes.next() {
            None => Ok(false),
            Some(Outcome::Failed(error)) => Err(error),
            Some(Outcome::Values(packet)) => {
                let before = values.len();
                take_all(&packet.bytes, values).map_err(|error| {
                    let readable = (values.len() - before) as u64;
                    let index = packet.first + readable.min(packet.items - 1);
                    TaskError::unreadable(&error, index, packet.pid)
                })?;
                Ok(true)
            }
        }
    }

    /// Calls `each` with every value, and with why an item has none.
    pub(super) fn for_each(self, mut each: impl FnMut(Result<T, TaskError>)) {
        for outcome in self.outcomes {
            match outcome {
                Outcome::Failed(error) => each(Err(error)),
                Outcome::Values(packet) => {
                    let mut rest = &*packet.bytes;
                    let mut index = packet.first;
                    while !rest.is_empty() {
                        let before = rest.len();
                        let value = take(&mut rest);
                        each(
                            value.map_err(|error| TaskError::unreadable(&error, index, packet.pid)),
                        );
                        if rest.len() == before {
                            break;
                        }
                        index = (index + 1).min(packet.first + packet.items - 1);
                    }
                }
            }
        }
    }

    /// All values, one by one.
    ///
    /// # Panics
    /// At the first item that failed.
    pub(super) fn values(self) -> impl Iterator<Item = T> + 'a {
        Unwrapped { arrivals: self, arrived: Vec::new().into_iter() }
    }
}

/// Values as they come, without those of items that have none.
struct Unwrapped<'a, T> {
    arrivals: Arrivals<'a, T>,
    arrived: vec::IntoIter<T>,
}

impl<T: Value> Iterator for Unwrapped<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        loop {
            if let Some(value) = self.arrived.next() {
                return Some(value);
            }
            let mut values = Vec::new();
            if !unwrapped(self.arrivals.append_to(&mut values)) {
                return None;
            }
            self.arrived = values.into_iter();
        }
    }
}

/// What an iterator without errors does with one.
pub(super) fn unwrapped<T>(result: Result<T, TaskError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// Runs a job on the pool; in unit tests that say so, in the same process.
fn run<'a>(spec: JobSpec<'a>) -> Box<dyn Iterator<Item = Outcome> + 'a> {
    #[cfg(test)]
    if super::tests::executor::is_used() {
        return super::tests::executor::run(spec);
    }
    pool::run(spec)
}

#[cfg(test)]
mod tests;
