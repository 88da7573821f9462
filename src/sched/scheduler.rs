//! The state of a run and what each event does to it. Handing out work is in `dispatch`.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::time::Duration;

use super::cost::Costs;
use super::holes::Holes;
use super::median::Median;
use super::restart::Breaker;
use super::slot::{Lease, Phase, SlotState};
use super::{Action, Input, Kind, Now, Policy};
use crate::ids::{Index, Slot};

/// Items in the largest chunk that is chosen, usually; so many results of usual length are some hundred KiB.
const LARGEST_CHUNK: u64 = 1 << 14;

/// An item that has failed, to be tried again alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspect {
    /// How often it was started.
    pub(super) attempts: u32,
    pub(super) kind: Kind,
}

/// Consecutive items that came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Innocents {
    pub(super) items: u64,
    /// To be run one by one from now on.
    pub(super) singly: bool,
    pub(super) kind: Kind,
}

/// Decides who runs what. Every arrived index is, at any time, in exactly one place: `fresh`, `pending`,
/// `suspects`, one slot's leases, or settled.
#[derive(Debug)]
pub struct Scheduler {
    pub(super) policy: Policy,
    /// What time it was when something was last told.
    pub(super) now: Now,
    pub(super) slots: Vec<SlotState>,
    /// Arrived and never leased.
    pub(super) fresh: Range<Index>,
    /// What the fresh items are.
    pub(super) kind: Kind,
    /// Leased once and come back, with nobody to blame, by the first item.
    pub(super) pending: BTreeMap<Index, Innocents>,
    /// To be tried again, by the time before which they may not.
    pub(super) suspects: BTreeMap<(Now, Index), Suspect>,
    /// Fresh items that are settled: nobody wants them, or an earlier run has settled them.
    pub(super) holes: Holes,
    /// Items that nobody wants and that have not failed yet.
    pub(super) cancelled: BTreeSet<Index>,
    /// No more will arrive.
    pub(super) ended: bool,
    /// Indices below are delivered.
    pub(super) delivered: Index,
    /// How many items are settled, in this run.
    pub(super) settled: u64,
    /// How many of those that have arrived an earlier run has settled.
    pub(super) passed: u64,
    /// How many of them have failed; those whose outcome was an error only if that is [told
    /// apart](Scheduler::minds_errors).
    pub(super) failed: u64,
    /// How many of those are not wanted, as far as that was told.
    pub(super) dropped: u64,
    pub(super) congested: bool,
    pub(super) costs: Costs,
    /// Items in the largest chunk that is chosen.
    pub(super) largest_chunk: u64,
    /// How long items have run, if that is asked for.
    pub(super) median: Median,
    pub(super) breaker: Breaker,
    /// Nothing is begun any more, what is begun is finished.
    pub(super) halting: bool,
    pub(super) stopped: bool,
    finished: bool,
}

