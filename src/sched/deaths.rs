//! What a death or an error means for the item that it is blamed on, and for those behind it.

use super::restart::back_off;
use super::scheduler::Scheduler;
use super::slot::Phase;
use super::{Action, Now};
use crate::error::{Cause, Class, Death};
use crate::ids::{Index, Slot};

impl Scheduler {
    /// The next item in the worker's hands has failed by itself; its worker is well.
    pub(super) fn erred(&mut self, slot: Slot, now: Now, actions: &mut Vec<Action>) {
        self.has_run(slot, 1, now);
        let front = self.slots[slot.at()].commit_front(1);
        let (index, _, attempt) = front.expect("no more than is outstanding");
        let attempts = attempt + 1;
        if self.may_try_again(Class::Error, attempts) {
            self.try_again(slot, index, attempts, Class::Error, now, actions);
        } else {
            actions.push(Action::Settle { slot, first: index, items: 1, attempts });
            self.has_failed(actions);
        }
    }

    /// An item is settled, and has no result.
    fn has_failed(&mut self, actions: &mut Vec<Action>) {
        self.settled += 1;
        self.failed += 1;
        self.breaker.settled();
        self.halt_if_due(actions);
    }

    /// The first item in the dead worker's hands is the suspect; the others are innocent.
    pub(super) fn died(&mut self, slot: Slot, death: &Death, now: Now, actions: &mut Vec<Action>) {
        let state = &mut self.slots[slot.at()];
        if state.phase == Phase::Starting {
            return self.start_failed(slot, Some(death.clone()), now, actions);
        }
        let overdue = match state.phase {
            Phase::Overdue(index, limit) => Some((index, limit)),
            _ => None,
        };
        let mut suspect = None;
        for lease in state.drain() {
            let mut first = lease.first;
            let mut items = lease.items;
            if suspect.is_none() {
                suspect = Some((first, lease.attempt + 1));
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
        if let Some((index, attempts)) = suspect {
            let cause = match overdue {
                Some((overdue, limit)) if overdue == index => Cause::TimedOut(limit),
                _ => Cause::Died(death.clone()),
            };
            let class = cause.class();
            let is_spared = overdue.is_some_and(|(overdue, _)| overdue != index);
            if is_spared && attempts <= self.policy.retries {
                // The overdue item was committed after all; this one happened to be next when we killed.
                match attempts - 1 {
                    0 => drop(self.pending.insert(index, 1)),
                    before => drop(self.suspects.insert((now, index), before)),
                }
            } else if self.may_try_again(class, attempts) {
                self.try_again(slot, index, attempts, class, now, actions);
            } else {
                actions.push(Action::Fail { slot, index, cause, attempts });
                self.has_failed(actions);
            }
        }
        self.give_up_if_hopeless(Some(death.clone()), actions);
    }

    fn may_try_again(&self, class: Class, attempts: u32) -> bool {
        attempts <= self.policy.retries && self.policy.retry_on.contains(class) && !self.halting
    }

    fn try_again(
        &mut self,
        slot: Slot,
        index: Index,
        attempts: u32,
        class: Class,
        now: Now,
        actions: &mut Vec<Action>,
    ) {
        let delay = self.policy.retry_delay.after(attempts, index, self.policy.seed);
        self.suspects.insert((now + delay, index), attempts);
        actions.push(Action::Retry { slot, index, attempts, class });
    }

    pub(super) fn start_failed(
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
}
