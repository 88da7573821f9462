//! A job: many items of one function.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::Waker;

use super::backlog::Backlog;
use super::batch::Batch;
use super::output::Output;
use crate::call::Entry;
use crate::error::PoolError;
use crate::ids::Index;
use crate::shared::Kept;
use crate::source::{CallItems, Called, Content, Definition, Piece};

/// What is to be run over what.
pub(crate) struct JobSpec<'a> {
    /// What makes the job's program in a worker.
    pub(crate) entry: Entry,
    /// What goes with it, sent once to each worker.
    pub(crate) captures: Vec<u8>,
    /// The items. A worker's `Items::index` counts them from 0 within the job.
    pub(crate) feed: Feed<'a>,
    /// The fewest items that are handed out at once, where there are so many; at least 1.
    pub(crate) min_len: u64,
    /// The most items that a worker may get at once; at least 1.
    pub(crate) max_len: u64,
    /// Whether outcomes come in the order of the items.
    pub(crate) ordered: bool,
    /// What is shared with the captures.
    pub(crate) kept: Kept,
}

/// A job's items.
pub(crate) enum Feed<'a> {
    /// `start`, `start + step`, …
    Range {
        /// The first item.
        start: i64,
        /// From one item to the next; it wraps.
        step: i64,
        /// How many.
        count: u64,
    },
    /// Values, pulled on the thread that consumes the results, in batches: each call appends some to the batch and
    /// says whether there may be more. It is called only while the job wants more input.
    Values(Pull<'a>),
}

/// Appends the items that come next to a batch; whether there may be more.
pub(crate) type Pull<'a> = Box<dyn FnMut(&mut Batch) -> bool + 'a>;

/// The items of a job that wait or are in work.
pub(super) enum Input {
    /// Numbers: the first one, and the distance to the next.
    Range { start: i64, step: i64 },
    /// Values.
    Values(Backlog),
}

/// A job in the pool. Its items are counted from 0; each has come, then the scheduler was told of it, then it has its
/// outcome: `settled <= fed <= arrived`.
pub(super) struct Job {
    /// Its number, which is its program's in every worker.
    pub(super) id: u32,
    entry: i64,
    captures: Vec<u8>,
    pub(super) input: Input,
    /// How many items are handed out together.
    pub(super) min_len: u64,
    pub(super) max_len: u64,
    /// Items that have come so far.
    pub(super) arrived: u64,
    /// Whether these are all.
    pub(super) has_all: bool,
    /// Items that the scheduler was told of, or will not be.
    pub(super) fed: u64,
    /// Items with an outcome.
    pub(super) settled: u64,
    pub(super) output: Output,
    /// Nobody wants the rest.
    pub(super) is_dropped: bool,
    /// Items that were cancelled before the scheduler heard of them.
    cancelled: BTreeSet<u64>,
    /// What is shared with the captures, and with items that are not settled.
    pub(super) kept: Kept,
    pub(super) kept_for_items: Kept,
    /// Why nothing of it is handed out any more.
    closed: Option<Arc<PoolError>>,
}

impl Job {
    pub(super) fn new(
        id: u32,
        entry: i64,
        captures: Vec<u8>,
        input: Input,
        output: Output,
    ) -> Self {
        Self {
            id,
            entry,
            captures,
            input,
            min_len: 1,
            max_len: u64::MAX,
            arrived: 0,
            has_all: false,
            fed: 0,
            settled: 0,
            output,
            is_dropped: false,
            cancelled: BTreeSet::new(),
            kept: Kept::default(),
            kept_for_items: Kept::default(),
            closed: None,
        }
    }

    /// Further items have come; who waits, if none of them will be run.
    pub(super) fn arrive(&mut self, batch: Batch, has_all: bool) -> Vec<Waker> {
        self.arrived += batch.ends.len() as u64;
        self.has_all = has_all;
        if let Input::Values(backlog) = &mut self.input {
            backlog.push(batch.bytes, batch.ends);
        }
        self.lose_unfed()
    }

