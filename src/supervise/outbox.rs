//! Leases on their way into the downlink. Each is pushed whole, then granted, and only then the next one is
//! begun; a worker relies on that order (see `README.md`).

use std::collections::VecDeque;

use crate::error::Violation;
use crate::shm::SupervisorEnd;
use crate::source::{Content, Piece};
use crate::wire::{Lease, Payload};

/// A lease as bytes.
struct Parcel {
    bytes: Vec<u8>,
    /// How many of the bytes are in the ring.
    pushed: usize,
    items: u32,
}

/// Leases that are not yet granted.
#[derive(Default)]
pub(super) struct Outbox {
    parcels: VecDeque<Parcel>,
    /// Sequence of the next item to be put here.
    next: u32,
}

impl Outbox {
    /// Puts a lease behind the others.
    pub(super) fn put(&mut self, piece: Piece<'_>, attempt: u32) {
        let items = u32::try_from(piece.items).expect("a chunk has at most u32::MAX items");
        let (payload, text) = match piece.content {
            Content::Range { start, step } => (Payload::Range { start, step }, &[][..]),
            Content::Lines(text) => (Payload::Lines { length: text.len() as u64 }, text),
        };
        let lease = Lease { sequence: self.next, items, attempt, first: piece.first, payload };
        self.next = self.next.wrapping_add(items);
        let header = lease.header();
        let mut bytes = Vec::with_capacity(header.len() + text.len());
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(text);
        self.parcels.push_back(Parcel { bytes, pushed: 0, items });
    }

    /// Moves what fits into the ring, and grants what is in it whole; whether anything was moved.
    pub(super) fn pump(&mut self, end: &mut SupervisorEnd) -> Result<bool, Violation> {
        let mut moved = false;
        while let Some(parcel) = self.parcels.front_mut() {
            let missing = &parcel.bytes[parcel.pushed..];
            let count = end.downlink.room(missing.len())?.min(missing.len());
            if count > 0 {
                end.downlink.push(&missing[..count]);
                end.downlink.publish(0);
                parcel.pushed += count;
                moved = true;
            }
            let is_whole = parcel.pushed == parcel.bytes.len();
            if !is_whole || !end.grants.grant(parcel.items)? {
                break;
            }
            moved = true;
            self.parcels.pop_front();
        }
        Ok(moved)
    }

    /// Whether [`Outbox::pump`] would move anything.
    pub(super) fn can_move(&self, end: &mut SupervisorEnd) -> Result<bool, Violation> {
        let Some(parcel) = self.parcels.front() else { return Ok(false) };
        if parcel.pushed < parcel.bytes.len() {
            Ok(end.downlink.room(1)? > 0)
        } else {
            end.grants.is_open(parcel.items)
        }
    }

    /// Takes back whole leases of which nothing is in the ring, from the last one on, as long as they have no
    /// more than `wanted` items; how many items.
    pub(super) fn take_back(&mut self, wanted: u64) -> u64 {
        let mut taken = 0;
        while let Some(last) = self.parcels.back() {
            let items = u64::from(last.items);
            if last.pushed > 0 || taken + items > wanted {
                break;
            }
            taken += items;
            self.next = self.next.wrapping_sub(last.items);
            self.parcels.pop_back();
        }
        taken
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }
}
