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

impl Slot {
    /// The task has its outcome; who waits for it.
    fn finish(&mut self, outcome: Outcome) -> Option<Waker> {
        match std::mem::replace(self, Self::Done(outcome)) {
            Self::Pending(waker) => waker,
            Self::Done(_) => None,
        }
    }
}

/// Outcomes by task, for as long as somebody holds the handle.
#[derive(Default)]
pub(super) struct Slots {
    tasks: HashMap<Index, Slot>,
    /// How many of them somebody sleeps for.
    awaited: usize,
}

impl Slots {
    /// Whether nobody holds a handle.
    pub(super) fn is_empty(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Whether somebody sleeps until a certain task is done.
    pub(super) fn is_awaited(&self) -> bool {
        self.awaited > 0
    }

    /// Somebody has the handle of a new task.
    pub(super) fn add(&mut self, task: Index) {
        self.tasks.insert(task, Slot::Pending(None));
    }

    /// Nobody has it any more.
    pub(super) fn forget(&mut self, task: Index) {
        self.wait(task, None);
        self.tasks.remove(&task);
    }

    /// Whether a task has its outcome.
    pub(super) fn is_done(&self, task: Index) -> bool {
        matches!(self.tasks.get(&task), Some(Slot::Done(_)))
    }

    /// The outcome of a task, if it is there; it is then gone.
    pub(super) fn take(&mut self, task: Index) -> Option<Outcome> {
        if !self.is_done(task) {
            return None;
        }
        match self.tasks.remove(&task)? {
            Slot::Done(outcome) => Some(outcome),
            Slot::Pending(_) => None,
        }
    }

    /// Says whom to wake when a task has its outcome.
    pub(super) fn wait(&mut self, task: Index, waker: Option<Waker>) {
        if let Some(Slot::Pending(waiter)) = self.tasks.get_mut(&task) {
            self.awaited -= usize::from(waiter.is_some());
            self.awaited += usize::from(waker.is_some());
            *waiter = waker;
        }
    }

    pub(super) fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        let slot = self.tasks.get_mut(&outcome.items().0)?;
        let waiter = slot.finish(outcome);
        self.awaited -= usize::from(waiter.is_some());
        waiter
    }

    /// No task from `from` on will have an outcome, if it has none yet; who waits.
    pub(super) fn lose(&mut self, from: Index, error: &Arc<PoolError>) -> Vec<Waker> {
        let lost = self
            .tasks
            .iter_mut()
            .filter(|(task, slot)| **task >= from && matches!(slot, Slot::Pending(_)));
        let wakers = lost.filter_map(|(task, slot)| {
            slot.finish(Outcome::Failed(TaskError::no_worker(error, *task)))
        });
        let wakers: Vec<Waker> = wakers.collect();
        self.awaited -= wakers.len();
        wakers
    }
}
