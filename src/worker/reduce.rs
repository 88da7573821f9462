//! Outcomes as partial results: of all items of a block one, unless some of them fail.

use super::evaluate::Sink;
use crate::call::Outcomes;
use crate::task::{Lanes, Partial};
use crate::value::Value;
use crate::wire::partial;

/// Adds up what comes, until it is [finished](Reducing::finish).
pub(super) struct Reducing<'a> {
    outcomes: &'a mut Outcomes,
    /// Of the items since the last packet, and how many they are.
    partial: &'a mut Partial,
    items: u32,
}

impl<'a> Reducing<'a> {
    /// With an empty `partial`.
    pub(super) fn new(partial: &'a mut Partial, outcomes: &'a mut Outcomes) -> Self {
        Self { outcomes, partial, items: 0 }
    }

    /// Ends the packet of what has come.
    pub(super) fn finish(&mut self) {
        if self.items > 0 {
            let packet = self.outcomes.begin();
            partial::append(&self.partial.take(), self.outcomes.values());
            self.outcomes.end(packet, std::mem::take(&mut self.items));
        }
    }
}

impl Sink for Reducing<'_> {
    fn minds_places(&self) -> bool {
        false
    }

    fn results(&mut self, results: Lanes<'_>) {
        self.partial.add_lanes(results);
        // A block has no more than fit.
        self.items += results.len() as u32;
    }

    fn result(&mut self, result: &Value) {
        match self.partial.add(result) {
            Ok(()) => self.items += 1,
            Err(error) => self.failed(&error.to_string()),
        }
    }

    fn failed(&mut self, why: &str) {
        // It stands for an item of its own, between those before it and those behind it.
        self.finish();
        self.outcomes.fail_saying(why);
    }

    fn dropped(&mut self, items: u32) {
        self.items += items;
    }
}
