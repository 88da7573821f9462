//! Outcomes for one consumer, in the order of their items or as they come.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use super::TaskError;
use super::outcome::Outcome;
use crate::error::PoolError;
use crate::ids::Index;

/// Bytes of outcomes that wait for their consumer, above which nothing further of the job is started.
const FULL: usize = 4 << 20;

/// Failures that are made up at once for what was lost: there may be more of it than memory.
const SOME: usize = 1024;

/// What is known of items behind one that has no outcome yet.
enum Early {
    /// What they came to, kept for their turn.
    Kept(Outcome),
    /// So many of them have had their turn: their order does not matter.
    Passed(u64),
}

/// Items without an outcome that will have none.
struct Lost {
    /// From here on they are lost; those before are still waited for.
    from: Index,
    end: Index,
    why: Arc<PoolError>,
}

/// Outcomes that wait for their consumer.
pub(super) struct Queue {
    ordered: bool,
    /// How many items may be started and not taken.
    window: u64,
    /// Every item before this one has its outcome.
    next: Index,
    early: BTreeMap<Index, Early>,
    ready: VecDeque<Outcome>,
    /// Bytes of both.
    held: usize,
    /// Items that were started.
    started: u64,
    /// Items that the consumer has taken.
    taken: u64,
    pub(super) waiter: Option<Waker>,
    lost: Option<Lost>,
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
        }
    }

    pub(super) fn room(&self) -> u64 {
        if self.held >= FULL { 0 } else { self.window.saturating_sub(self.started - self.taken) }
    }

    pub(super) fn start(&mut self, items: u64) {
        self.started += items;
    }

    pub(super) fn put(&mut self, outcome: Outcome) -> Option<Waker> {
        let (first, items) = outcome.items();
        self.held += outcome.size();
        if first == self.next {
            self.next += items;
            self.ready.push_back(outcome);
            self.pass_early();
        } else if self.ordered {
            self.early.insert(first, Early::Kept(outcome));
            return None;
        } else {
            self.note_passed(first, items);
            self.ready.push_back(outcome);
        }
        self.waiter.take()
    }

    /// Remembers who has had his turn, neighbours together: behind a slow item there may be any number.
    fn note_passed(&mut self, first: Index, mut items: u64) {
        if let Some(Early::Passed(more)) = self.early.remove(&(first + items)) {
            items += more;
        }
        if let Some((before, Early::Passed(some))) = self.early.range_mut(..first).next_back() {
            if *before + *some == first {
                *some += items;
                return;
            }
        }
        self.early.insert(first, Early::Passed(items));
    }

    /// What came early and is next now.
    fn pass_early(&mut self) {
        while let Some(entry) = self.early.first_entry().filter(|entry| *entry.key() == self.next) {
            match entry.remove() {
                Early::Passed(items) => self.next += items,
                Early::Kept(outcome) => {
                    self.next += outcome.items().1;
                    self.ready.push_back(outcome);
                }
            }
        }
    }

    pub(super) fn lose(&mut self, from: Index, end: Index, why: &Arc<PoolError>) -> Option<Waker> {
        let earlier = self.lost.take();
        self.lost = Some(match earlier {
            Some(lost) => Lost { from: from.min(lost.from), end, ..lost },
            None => Lost { from, end, why: why.clone() },
        });
        self.started = end;
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

    /// Failures in place of some of what was lost, once it is next.
    fn make_up_lost(&mut self) {
        let Some(Lost { from, end, why }) = &self.lost else { return };
        let (from, end, why) = (*from, *end, why.clone());
        while (from..end).contains(&self.next) && self.ready.len() < SOME {
            let failed = Outcome::Failed(TaskError::no_worker(&why, self.next));
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

#[cfg(test)]
mod tests;
