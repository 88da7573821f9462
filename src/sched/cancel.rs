//! Items that nobody wants any more: taken out of what waits, taken back from who has not begun them, and out of the hands
//! of who runs them by killing him.

use std::collections::BTreeSet;

use super::scheduler::{Innocents, Scheduler, slot};
use super::slot::Phase;
use super::{Action, Now};
use crate::error::Cause;
use crate::ids::{Index, Slot};

impl Scheduler {
    /// Fails the cancelled items that are in nobody's hands. One that is in somebody's is taken back, if it is not the one
    /// that he runs, or else he is killed; it fails in a later turn, when it has come back with the others. Whether
    /// anything is to be taken back: in this turn nothing may be put behind it.
    pub(super) fn cancel(&mut self, actions: &mut Vec<Action>) -> bool {
        let mut asked = BTreeSet::new();
        for index in std::mem::take(&mut self.cancelled) {
            let holder = self.slots.iter_mut().enumerate().find(|(_, state)| state.has(index));
            if let Some((at, state)) = holder {
                self.cancelled.insert(index);
                // Whoever is being killed already need not be killed again.
                if state.phase != Phase::Ready || asked.contains(&at) {
                    continue;
                }
                if state.first() != Some(index) && !state.is_barren {
                    asked.insert(at);
                    actions.push(Action::TakeBack { slot: slot(at), items: state.from(index) });
                } else {
                    state.phase = Phase::Unwanted;
                    actions.push(Action::Kill { slot: slot(at) });
                }
            } else if let Some(attempts) = self.take_out(index) {
                let (slot, cause) = (Slot(0), Cause::Cancelled);
                actions.push(Action::Fail { slot, index, cause, attempts });
                self.settled += 1;
                self.failed += 1;
                self.halt_if_due(actions);
            }
        }
        !asked.is_empty()
    }

    /// Takes an item out of what waits; how often it was started, if it was there.
    fn take_out(&mut self, index: Index) -> Option<u32> {
        let suspect = self.suspects.keys().find(|(_, suspect)| *suspect == index).copied();
        if let Some(suspect) = suspect {
            return self.suspects.remove(&suspect).map(|suspect| suspect.attempts);
        }
        if self.fresh.contains(&index) {
            if self.holes.contains(index) {
                return None;
            }
            self.holes.insert(index, 1);
            self.pass_holes();
            return Some(0);
        }
        let (first, innocents) = self.pending.range(..=index).next_back()?;
        let (first, innocents) = (*first, *innocents);
        let (before, behind) = (index - first, (first + innocents.items).checked_sub(index + 1)?);
        self.pending.remove(&first);
        for (first, items) in [(first, before), (index + 1, behind)] {
            if items > 0 {
                self.pending.insert(first, Innocents { items, ..innocents });
            }
        }
        Some(0)
    }

    /// Moves the begin of what is fresh past what has been taken out.
    pub(super) fn pass_holes(&mut self) {
        while let Some(items) = self.holes.pass(self.fresh.start) {
            self.fresh.start += items;
        }
    }

    /// At once, if there is something to cancel that nobody is being killed for.
    pub(super) fn next_cancel(&self) -> Option<Now> {
        let in_hands = |index: &Index| {
            self.slots.iter().any(|state| state.phase != Phase::Ready && state.has(*index))
        };
        self.cancelled.iter().any(|index| !in_hands(index)).then_some(Now::ZERO)
    }
}
