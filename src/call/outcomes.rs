//! Outcomes of items that are not committed yet: lines for whoever prints, packets for whoever decodes.

use crate::wire::Mishap;
use crate::wire::packet::{self, HEADER_LEN, Kind};
use crate::wire::{self, Fault};

/// Where a line or a packet ends, and for how many items it stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct End {
    pub(crate) at: usize,
    pub(crate) items: u32,
}

/// Bytes of outcomes, in whole lines or packets.
#[derive(Debug, Default)]
pub struct Outcomes {
    bytes: Vec<u8>,
    ends: Vec<End>,
}

/// A packet that is being written.
#[derive(Debug)]
#[must_use = "a packet that is begun has to be ended"]
pub struct Packet {
    start: usize,
}

impl Outcomes {
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn ends(&self) -> &[End] {
        &self.ends
    }

    /// The bytes, to append one item's line to, and what to call with where each ends.
    pub(crate) fn lines(&mut self) -> (&mut Vec<u8>, impl FnMut(usize)) {
        let ends = &mut self.ends;
        (&mut self.bytes, |at| ends.push(End { at, items: 1 }))
    }

    /// Adds the line of an item without a result.
    pub(crate) fn fail_line(&mut self, why: &str) {
        wire::push_failure(&mut self.bytes, why);
        self.ends.push(End { at: self.bytes.len(), items: 1 });
    }

    /// Adds the lines of so many items that are not wanted, at least one.
    pub(crate) fn drop_lines(&mut self, items: u32) {
        wire::push_dropped(&mut self.bytes, items);
        self.ends.push(End { at: self.bytes.len(), items });
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Begins a packet, behind which values are appended to [`Outcomes::values`].
    pub fn begin(&mut self) -> Packet {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&[0; HEADER_LEN]);
        Packet { start }
    }

    /// What is written to while a packet is open. What was there before must stay.
    pub fn values(&mut self) -> &mut Vec<u8> {
        &mut self.bytes
    }

    /// Ends a packet that stands for so many items, at least 1.
    pub fn end(&mut self, packet: Packet, items: u32) {
        self.close(packet, Kind::Values, items);
    }

    /// Drops an open packet with all that was written to it.
    pub fn abandon(&mut self, packet: Packet) {
        self.bytes.truncate(packet.start);
    }

    /// Adds the outcome of one item without a result.
    pub fn fail(&mut self, fault: &Fault) {
        let packet = self.begin();
        fault.append_to(&mut self.bytes);
        self.close(packet, Kind::Fault, 1);
    }

    /// Adds the outcome of one item whose program has no result.
    pub fn miss(&mut self, mishap: &Mishap) {
        let packet = self.begin();
        mishap.append_to(&mut self.bytes);
        self.close(packet, Kind::Fault, 1);
    }

    /// Adds the outcome of one item without a result, in words, among partial results.
    pub(crate) fn fail_saying(&mut self, why: &str) {
        let packet = self.begin();
        self.bytes.extend_from_slice(why.as_bytes());
        self.close(packet, Kind::Fault, 1);
    }

    fn close(&mut self, packet: Packet, kind: Kind, items: u32) {
        let payload = self.bytes.len() - packet.start - HEADER_LEN;
        let header = packet::header(kind, items, payload as u64);
        self.bytes[packet.start..][..HEADER_LEN].copy_from_slice(&header);
        self.ends.push(End { at: self.bytes.len(), items });
    }
}
