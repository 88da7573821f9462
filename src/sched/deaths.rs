//! What a death or an error means for the item that it is blamed on, and for those behind it.

use std::time::Duration;

use super::restart::back_off;
use super::scheduler::{Innocents, Scheduler, Suspect};
use super::slot::{Lease, Phase};
use super::{Action, Now};
use crate::error::{Cause, Class, Death};
use crate::ids::{Index, Slot};

impl Scheduler {
    /// The next item in the worker's hands has failed by itself; its worker is well.
    pub(super) fn erred(&mut self, slot: Slot, now: Now, actions: &mut Vec<Action>) {
        let time = self.has_run(slot, now);
        let front = self.slots[slot.at()].commit_front(1);
        let Lease { first, attempt, kind, .. } = front.expect("no more than is outstanding");
        self.learn_reach(slot, now);
        self.costs.observe(kind, time, 1);
        let suspect = Suspect { attempts: attempt + 1, kind };
        if self.may_try_again(Class::Error, suspect.attempts) {
            self.try_again(slot, first, suspect, Class::Error, now, actions);
        } else {
            let attempts = suspect.attempts;
            actions.push(Action::Settle { slot, first, items: 1, attempts });
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

    /// The first item in the dead worker's hands is the suspect; the others are innocent. In the middle of a block
    /// there is no telling: the `begun` items of it all come back, to be run one by one.
    pub(super) fn died(
        &mut self,
        slot: Slot,
        death: &Death,
        begun: u64,
        now: Now,
        actions: &mut Vec<Action>,
    ) {
        let state = &mut self.slots[slot.at()];
        if state.phase == Phase::Starting {
            return self.start_failed(slot, Some(death.clone()), now, actions);
        }
        let overdue = match state.phase {
            Phase::Overdue(index, limit) => Some((index, limit)),
            _ => None,
        };
        // Killed for an item that nobody wants, it has done nothing wrong, and neither has any item.
        let is_unwanted = state.phase == Phase::Unwanted;
        let is_nobodys = is_unwanted || (overdue.is_none() && death.is_nobodys());
        let in_block = is_nobodys || (begun >= 2 && overdue.is_none() && !state.runs_singly());
        // What was claimed and not begun is as good as what was not claimed.
        let mut of_block = if in_block && !death.is_nobodys() { begun } else { 0 };
        let is_stillborn = matches!(death, Death::Stillborn { .. });
        let has_begun = state.is_busy() && !is_stillborn;
        state.idle_deaths = if has_begun { 0 } else { state.idle_deaths + 1 };
        let mut suspect = None;
        for Lease { mut first, mut items, attempt, singly, kind } in state.drain() {
            if suspect.is_none() && !in_block {
                suspect = Some((first, Suspect { attempts: attempt + 1, kind }));
                first += 1;
                items -= 1;
            }
            if in_block && attempt > 0 {
                self.suspects.insert((now, first), Suspect { attempts: attempt, kind });
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
        if is_stillborn {
            self.breaker.died_unbegun();
        } else if !is_unwanted {
            self.breaker.died(true);
        }
        if let Some((index, suspect)) = suspect {
            self.blame(slot, index, suspect, overdue, death, now, actions);
        }
        self.give_up_if_hopeless(Some(death.clone()), actions);
    }

    /// What a death means for the item that it is blamed on.
    #[expect(clippy::too_many_arguments, reason = "a death has many sides")]
    fn blame(
        &mut self,
        slot: Slot,
        index: Index,
        suspect: Suspect,
        overdue: Option<(Index, Duration)>,
        death: &Death,
        now: Now,
        actions: &mut Vec<Action>,
    ) {
        let Suspect { attempts, kind } = suspect;
        let cause = match overdue {
            Some((overdue, limit)) if overdue == index => Cause::TimedOut(limit),
            _ => Cause::Died(death.clone()),
        };
        let class = cause.class();
        let is_spared = overdue.is_some_and(|(overdue, _)| overdue != index);
        if is_spared && attempts <= self.policy.retries {
            // The overdue item was committed after all; this one happened to be next when we killed.
            if attempts == 1 {
                self.pending.insert(index, Innocents { items: 1, singly: true, kind });
            } else {
                self.suspects.insert((now, index), Suspect { attempts: attempts - 1, kind });
            }
        } else if self.may_try_again(class, attempts) {
            self.try_again(slot, index, suspect, class, now, actions);
        } else {
            actions.push(Action::Fail { slot, index, cause, attempts });
            self.has_failed(actions);
        }
    }

    fn may_try_again(&self, class: Class, attempts: u32) -> bool {
        attempts <= self.policy.retries && self.policy.retry_on.contains(class) && !self.halting
    }

    fn try_again(
        &mut self,
        slot: Slot,
        index: Index,
        suspect: Suspect,
        class: Class,
        now: Now,
        actions: &mut Vec<Action>,
    ) {
        let attempts = suspect.attempts;
        let delay = self.policy.retry_delay.after(attempts, index, self.policy.seed);
        self.suspects.insert((now + delay, index), suspect);
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
        // One that is on its way may be all that there is room for.
        let any_alive =
            self.slots.iter().any(|state| matches!(state.phase, Phase::Ready | Phase::Starting));
        // Results that cannot be trusted are no reason to go on.
        let in_vain = (last == Some(Death::OutOfStep)).then_some(1);
        if let Some(deaths) = in_vain.or_else(|| self.breaker.trips(any_alive)) {
            actions.push(Action::GiveUp { deaths, last });
        }
    }
}
