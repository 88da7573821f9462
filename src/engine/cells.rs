//! From packets of binary numbers to results in order: what workers have packed is written as it stands.

use super::attempts::Told;
use super::crew::{Commit, Next};
use super::deliver::printable;
use super::front::Front;
use super::packets::{next_packet, told_by};
use crate::error::Cause;
use crate::ids::Index;
use crate::sched::Now;
use crate::wire::cells::{CELL, count};
use crate::wire::packet::{Kind, Packet};

/// As [`Host::next_outcomes`](super::Host::next_outcomes).
pub(super) fn next_outcomes(commit: &Commit) -> Next {
    let packet = next_packet(commit, commit.left);
    match packet.and_then(|packet| Some((u64::from(packet.items), count(&packet)?))) {
        Some((items, cells)) => Next::Good { items, dropped: items - cells },
        None => Next::Error,
    }
}

/// As [`packets::told`](super::packets::told). Workers who are asked for places give items with results packets without
/// others.
pub(super) fn told(commit: &Commit, items: u64) -> Vec<Told> {
    told_by(commit, items, |packet, told| match packet.kind {
        Kind::Fault => told.push((0, Some(Cause::Failed(printable(packet.payload))))),
        Kind::Values => {
            let cells = count(packet).unwrap_or(0);
            let bytes = |at: u32| if u64::from(at) < cells { CELL as u64 } else { 0 };
            told.extend((0..packet.items).map(|at| (bytes(at), None)));
        }
    })
}

impl Front<'_, '_> {
    /// Takes the cells of a packet; for how many items it stands.
    pub(super) fn take_cells(
        &mut self,
        first: Index,
        packet: &Packet<'_>,
        now: Now,
    ) -> Option<u64> {
        let (items, cells) = (u64::from(packet.items), count(packet)?);
        self.delivery.pass(first, items, packet.payload, &mut self.writer, cells);
        self.drop_items(items - cells, now);
        Some(items)
    }
}

#[cfg(test)]
mod tests;