    /// From here on nothing is handed out, of what has come and of what may come: all that fails for this reason. Who
    /// waits.
    pub(super) fn close(&mut self, error: Arc<PoolError>) -> Vec<Waker> {
        self.closed.get_or_insert(error);
        self.lose_unfed()
    }

    /// If it is closed, what the scheduler has not heard of is lost. What it has heard of is not.
    fn lose_unfed(&mut self) -> Vec<Waker> {
        let Some(error) = self.closed.clone() else { return Vec::new() };
        let (fed, arrived) = (self.fed, self.arrived);
        self.settle(fed, arrived - fed);
        self.fed = arrived;
        self.output.lose(fed, arrived, &error)
    }

    /// Items that could be handed out now.
    pub(super) fn unfed(&self) -> u64 {
        if self.is_dropped {
            return 0;
        }
        let next = self.cancelled.first().copied().unwrap_or(u64::MAX);
        (self.arrived.min(next) - self.fed).min(self.output.room())
    }

    /// Takes note that the next items are the scheduler's.
    pub(super) fn feed(&mut self, items: u64) {
        self.fed += items;
        self.output.start(items);
    }

    /// Takes note of the outcomes of consecutive items, the first of which is given.
    pub(super) fn settle(&mut self, local: u64, items: u64) {
        self.settled += items;
        if self.settled == self.arrived {
            self.kept_for_items.clear();
        }
        if let Input::Values(backlog) = &mut self.input {
            backlog.settle(local, items);
        }
    }

    /// Cancels an item that the scheduler has not heard of; whether it is one.
    pub(super) fn cancel_unfed(&mut self, local: u64) -> bool {
        (self.fed..self.arrived).contains(&local) && self.cancelled.insert(local)
    }

    /// The next item, if it was cancelled; it is then settled.
    pub(super) fn pass_cancelled(&mut self) -> Option<u64> {
        let local = self.cancelled.first().copied().filter(|local| *local == self.fed)?;
        self.cancelled.remove(&local);
        self.feed(1);
        self.settle(local, 1);
        Some(local)
    }

    /// All that has come and has no outcome is lost, and counts as settled: the scheduler that knew of it is gone.
    /// Who waits.
    pub(super) fn abandon(&mut self, error: &Arc<PoolError>) -> Vec<Waker> {
        self.cancelled.clear();
        if let Input::Values(backlog) = &mut self.input {
            backlog.clear();
        }
        (self.fed, self.settled) = (self.arrived, self.arrived);
        self.output.lose(0, self.arrived, error)
    }

    /// Whether it is tasks of their own, each with a handle.
    pub(super) fn is_stream(&self) -> bool {
        matches!(self.output, Output::Handles(_))
    }

    /// Whether no worker will ever hear of it again.
    pub(super) fn is_over(&self) -> bool {
        let is_complete = self.has_all && self.settled == self.arrived;
        let is_let_go = self.is_dropped && self.settled == self.fed;
        is_complete || is_let_go
    }

    /// Hands the items `local..local + items`, which the scheduler knows as `first..`, to `take`.
    pub(super) fn cut(
        &self,
        oldest: u32,
        first: Index,
        local: u64,
        items: u64,
        take: &mut dyn FnMut(Piece<'_>),
    ) {
        let definition = Definition { entry: self.entry, captures: &self.captures };
        let program = self.id;
        let mut give = |at: u64, count: u64, items: CallItems<'_>| {
            let called = Called { program, oldest, first: at, definition, items };
            take(Piece {
                first: first + (at - local),
                items: count,
                content: Content::Call(called),
            });
        };
        let (mut at, end) = (local, local + items);
        while at < end {
            let most = (end - at).min(self.max_len);
            let given = match &self.input {
                Input::Range { start, step } => {
                    #[expect(clippy::cast_possible_wrap, reason = "wraps as the range does")]
                    let start = start.wrapping_add((at as i64).wrapping_mul(*step));
                    give(at, most, CallItems::Range { start, step: *step });
                    most
                }
                Input::Values(backlog) => {
                    let (bytes, given) = backlog.slice(at, most);
                    give(at, given, CallItems::Values(bytes));
                    given
                }
            };
            at += given;
        }
    }
}