impl Scheduler {
    /// The start of a run.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            now: Now::ZERO,
            slots: (0..policy.workers).map(|_| SlotState::new()).collect(),
            fresh: 0..0,
            kind: 0,
            pending: BTreeMap::new(),
            suspects: BTreeMap::new(),
            holes: Holes::default(),
            cancelled: BTreeSet::new(),
            ended: false,
            delivered: 0,
            settled: 0,
            passed: 0,
            failed: 0,
            dropped: 0,
            congested: false,
            costs: Costs::default(),
            largest_chunk: LARGEST_CHUNK,
            median: Median::new(),
            breaker: Breaker::new(policy.workers, policy.retries),
            halting: false,
            stopped: false,
            finished: false,
            policy,
        }
    }

    /// With another limit to the chunks that it chooses than the usual one, which is right for results of some ten bytes
    /// that are kept for their turn.
    #[must_use]
    pub fn with_largest_chunk(self, items: u64) -> Self {
        Self { largest_chunk: items, ..self }
    }

    /// Takes note of `input`, which happened at `now`, and appends what is to be done, in order.
    ///
    /// # Panics
    /// If more items are committed or taken back than are outstanding: the caller checks what a worker says.
    pub fn step(&mut self, input: Input, now: Now, actions: &mut Vec<Action>) {
        self.now = now;
        match input {
            Input::Arrived { items, kind } => {
                debug_assert!(kind == self.kind || self.fresh.is_empty(), "one kind at a time");
                self.kind = kind;
                self.fresh.end += items;
            }
            Input::Passed { items } => {
                self.holes.insert(self.fresh.end, items);
                self.fresh.end += items;
                self.passed += items;
                self.pass_holes();
            }
            Input::Ended => self.ended = true,
            Input::Ready { slot } => {
                let state = &mut self.slots[slot.at()];
                state.phase = Phase::Ready;
                state.warm_at = now + self.policy.warm_up;
                self.breaker.started();
            }
            Input::Committed { slot, items, dropped } => {
                self.dropped += dropped;
                self.commit(slot, items, now, actions);
            }
            Input::Erred { slot } => self.erred(slot, now, actions),
            Input::Heard { slot } => self.slots[slot.at()].since = now,
            Input::Begun { slot } => {
                let state = &mut self.slots[slot.at()];
                (state.since, state.warm_at) = (now, Now::ZERO);
            }
            Input::Unwatched { time } => self.excuse(time, now),
            Input::TakenBack { slot, items } => self.taken_back(slot, items),
            Input::Condemned { slot } => {
                let phase = &mut self.slots[slot.at()].phase;
                if *phase == Phase::Ready {
                    *phase = Phase::Condemned;
                }
            }
            Input::Died { slot, death, begun } => self.died(slot, &death, begun, now, actions),
            Input::Cancel { index } => drop(self.cancelled.insert(index)),
            Input::SpawnFailed { slot } => self.start_failed(slot, None, now, actions),
            Input::Delivered { next } => self.delivered = next,
            Input::Congested(congested) => self.congested = congested,
            Input::Turn => self.turn(now, actions),
            Input::Stop => self.stopped = true,
        }
    }

    /// Items in the hands of the slot's worker.
    #[must_use]
    pub fn outstanding(&self, slot: Slot) -> u64 {
        self.slots[slot.at()].outstanding()
    }

    /// What the slot's worker runs, as far as is known: the item, which time it is (from 1), and since when.
    #[must_use]
    pub fn running(&self, slot: Slot) -> Option<(Index, u32, Now)> {
        let state = &self.slots[slot.at()];
        let (index, attempt) = state.first_attempt()?;
        Some((index, attempt + 1, state.since))
    }

    /// Items that have arrived and were never handed out.
    #[must_use]
    pub fn waiting(&self) -> u64 {
        self.fresh.end - self.fresh.start - self.holes.total()
    }

    /// Whether any worker has items.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.slots.iter().any(SlotState::is_busy)
    }

    /// How many items have a result or have failed.
    #[must_use]
    pub fn settled(&self) -> u64 {
        self.settled
    }

    fn turn(&mut self, now: Now, actions: &mut Vec<Action>) {
        if self.stopped || self.finished {
            return;
        }
        self.kill_overdue(now, actions);
        if !self.cancel(actions) {
            self.dispatch(now, actions);
        }
        let all_leased =
            self.fresh.is_empty() && self.pending.is_empty() && self.suspects.is_empty();
        if (self.halting || (self.ended && all_leased)) && !self.is_busy() {
            self.finished = true;
            actions.push(Action::Finish);
        }
    }

    fn commit(&mut self, slot: Slot, items: u64, now: Now, actions: &mut Vec<Action>) {
        let time = self.has_run(slot, now);
        self.observe_time(time, items);
        let state = &mut self.slots[slot.at()];
        let mut left = items;
        while left > 0 {
            let committed = state.commit_front(left).expect("no more than is outstanding");
            let Lease { first, items: some, attempt, kind, .. } = committed;
            self.costs.observe(kind, share(time, some, items), some);
            actions.push(Action::Settle { slot, first, items: some, attempts: attempt + 1 });
            left -= some;
        }
        self.learn_reach(slot, now);
        self.settled += items;
        self.halt_if_due(actions);
    }

    /// Takes note of what a commit has left in a worker's hands. While results wait, it is given nothing on purpose.
    pub(super) fn learn_reach(&mut self, slot: Slot, now: Now) {
        if !self.congested {
            // As many as items of hardly any cost come to at least.
            let most = self.largest_chunk.saturating_mul(2);
            self.slots[slot.at()].learn_reach(most, now);
        }
    }

    /// Takes note of a commit, and that the worker is well; how long it took.
    pub(super) fn has_run(&mut self, slot: Slot, now: Now) -> Duration {
        let state = &mut self.slots[slot.at()];
        let time = now.saturating_sub(state.since);
        state.since = now;
        state.warm_at = Now::ZERO;
        state.is_alone = false;
        state.idle_deaths = 0;
        self.breaker.settled();
        time
    }

    fn taken_back(&mut self, slot: Slot, items: u64) {
        let state = &mut self.slots[slot.at()];
        state.is_barren = items == 0;
        let mut left = items;
        while left > 0 {
            let taken = state.take_back(left).expect("no more than is outstanding");
            left -= taken.items;
            let Lease { first, items, singly, kind, .. } = taken;
            self.pending.insert(first, Innocents { items, singly, kind });
        }
    }

    /// When to take the next turn at the latest, if nothing happens before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Now> {
        if self.stopped || self.finished {
            return None;
        }
        if self.halting {
            return self.next_deadline();
        }
        [
            self.next_deadline(),
            self.next_cancel(),
            self.next_lease(),
            self.next_retry(),
            self.next_start(),
            self.next_take_back(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// At once, if something has become free for an idle worker since the last turn.
    fn next_lease(&self) -> Option<Now> {
        let any = self.unleased() > 0 && self.slots.iter().any(SlotState::is_idle);
        any.then_some(Now::ZERO)
    }

    /// When the next suspect may be tried again of those that may not yet.
    fn next_retry(&self) -> Option<Now> {
        let later = (self.now, Index::MAX)..;
        self.suspects.range(later).next().map(|((not_before, _), _)| *not_before)
    }
}

/// The share of `time` that `some` of `items` have taken.
fn share(time: Duration, some: u64, items: u64) -> Duration {
    if some == items {
        return time;
    }
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    time.mul_f64(some as f64 / items as f64)
}

/// The slot at a position.
pub(super) fn slot(at: usize) -> Slot {
    Slot(u32::try_from(at).expect("workers are counted in u32"))
}
