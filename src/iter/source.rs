//! Where a chain's items come from, in the supervisor.

use std::num::NonZero;

use crate::pool::{Batch, Feed, Filler};

/// The supervisor's half of a source; a [`Stage`](super::stage::Stage) is the other.
pub trait Source {
    /// Whether items have bytes; else their indices say it all.
    const TRAVELS: bool;

    /// The most items that there are.
    fn count(&self) -> u64;

    /// Appends the next item; false if there is none, and then nothing is appended.
    fn put(&mut self, out: &mut Vec<u8>) -> bool;
}

/// Which of some items are left.
#[derive(Debug, Clone, Copy)]
pub enum Selection {
    /// All but so many of the first ones.
    Skip(u64),
    /// So many of the first ones.
    Take(u64),
    /// The first of them, and every so many-th behind it.
    StepBy(NonZero<u64>),
}

impl Selection {
    /// How many are left of so many.
    pub(super) fn count(self, of: u64) -> u64 {
        match self {
            Self::Skip(count) => of.saturating_sub(count),
            Self::Take(count) => of.min(count),
            Self::StepBy(step) => of.div_ceil(step.get()),
        }
    }
}

/// What the pool gets of a source.
pub(super) fn feed<'a>(mut source: impl Source + 'a) -> Feed<'a> {
    fn travels<S: Source>(_: &S) -> bool {
        S::TRAVELS
    }
    if !travels(&source) {
        return Feed::Range { start: 0, step: 1, count: source.count() };
    }
    let mut filler = Filler::new();
    Feed::Values(Box::new(move |batch: &mut Batch| {
        filler.fill(batch, |batch| {
            let is_there = source.put(&mut batch.bytes);
            if is_there {
                batch.end_item();
            }
            is_there
        })
    }))
}
