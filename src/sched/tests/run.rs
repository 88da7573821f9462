//! A run that is told what happens, step by step, and what it then does.

use std::num::NonZeroU64;
use std::time::Duration;

use crate::error::{Cause, Class, Death};
use crate::ids::{Index, Slot};
use crate::sched::{Action, ChunkSize, Input, Now, Policy, Scheduler};

pub(super) const SEGV: Death = Death::Signal(11);
pub(super) const MS: Duration = Duration::from_millis(1);

/// Chunks of four, two retries, no other limits.
pub(super) fn policy(workers: u32) -> Policy {
    Policy { chunk: ChunkSize::Items(count(4)), ..Policy::new(workers, workers) }
}

pub(super) fn count(items: u64) -> NonZeroU64 {
    NonZeroU64::new(items).unwrap()
}

/// A run at some point of time.
pub(super) struct Run {
    pub(super) scheduler: Scheduler,
    pub(super) now: Now,
}

impl Run {
    /// All of the input is there, and all workers that it needs are ready and have work.
    pub(super) fn of(items: u64, policy: Policy) -> Self {
        let mut run = Self::before_ready(items, policy);
        for slot in 0..policy.workers {
            run.tell(Input::Ready { slot: Slot(slot) });
        }
        run
    }

    /// All of the input is there, and workers have been started.
    pub(super) fn before_ready(items: u64, policy: Policy) -> Self {
        let mut run = Self { scheduler: Scheduler::new(policy), now: Now::ZERO };
        run.tell(Input::Arrived { items, kind: 0 });
        run.tell(Input::Ended);
        run
    }

    pub(super) fn tell(&mut self, input: Input) -> Vec<Action> {
        let mut actions = Vec::new();
        self.scheduler.step(input, self.now, &mut actions);
        actions
    }

    pub(super) fn turn(&mut self) -> Vec<Action> {
        self.tell(Input::Turn)
    }

    pub(super) fn turn_at(&mut self, now: Now) -> Vec<Action> {
        self.now = now;
        self.turn()
    }

    pub(super) fn dies(&mut self, slot: u32) -> Vec<Action> {
        self.tell(Input::Died { slot: Slot(slot), death: SEGV, begun: 1 })
    }

    /// The worker commits; what that settles.
    pub(super) fn commits(&mut self, slot: u32, items: u64) -> Vec<Action> {
        self.tell(Input::Committed { slot: Slot(slot), items, dropped: 0 })
    }

    /// A dead worker's successor starts and gets work.
    pub(super) fn restarts(&mut self, slot: u32) -> Vec<Action> {
        assert!(self.turn().contains(&spawn(slot)));
        self.tell(Input::Ready { slot: Slot(slot) });
        self.turn()
    }
}

pub(super) fn spawn(slot: u32) -> Action {
    Action::Spawn { slot: Slot(slot) }
}

pub(super) fn lease(slot: u32, first: Index, items: u64) -> Action {
    Action::Lease { slot: Slot(slot), first, items, attempt: 0, singly: false }
}

pub(super) fn again(slot: u32, first: Index, attempt: u32) -> Action {
    Action::Lease { slot: Slot(slot), first, items: 1, attempt, singly: true }
}

pub(super) fn settle(slot: u32, first: Index, items: u64) -> Action {
    Action::Settle { slot: Slot(slot), first, items, attempts: 1 }
}

/// An item that was started so often.
pub(super) fn settle_at_last(slot: u32, first: Index, attempts: u32) -> Action {
    Action::Settle { slot: Slot(slot), first, items: 1, attempts }
}

pub(super) fn retry(slot: u32, index: Index, attempts: u32) -> Action {
    Action::Retry { slot: Slot(slot), index, attempts, class: Class::Death }
}

pub(super) fn fail(slot: u32, index: Index, cause: Cause, attempts: u32) -> Action {
    Action::Fail { slot: Slot(slot), index, cause, attempts }
}

pub(super) fn leases(actions: &[Action]) -> Vec<u64> {
    let items = actions.iter().filter_map(|action| match action {
        Action::Lease { items, .. } => Some(*items),
        _ => None,
    });
    items.collect()
}
