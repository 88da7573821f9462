//! Outcomes on their way to whoever asked for them: a consumer of a whole job, in order or not, or the holder of
//! each handle.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use super::TaskError;
use super::outcome::Outcome;
use crate::error::PoolError;
use crate::ids::Index;

/// Bytes of outcomes that wait for their consumer, above which nothing further of the job is started.
const FULL: usize = 4 << 20;

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
            queue.started += items;
        }
    }

    /// Whether nobody holds a handle.
    pub(super) fn is_taken(&self) -> bool {
        matches!(self, Self::Handles(slots) if slots.tasks.is_empty())
    }

    /// Whether somebody sleeps until a certain task is done.
    pub(super) fn is_awaited(&self) -> bool {
        matches!(self, Self::Handles(slots) if slots.awaited > 0)
    }

    /// Takes an outcome; who waits for it.
    pub(super) fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        match self {
            Self::Consumer(queue) => queue.put(outcome),
            Self::Handles(slots) => slots.put(outcome),
        }
    }

    /// None of the first `arrived` items will have an outcome any more, if it has none yet; who waits.
    pub(super) fn lose(&mut self, arrived: u64, error: &Arc<PoolError>) -> Vec<Waker> {
        match self {
            Self::Consumer(queue) => queue.lose(arrived, error).into_iter().collect(),
            Self::Handles(slots) => slots.lose(error),
        }
    }
}

/// Outcomes for one consumer.
pub(super) struct Queue {
    ordered: bool,
    /// How many items may be started and not taken.
    window: u64,
    /// Every item before this one is in `ready`, or was (of an unordered job: so many items are).
    next: Index,
    early: BTreeMap<Index, Outcome>,
    ready: VecDeque<Outcome>,
    /// Bytes of both.
    held: usize,
    /// Items that were started.
    started: u64,
    /// Items that the consumer has taken.
    taken: u64,
    pub(super) waiter: Option<Waker>,
    /// Items before this one that have no outcome will have none, for this reason.
    lost: Option<(Index, Arc<PoolError>)>,
    /// What comes of items before this one comes too late.
    floor: Index,
}

impl Queue {
    pub(super) fn new(ordered: bool, window: u64) -> Self {
        Self {
            ordered,
            window,
            next: 0,
            early: BTreeMap::new(),
            ready: VecDeque::new(),
            held: 0,
            started: 0,
            taken: 0,
            waiter: None,
            lost: None,
            floor: 0,
        }
    }

    fn room(&self) -> u64 {
        if self.held >= FULL { 0 } else { self.window.saturating_sub(self.started - self.taken) }
    }

    fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        let (first, items) = outcome.items();
        if first < self.floor {
            return None;
        }
        self.held += outcome.size();
        if self.ordered && first != self.next {
            self.early.insert(first, outcome);
            return None;
        }
        self.ready.push_back(outcome);
        self.next += items;
        self.pass_early();
        self.waiter.take()
    }

    /// What came early and is next now.
    fn pass_early(&mut self) {
        while let Some(entry) = self.early.first_entry().filter(|entry| *entry.key() == self.next) {
            let outcome = entry.remove();
            self.next += outcome.items().1;
            self.ready.push_back(outcome);
        }
    }

    pub(super) fn lose(&mut self, arrived: u64, error: &Arc<PoolError>) -> Option<Waker> {
        self.lost = Some((arrived, error.clone()));
        self.floor = arrived;
        self.started = arrived;
        self.waiter.take()
    }

    /// Moves what is next to `into`.
    pub(super) fn take(&mut self, into: &mut VecDeque<Outcome>) {
        self.make_up_lost();
        for outcome in &self.ready {
            self.held -= outcome.size();
            self.taken += outcome.items().1;
        }
        into.append(&mut self.ready);
    }

    /// Failures in place of some of what was lost: there may be more of it than memory.
    fn make_up_lost(&mut self) {
        const SOME: usize = 1024;
        let Some((end, error)) = self.lost.clone() else { return };
        self.pass_early();
        while self.next < end && self.ready.len() < SOME {
            let failed = Outcome::Failed(TaskError::no_worker(&error, self.next));
            self.held += failed.size();
            self.next += 1;
            self.ready.push_back(failed);
            self.pass_early();
        }
        if self.next >= end {
            self.lost = None;
        }
    }

    /// Whether so many items have been taken.
    pub(super) fn is_taken(&self, items: u64) -> bool {
        self.taken >= items
    }
}

/// What became of a task.
enum Slot {
    /// It is waited for, perhaps by somebody who wants to be woken.
    Pending(Option<Waker>),
    Done(Outcome),
}

/// Outcomes by task, for as long as somebody holds the handle.
#[derive(Default)]
pub(super) struct Slots {
    tasks: HashMap<Index, Slot>,
    /// How many of them somebody waits for.
    awaited: usize,
}

impl Slots {
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
            self.awaited =
                self.awaited - usize::from(waiter.is_some()) + usize::from(waker.is_some());
            *waiter = waker;
        }
    }

    fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        let slot = self.tasks.get_mut(&outcome.items().0)?;
        let waiter = slot.finish(outcome);
        self.awaited -= usize::from(waiter.is_some());
        waiter
    }

    fn lose(&mut self, error: &Arc<PoolError>) -> Vec<Waker> {
        let pending = self.tasks.iter_mut().filter(|(_, slot)| matches!(slot, Slot::Pending(_)));
        let wakers = pending.filter_map(|(task, slot)| {
            slot.finish(Outcome::Failed(TaskError::no_worker(error, *task)))
        });
        let wakers: Vec<Waker> = wakers.collect();
        self.awaited -= wakers.len();
        wakers
    }
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
