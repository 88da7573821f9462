//! Outcomes of submitted tasks, each for the holder of its handle.

use std::collections::HashMap;
use std::sync::Arc;
use std::task::Waker;

use super::TaskError;
use super::outcome::Outcome;
use crate::error::PoolError;
use crate::ids::Index;

/// What became of a task.
enum Slot {
    /// It is waited for, perhaps by somebody who wants to be woken.
    Pending(Option<Waker>),
    Done(Outcome),
}

/// Outcomes by task, for as long as somebody holds the handle.
#[derive(Default)]
pub(super) struct Slots(HashMap<Index, Slot>);

impl Slots {
    /// Whether nobody holds a handle.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Somebody has the handle of a new task.
    pub(super) fn add(&mut self, task: Index) {
        self.0.insert(task, Slot::Pending(None));
    }

    /// Nobody has it any more.
    pub(super) fn forget(&mut self, task: Index) {
        self.0.remove(&task);
    }

    /// Whether a task has its outcome.
    pub(super) fn is_done(&self, task: Index) -> bool {
        matches!(self.0.get(&task), Some(Slot::Done(_)))
    }

    /// The outcome of a task, if it is there; it is then gone.
    pub(super) fn take(&mut self, task: Index) -> Option<Outcome> {
        match self.0.remove(&task)? {
            Slot::Done(outcome) => Some(outcome),
            pending @ Slot::Pending(_) => {
                self.0.insert(task, pending);
                None
            }
        }
    }

    /// Says whom to wake when a task has its outcome.
    pub(super) fn wait(&mut self, task: Index, waker: Option<Waker>) {
        if let Some(Slot::Pending(waiter)) = self.0.get_mut(&task) {
            *waiter = waker;
        }
    }

    pub(super) fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        let slot = self.0.get_mut(&outcome.items().0)?;
        match std::mem::replace(slot, Slot::Done(outcome)) {
            Slot::Pending(waker) => waker,
            Slot::Done(_) => None,
        }
    }

    pub(super) fn lose(&mut self, from: Index, error: &Arc<PoolError>) -> Vec<Waker> {
        let mut wakers = Vec::new();
        for (task, slot) in self.0.iter_mut().filter(|(task, _)| **task >= from) {
            if let Slot::Pending(waker) = slot {
                wakers.extend(waker.take());
                *slot = Slot::Done(Outcome::Failed(TaskError::no_worker(error, *task)));
            }
        }
        wakers
    }
}
