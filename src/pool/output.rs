//! Outcomes on their way to whoever asked for them: a consumer of a whole job, or the holder of each handle.

use std::sync::Arc;
use std::task::Waker;

use super::outcome::Outcome;
use super::queue::Queue;
use super::slots::Slots;
use crate::error::PoolError;
use crate::ids::Index;

/// Where a job's outcomes go.
pub(super) enum Output {
    /// To one consumer.
    Consumer(Queue),
    /// To a handle each.
    Handles(Slots),
}

impl Output {
    /// How many further items may be started.
    pub(super) fn room(&self) -> u64 {
        match self {
            Self::Consumer(queue) => queue.room(),
            Self::Handles(_) => u64::MAX,
        }
    }

    /// Takes note that so many further items are started.
    pub(super) fn start(&mut self, items: u64) {
        if let Self::Consumer(queue) = self {
            queue.start(items);
        }
    }

    /// Whether nobody holds a handle.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self, Self::Handles(slots) if slots.is_empty())
    }

    /// Whether somebody sleeps until a certain task is done.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self, Self::Handles(slots) if slots.is_awaited())
    }

    /// Takes an outcome; who waits for it.
    pub(super) fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        match self {
            Self::Consumer(queue) => queue.put(outcome),
            Self::Handles(slots) => slots.put(outcome),
        }
    }

    /// Of the items `from..end`, which are the last ones, those that have no outcome yet will have none; who waits.
    pub(super) fn lose(&mut self, from: Index, end: Index, error: &Arc<PoolError>) -> Vec<Waker> {
        match self {
            Self::Consumer(queue) => queue.lose(from, end, error).into_iter().collect(),
            Self::Handles(slots) => slots.lose(from, error),
        }
    }
}
