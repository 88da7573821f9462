//! From packets to results in order and failures by name: what programs have written, whatever it is, and what
//! [`partials`](super::partials) makes of partial results, and [`cells`](super::cells) of binary numbers.

use super::attempts::Told;
use super::crew::{Author, Commit, Next};
use super::deliver::printable;
use super::front::Front;
use crate::error::Cause;
use crate::ids::Index;
use crate::sched::Now;
use crate::wire::packet::{self, Kind, Packet};
use crate::wire::{Encoding, Mishap};

/// The next packet of a commit, unless it stands for more than `most` items.
pub(super) fn next_packet(commit: &Commit, most: u64) -> Option<Packet<'_>> {
    let (packet, _) = packet::split_first(&commit.bytes[commit.at..])?;
    (u64::from(packet.items) <= most).then_some(packet)
}

/// Bytes of a packet, its header included.
fn length(packet: &Packet<'_>) -> usize {
    packet::HEADER_LEN + packet.payload.len()
}

/// What the next outcomes of a commit are.
pub(super) fn next_outcomes(commit: &Commit) -> Next {
    let (mut items, mut rest) = (0, &commit.bytes[commit.at..]);
    while let Some((Packet { kind: Kind::Values, items: more, .. }, behind)) =
        packet::split_first(rest)
    {
        items += u64::from(more);
        rest = behind;
    }
    match items.min(commit.left) {
        0 => Next::Error,
        items => Next::Good { items, dropped: 0 },
    }
}

/// What the packets say of so many items of a commit: the bytes of their results, or why they have none. Who stands for
/// several of them says nothing of each: the bytes are the first one's.
pub(super) fn told(commit: &Commit, items: u64) -> Vec<Told> {
    told_by(commit, items, |packet, told| match packet.kind {
        Kind::Fault => told.push((0, Some(Mishap::from_bytes(packet.payload).into_cause()))),
        Kind::Values => {
            told.push((packet.payload.len() as u64, None));
            told.extend((1..packet.items).map(|_| (0, None)));
        }
    })
}

/// What `tell` takes from the packets of so many items of a commit.
pub(super) fn told_by(
    commit: &Commit,
    items: u64,
    tell: impl Fn(&Packet<'_>, &mut Vec<Told>),
) -> Vec<Told> {
    let (mut told, mut rest) = (Vec::new(), &commit.bytes[commit.at..]);
    while (told.len() as u64) < items {
        match packet::split_first(rest) {
            Some((packet, behind)) => {
                rest = behind;
                tell(&packet, &mut told);
            }
            None => told.push((0, Some(garbled()))),
        }
    }
    told
}

/// Outcomes that are measured, but cut in the middle of a lease, or of another kind: nothing that a correct worker sends.
pub(super) fn garbled() -> Cause {
    Cause::Failed("the worker's results are garbled".to_owned())
}

/// Bytes of the next packet; all that there are, if there is none: behind what is garbled, nobody knows whose anything is.
fn used(packet: Option<Packet<'_>>, commit: &Commit) -> usize {
    packet.map_or(commit.bytes.len() - commit.at, |packet| length(&packet))
}

/// Throws a commit's next outcome away.
pub(super) fn skip(commit: &mut Commit) {
    commit.at += used(next_packet(commit, 1), commit);
    commit.left -= 1;
}

impl Front<'_, '_> {
    /// As [`Front::deliver`], of packets: of bytes, of binary numbers, or of partial results.
    pub(super) fn deliver_packets(
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
            let used = used(packet, commit);
            let taken = packet.and_then(|packet| self.take_values(index, &packet, now));
            index += taken.unwrap_or_else(|| {
                let cause = packet.and_then(|packet| self.cause(&packet)).unwrap_or_else(garbled);
                self.fail_at(author, index, cause, attempts, now);
                1
            });
            commit.at += used;
        }
    }

    /// Takes what a packet brings, if it is values; for how many items it stands.
    fn take_values(&mut self, index: Index, packet: &Packet<'_>, now: Now) -> Option<u64> {
        if packet.kind != Kind::Values {
            return None;
        }
        match self.encoding {
            Encoding::Partials => return self.merge(index, packet, now),
            Encoding::Cells { .. } => return self.take_cells(index, packet, now),
            Encoding::Lines | Encoding::Packets => {}
        }
        let items = packet.items.into();
        self.delivery.pass(index, items, packet.payload, &mut self.writer, items);
        Some(items)
    }

    /// Why the item of a packet has no result, if the packet says that.
    fn cause(&self, packet: &Packet<'_>) -> Option<Cause> {
        (packet.kind == Kind::Fault).then(|| match self.encoding {
            Encoding::Partials | Encoding::Cells { .. } => Cause::Failed(printable(packet.payload)),
            Encoding::Lines | Encoding::Packets => Mishap::from_bytes(packet.payload).into_cause(),
        })
    }
}
