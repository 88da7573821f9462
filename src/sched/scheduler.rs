//! The state of a run and what each event does to it. Handing out work is in `dispatch`.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use std::time::Duration;

use super::cost::Cost;
use super::restart::{Breaker, back_off};
use super::slot::{Phase, SlotState};
use super::{Action, Input, Now, Policy};
use crate::error::{Cause, Death};
use crate::ids::{Index, Slot};

/// An item in whose hands a worker died, to be tried again alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Suspect {
    pub(super) index: Index,
    /// How often it was started.
    pub(super) attempts: u32,
}

/// Decides who runs what. Every arrived index is, at any time, in exactly one place: `fresh`, `pending`,
/// `suspects`, one slot's leases, or settled.
#[derive(Debug)]
pub struct Scheduler {
    pub(super) policy: Policy,
    pub(super) slots: Vec<SlotState>,
    /// Arrived and never leased.
    pub(super) fresh: Range<Index>,
    /// Leased once and come back untouched: first item to how many.
    pub(super) pending: BTreeMap<Index, u64>,
    pub(super) suspects: VecDeque<Suspect>,
    /// No more will arrive.
    pub(super) ended: bool,
    /// Indices below are delivered.
    pub(super) delivered: Index,
    /// How many items are settled.
    pub(super) settled: u64,
    pub(super) congested: bool,
    pub(super) cost: Cost,
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
            pending: BTreeMap::new(),
            suspects: VecDeque::new(),
            ended: false,
            delivered: 0,
            settled: 0,
            congested: false,
            cost: Cost::default(),
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
            Input::Arrived { items } => self.fresh.end += items,
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
            Input::Died { slot, death } => self.died(slot, &death, now, actions),
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
        self.fresh.end - self.fresh.start
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
        self.cost.observe(now.saturating_sub(state.since), items);
        state.since = now;
        state.is_alone = false;
        state.idle_deaths = 0;
        let mut left = items;
        while left > 0 {
            let (first, items) = state.commit_front(left).expect("no more than is outstanding");
            actions.push(Action::Settle { slot, first, items });
            left -= items;
        }
        self.settled += items;
        self.breaker.settled();
    }

    fn taken_back(&mut self, slot: Slot, items: u64) {
        let state = &mut self.slots[slot.at()];
        state.is_barren = items == 0;
        let mut left = items;
        while left > 0 {
            let (first, items) = state.take_back(left).expect("no more than is outstanding");
            self.pending.insert(first, items);
            left -= items;
        }
    }

    /// The first item in the dead worker's hands is the suspect; the others are innocent.
    fn died(&mut self, slot: Slot, death: &Death, now: Now, actions: &mut Vec<Action>) {
        let state = &mut self.slots[slot.at()];
        if state.phase == Phase::Starting {
            return self.start_failed(slot, Some(death.clone()), now, actions);
        }
        let overdue = match state.phase {
            Phase::Overdue(index) => Some(index),
            _ => None,
        };
        let mut suspect = None;
        for lease in state.drain() {
            let mut first = lease.first;
            let mut items = lease.items;
            if suspect.is_none() {
                suspect = Some(Suspect { index: first, attempts: lease.attempt + 1 });
                first += 1;
                items -= 1;
            }
            if items > 0 {
                self.pending.insert(first, items);
            }
        }
        state.idle_deaths = if suspect.is_some() { 0 } else { state.idle_deaths + 1 };
        let not_before = now + back_off(state.idle_deaths);
        state.phase = Phase::Vacant { not_before };
        self.breaker.died(true);
        if let Some(Suspect { index, attempts }) = suspect {
            let mut fail = |cause| {
                actions.push(Action::Fail { slot, index, cause, attempts });
                self.settled += 1;
                self.breaker.settled();
            };
            match (overdue, self.policy.timeout) {
                (Some(overdue), Some(limit)) if overdue == index => fail(Cause::TimedOut(limit)),
                _ if attempts > self.policy.retries => fail(Cause::Died(death.clone())),
                // The overdue item was committed after all; this one happened to be next when we killed.
                (Some(_), _) if attempts == 1 => drop(self.pending.insert(index, 1)),
                (Some(_), _) => self.suspects.push_back(Suspect { index, attempts: attempts - 1 }),
                (None, _) => {
                    actions.push(Action::Retry { slot, index, attempts });
                    self.suspects.push_back(Suspect { index, attempts });
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
        [overdue, self.next_lease(), self.next_start(), self.next_take_back()]
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

/// The slot at a position.
pub(super) fn slot(at: usize) -> Slot {
    Slot(u32::try_from(at).expect("workers are counted in u32"))
}
