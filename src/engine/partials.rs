//! From partial results to the one result of a reduced run. Items still settle one by one or many at a time, exactly
//! once; but what a commit brings is one number for all of them.

use super::crew::{Commit, Host, Next};
use super::front::Front;
use super::packets::next_packet;
use super::run::{Engine, Phase};
use crate::error::RunError;
use crate::event::Event;
use crate::ids::Index;
use crate::sched::Now;
use crate::value::format;
use crate::wire::packet::{Kind, Packet};
use crate::wire::partial;

/// As [`Host::next_outcomes`].
pub(super) fn next_outcomes(commit: &Commit) -> Next {
    match next_packet(commit, commit.left) {
        Some(Packet { kind: Kind::Fault, .. }) | None => Next::Error,
        Some(packet) => {
            let results = partial::read(&packet).map_or(0, |partial| partial.count());
            let items = u64::from(packet.items);
            Next::Good { items, dropped: items - results }
        }
    }
}

impl Front<'_, '_> {
    /// Takes the partial result of a packet; for how many items it stands.
    pub(super) fn merge(&mut self, first: Index, packet: &Packet<'_>, now: Now) -> Option<u64> {
        let items = u64::from(packet.items);
        let results = self.total.as_mut()?.merge(first, items, &partial::read(packet)?).ok()?;
        self.delivery.pass(first, items, b"", &mut self.writer, results);
        self.drop_items(items - results, now);
        Some(items)
    }
}

impl Engine<'_, '_> {
    /// Once every item is settled, or what was finished of a halted run: the one result.
    pub(super) fn finish_total(&mut self) -> Result<(), RunError> {
        if !matches!(self.front.phase, Phase::Flushing) || self.is_halting() {
            return Ok(());
        }
        let Some(total) = self.front.total.take() else { return Ok(()) };
        match total.result() {
            Ok(number) => {
                let mut line = Vec::new();
                format::number(&number, &mut line);
                line.push(b'\n');
                self.front.writer.push(&line);
                self.front.write(self.crew.now)
            }
            Err(error) => {
                self.front.delivery.lacks_total = true;
                let (reduction, error) = (total.reduction().to_string(), error.to_string());
                let event = Event::NoTotal { reduction: &reduction, error: &error };
                self.front.hear(&event, self.crew.now);
                Ok(())
            }
        }
    }
}
