//! Outcomes as binary numbers: a packet of them for all items of a block, unless some of them fail.

use super::evaluate::Sink;
use crate::call::{Outcomes, Packet};
use crate::task::{CellForm, Cells, Lanes};
use crate::value::Value;

/// Packs what comes, until it is [finished](Packing::finish).
pub(super) struct Packing<'a> {
    outcomes: &'a mut Outcomes,
    form: CellForm,
    /// Items that are dropped get packets of their own.
    minds_places: bool,
    /// The packet that is open.
    packet: Option<Packet>,
    /// The items that it stands for, and how many of them are dropped.
    items: u32,
    dropped: u32,
}

impl<'a> Packing<'a> {
    pub(super) fn new(cells: Cells, outcomes: &'a mut Outcomes) -> Self {
        let Cells { form, places: minds_places } = cells;
        Self { outcomes, form, minds_places, packet: None, items: 0, dropped: 0 }
    }

    /// The packet that results go to.
    fn open(&mut self) -> &mut Vec<u8> {
        if self.minds_places && self.dropped > 0 {
            self.finish();
        }
        self.packet.get_or_insert_with(|| self.outcomes.begin());
        self.outcomes.values()
    }

    /// Ends the packet of what has come.
    pub(super) fn finish(&mut self) {
        let Some(packet) = self.packet.take() else { return };
        self.dropped = 0;
        match std::mem::take(&mut self.items) {
            0 => self.outcomes.abandon(packet),
            items => self.outcomes.end(packet, items),
        }
    }
}

impl Sink for Packing<'_> {
    fn minds_places(&self) -> bool {
        self.minds_places
    }

    fn results(&mut self, mut results: Lanes<'_>) {
        while let Some(first) = results.first() {
            let form = self.form;
            let fit = form.append_lanes(results, self.open());
            // A block has no more than fit.
            self.items += fit as u32;
            results = results.behind(fit);
            if fit == 0 {
                // It says why.
                self.result(&first.into());
                results = results.behind(1);
            }
        }
    }

    fn result(&mut self, result: &Value) {
        let form = self.form;
        match form.append(result, self.open()) {
            Ok(()) => self.items += 1,
            Err(misfit) => self.failed(&misfit.to_string()),
        }
    }

    fn failed(&mut self, why: &str) {
        // It stands for an item of its own, between those before it and those behind it.
        self.finish();
        self.outcomes.fail_saying(why);
    }

    fn dropped(&mut self, items: u32) {
        if self.minds_places && self.items > self.dropped {
            self.finish();
        }
        self.packet.get_or_insert_with(|| self.outcomes.begin());
        self.items += items;
        self.dropped += items;
    }
}
