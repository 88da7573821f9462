//! From partial results to the one result of a reduced run. Items still settle one by one or many at a time, exactly
//! once; but what a commit brings is one number for all of them.

use super::crew::{Author, Commit, Host, Next};
use super::deliver::printable;
use super::front::Front;
use super::run::{Engine, Phase};
use crate::error::{Cause, RunError};
use crate::event::Event;
use crate::ids::Index;
use crate::sched::Now;
use crate::value::format;
use crate::wire::packet::{self, HEADER_LEN, Kind, Packet};
use crate::wire::partial;

/// What is next in a commit, as far as it is of at most `most` items.
fn next_packet(commit: &Commit, most: u64) -> Option<Packet<'_>> {
    let (packet, _) = packet::split_first(&commit.bytes[commit.at..])?;
    (u64::from(packet.items) <= most).then_some(packet)
}

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

/// As [`Host::skip`].
pub(super) fn skip(commit: &mut Commit) {
    commit.at += next_packet(commit, 1).map_or(0, |packet| HEADER_LEN + packet.payload.len());
    commit.left -= 1;
}

impl Front<'_, '_> {
    /// As [`Front::deliver`], of partial results.
    pub(super) fn deliver_partials(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        commit: &mut Commit,
        now: Now,
    ) {
        commit.left -= items;
        let (mut index, end) = (first, first + items);
        while index < end {
            let packet = next_packet(commit, end - index);
            let used = packet.map_or(0, |packet| HEADER_LEN + packet.payload.len());
            let merged = packet.and_then(|packet| self.merge(index, &packet));
            if let Some((items, results)) = merged {
                self.delivery.pass(index, items, b"", &mut self.writer, results);
                self.drop_items(items - results, now);
                index += items;
            } else {
                let message = match packet {
                    Some(Packet { kind: Kind::Fault, payload, .. }) => printable(payload),
                    // Measured, but cut in the middle of a lease: nothing that a correct worker sends.
                    _ => "the worker's results are garbled".to_owned(),
                };
                self.report(&author.failure(index, Cause::Failed(message), attempts), now);
                self.delivery.pass_over(index, &mut self.writer);
                index += 1;
            }
            commit.at += used;
        }
    }

    /// Takes the partial result of a packet; of how many items and results it is.
    fn merge(&mut self, first: Index, packet: &Packet<'_>) -> Option<(u64, u64)> {
        let items = u64::from(packet.items);
        let results = self.total.as_mut()?.merge(first, items, &partial::read(packet)?).ok()?;
        Some((items, results))
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
