//! The state of a run and what each event does to it. Handing out work is in `dispatch`.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::ops::Range;
use std::time::Duration;

use super::cost::Costs;
use super::restart::{Breaker, back_off};
use super::slot::{Lease, Phase, SlotState};
use super::{Action, Input, Kind, Now, Policy};
use crate::error::{Cause, Death};
use crate::ids::{Index, Slot};

/// An item in whose hands a worker died, to be tried again alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) index: Index,
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
    pub(super) slots: Vec<SlotState>,
    /// Arrived and never leased.
    pub(super) fresh: Range<Index>,
    /// What the fresh items are.
    pub(super) kind: Kind,
    /// Leased once and come back, with nobody to blame, by the first item.
    pub(super) pending: BTreeMap<Index, Innocents>,
    pub(super) suspects: VecDeque<Suspect>,
    /// Fresh items that have failed, since nobody wants them.
    pub(super) holes: BTreeSet<Index>,
    /// Items that nobody wants and that have not failed yet.
    pub(super) cancelled: BTreeSet<Index>,
    /// No more will arrive.
    pub(super) ended: bool,
    /// Indices below are delivered.
    pub(super) delivered: Index,
    /// How many items are settled.
    pub(super) settled: u64,
    pub(super) congested: bool,
    pub(super) costs: Costs,
    breaker: Breaker,
    stopped: bool,
    finished: bool,
}

impl Scheduler {
    /// The start of a run.
    #[must_use]
    pub fn new(policy: Policy) -> Self {
        Self {
            slots: (0..policy.workers).map(|_| SlotState::new()).collect(),
            fresh: 0..0,
            kind: 0,
            pending: BTreeMap::new(),
            suspects: VecDeque::new(),
            holes: BTreeSet::new(),
            cancelled: BTreeSet::new(),
            ended: false,
            delivered: 0,
            settled: 0,
            congested: false,
            costs: Costs::default(),
            breaker: Breaker::new(policy.workers, policy.retries),
            stopped: false,
            finished: false,
            policy,
        }
    }

