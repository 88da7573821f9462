//! From packets of bytes to results in order and failures by name: what programs have written, whatever it is.

use super::crew::{Author, Commit, Next};
use super::front::Front;
use crate::error::Cause;
use crate::ids::Index;
use crate::sched::Now;
use crate::wire::Mishap;
use crate::wire::packet::{self, Kind, Packet};

/// The next packet of a commit, unless it stands for more than `most` items.
fn next_packet(commit: &Commit, most: u64) -> Option<Packet<'_>> {
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

/// Throws a commit's next outcome away.
pub(super) fn skip(commit: &mut Commit) {
    commit.at += next_packet(commit, 1).map_or(0, |packet| length(&packet));
    commit.left -= 1;
}

impl Front<'_, '_> {
    /// As [`Front::deliver`], of packets.
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
            let (used, items) = match next_packet(commit, end - index) {
                Some(packet @ Packet { kind: Kind::Values, items, payload }) => {
                    let items = items.into();
                    self.delivery.pass(index, items, payload, &mut self.writer, items);
                    (length(&packet), items)
                }
                Some(packet @ Packet { kind: Kind::Fault, .. }) => {
                    let cause = Mishap::from_bytes(packet.payload).into_cause();
                    self.fail_at(author, index, cause, attempts, now);
                    (length(&packet), 1)
                }
                None => {
                    // Measured, but cut in the middle of a lease: nothing that a correct worker sends.
                    let cause = Cause::Failed("the worker's results are garbled".to_owned());
                    self.fail_at(author, index, cause, attempts, now);
                    (0, 1)
                }
            };
            commit.at += used;
            index += items;
        }
    }

    fn fail_at(&mut self, author: Author, index: Index, cause: Cause, attempts: u32, now: Now) {
        self.report(&author.failure(index, cause, attempts), now);
        self.note_failed(index);
        self.delivery.pass_over(index, &mut self.writer);
    }
}