    /// Takes note of `input`, which happened at `now`, and appends what is to be done, in order.
    ///
    /// # Panics
    /// If more items are committed or taken back than are outstanding: the caller checks what a worker says.
    pub fn step(&mut self, input: Input, now: Now, actions: &mut Vec<Action>) {
        match input {
            Input::Arrived { items, kind } => {
                debug_assert!(kind == self.kind || self.fresh.is_empty(), "one kind at a time");
                self.kind = kind;
                self.fresh.end += items;
            }
            Input::Ended => self.ended = true,
            Input::Ready { slot } => {
                self.slots[slot.at()].phase = Phase::Ready;
                self.breaker.started();
            }
            Input::Committed { slot, items } => self.commit(slot, items, now, actions),
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
        self.fresh.end - self.fresh.start - self.holes.len() as u64
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
        self.cancel(actions);
        self.dispatch(now, actions);
        let all_leased =
            self.fresh.is_empty() && self.pending.is_empty() && self.suspects.is_empty();
        if self.ended && all_leased && !self.is_busy() {
            self.finished = true;
            actions.push(Action::Finish);
        }
    }

    fn kill_overdue(&mut self, now: Now, actions: &mut Vec<Action>) {
        let Some(limit) = self.policy.timeout else { return };
        for (at, state) in self.slots.iter_mut().enumerate() {
            let Some(first) = state.first().filter(|_| state.phase == Phase::Ready) else {
                continue;
            };
            if now >= state.since + limit {
                state.phase = Phase::Overdue(first);
                actions.push(Action::Kill { slot: slot(at) });
            }
        }
    }

    fn commit(&mut self, slot: Slot, items: u64, now: Now, actions: &mut Vec<Action>) {
        let state = &mut self.slots[slot.at()];
        let time = now.saturating_sub(state.since);
        state.since = now;
        state.is_alone = false;
        state.idle_deaths = 0;
        let mut left = items;
        while left > 0 {
            let committed = state.commit_front(left).expect("no more than is outstanding");
            let Lease { first, items: some, kind, .. } = committed;
            self.costs.observe(kind, share(time, some, items), some);
            actions.push(Action::Settle { slot, first, items: some });
            left -= some;
        }
        self.settled += items;
        self.breaker.settled();
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

    /// The first item in the dead worker's hands is the suspect; the others are innocent. In the middle of a block
    /// there is no telling: the `begun` items of it all come back, to be run one by one.
    fn died(&mut self, slot: Slot, death: &Death, begun: u64, now: Now, actions: &mut Vec<Action>) {
        let state = &mut self.slots[slot.at()];
        if state.phase == Phase::Starting {
            return self.start_failed(slot, Some(death.clone()), now, actions);
        }
        let overdue = match state.phase {
            Phase::Overdue(index) => Some(index),
            _ => None,
        };
        // Killed for an item that nobody wants, it has done nothing wrong, and neither has any item.
        let in_block = state.phase == Phase::Unwanted
            || (begun >= 2 && overdue.is_none() && !state.runs_singly());
        let mut of_block = if in_block { begun } else { 0 };
        state.idle_deaths = if state.is_busy() { 0 } else { state.idle_deaths + 1 };
        let mut suspect = None;
        for Lease { mut first, mut items, attempt, singly, kind } in state.drain() {
            if suspect.is_none() && !in_block {
                suspect = Some(Suspect { index: first, attempts: attempt + 1, kind });
                first += 1;
                items -= 1;
            }
            if in_block && attempt > 0 {
                self.suspects.push_back(Suspect { index: first, attempts: attempt, kind });
                continue;
            }
            let unclear = items.min(of_block);
            of_block -= unclear;
            for (items, singly) in [(unclear, true), (items - unclear, singly)] {
                if items > 0 {
                    self.pending.insert(first, Innocents { items, singly, kind });
                    first += items;
                }
            }
        }
        let not_before = now + back_off(state.idle_deaths);
        state.phase = Phase::Vacant { not_before };
        self.breaker.died(true);
        if let Some(Suspect { index, attempts, kind }) = suspect {
            let mut fail = |cause| {
                actions.push(Action::Fail { slot, index, cause, attempts });
                self.settled += 1;
                self.breaker.settled();
            };
            match (overdue, self.policy.timeout) {
                (Some(overdue), Some(limit)) if overdue == index => fail(Cause::TimedOut(limit)),
                _ if attempts > self.policy.retries => fail(Cause::Died(death.clone())),
                // The overdue item was committed after all; this one happened to be next when we killed.
                (Some(_), _) if attempts == 1 => {
                    self.pending.insert(index, Innocents { items: 1, singly: true, kind });
                }
                (Some(_), _) => {
                    self.suspects.push_back(Suspect { index, attempts: attempts - 1, kind })
                }
                (None, _) => {
                    actions.push(Action::Retry { slot, index, attempts });
                    self.suspects.push_back(Suspect { index, attempts, kind });
                }
            }
        }
        self.give_up_if_hopeless(Some(death.clone()), actions);
    }

    fn start_failed(
        &mut self,
        slot: Slot,
        death: Option<Death>,
        now: Now,
        actions: &mut Vec<Action>,
    ) {
        let state = &mut self.slots[slot.at()];
        state.idle_deaths += 1;
        state.phase = Phase::Vacant { not_before: now + back_off(state.idle_deaths) };
        self.breaker.died(false);
        self.give_up_if_hopeless(death, actions);
    }

    fn give_up_if_hopeless(&mut self, last: Option<Death>, actions: &mut Vec<Action>) {
        let any_ready = self.slots.iter().any(|state| state.phase == Phase::Ready);
        if let Some(deaths) = self.breaker.trips(any_ready) {
            actions.push(Action::GiveUp { deaths, last });
        }
    }

    /// When to take the next turn at the latest, if nothing happens before.
    #[must_use]
    pub fn wake_at(&self) -> Option<Now> {
        if self.stopped || self.finished {
            return None;
        }
        let overdue = self.policy.timeout.and_then(|limit| self.first_deadline(limit));
        [overdue, self.next_cancel(), self.next_lease(), self.next_start(), self.next_take_back()]
            .into_iter()
            .flatten()
            .min()
    }

    fn first_deadline(&self, limit: Duration) -> Option<Now> {
        let busy = self.slots.iter().filter(|s| s.phase == Phase::Ready && s.is_busy());
        busy.map(|state| state.since + limit).min()
    }

    /// At once, if something has become free for an idle worker since the last turn.
    fn next_lease(&self) -> Option<Now> {
        let any = self.unleased() > 0 && self.slots.iter().any(SlotState::is_idle);
        any.then_some(Now::ZERO)
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
