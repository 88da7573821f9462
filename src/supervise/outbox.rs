//! Leases on their way into the downlink. Each is pushed whole, then granted, and only then the next one is
//! begun; a worker relies on that order (see `README.md`).

use std::collections::{BTreeSet, VecDeque};

use crate::error::Violation;
use crate::shm::SupervisorEnd;
use crate::source::{Called, Content, Piece};
use crate::sys::failpoint;
use crate::wire::{Call, HEADER_LEN, Lease, Payload};

/// A lease that is not granted yet.
struct Parcel {
    /// Its header and text.
    bytes: Vec<u8>,
    /// How many of the bytes are in the ring.
    pushed: usize,
    items: u32,
    /// The function that it defines, if it does.
    defines: Option<u32>,
}

impl Parcel {
    /// Whether to begin with it.
    ///
    /// What is in the ring in part can be neither granted nor taken back. So a lease is begun only if all of it
    /// fits and its grant will be taken; one that is larger than the ring, only into an empty ring.
    fn can_begin(&self, end: &mut SupervisorEnd) -> Result<bool, Violation> {
        let wanted = self.bytes.len().min(end.downlink.capacity());
        Ok(end.downlink.room(wanted)? >= wanted && end.grants.is_open(self.items)?)
    }
}

/// Leases that are not yet granted. Usually there are none: a lease that fits goes straight into the ring.
#[derive(Default)]
pub(super) struct Outbox {
    parcels: VecDeque<Parcel>,
    /// The sum of their items.
    items: u64,
    /// Sequence of the next item to be put here.
    next: u32,
    /// The functions that the worker has been told of, or will be.
    told: BTreeSet<u32>,
}

impl Outbox {
    /// Puts a lease behind the others; whether it went into the ring at once.
    pub(super) fn put(
        &mut self,
        piece: Piece<'_>,
        attempt: u32,
        singly: bool,
        end: &mut SupervisorEnd,
    ) -> Result<bool, Violation> {
        let items = u32::try_from(piece.items).expect("a chunk has at most u32::MAX items");
        let mut call = Vec::new();
        let mut defines = None;
        let (payload, text) = match piece.content {
            Content::Range { start, step } => (Payload::Range { start, step }, &[][..]),
            Content::Part { offset, length } => (Payload::Part { offset, length }, &[][..]),
            Content::Lines(text) => (Payload::Lines { length: text.len() as u64 }, text),
            Content::Call(called) => {
                defines = self.tell(called, &mut call);
                (Payload::Call { length: call.len() as u64 }, call.as_slice())
            }
        };
        let first = piece.first;
        let lease = Lease { sequence: self.next, items, attempt, singly, first, payload };
        self.next = self.next.wrapping_add(items);
        let header = lease.header();

        let length = HEADER_LEN + text.len();
        let fits = self.parcels.is_empty() && end.downlink.room(length)? >= length;
        if fits && end.grants.is_open(items)? {
            end.downlink.push(&header);
            end.downlink.push(text);
            failpoint::pass("lease");
            end.downlink.publish(0);
            failpoint::pass("grant");
            let is_granted = end.grants.grant(items)?;
            debug_assert!(is_granted, "a worker can only make room for a grant");
            return Ok(true);
        }
        let mut bytes = Vec::with_capacity(length);
        bytes.extend_from_slice(&header);
        bytes.extend_from_slice(text);
        self.parcels.push_back(Parcel { bytes, pushed: 0, items, defines });
        self.items += u64::from(items);
        Ok(false)
    }

    /// Writes a call's bytes, with what the function is made of if the worker does not know it; which function it
    /// defines, if it does.
    fn tell(&mut self, called: Called<'_>, into: &mut Vec<u8>) -> Option<u32> {
        let Called { program, oldest, first, definition, items } = called;
        self.told = self.told.split_off(&oldest);
        let is_new = self.told.insert(program);
        let definition = is_new.then_some(definition);
        Call { program, oldest, first, definition, items }.append_to(into);
        is_new.then_some(program)
    }

    /// Moves what fits into the ring, and grants what is in it whole; whether anything was moved.
    pub(super) fn pump(&mut self, end: &mut SupervisorEnd) -> Result<bool, Violation> {
        let mut moved = false;
        while let Some(parcel) = self.parcels.front_mut() {
            let missing = &parcel.bytes[parcel.pushed..];
            if parcel.pushed == 0 && !parcel.can_begin(end)? {
                break;
            }
            let count = end.downlink.room(missing.len())?.min(missing.len());
            if count > 0 {
                end.downlink.push(&missing[..count]);
                failpoint::pass("pump");
                end.downlink.publish(0);
                parcel.pushed += count;
                moved = true;
            }
            if parcel.pushed < parcel.bytes.len() || !end.grants.grant(parcel.items)? {
                break;
            }
            self.items -= u64::from(parcel.items);
            self.parcels.pop_front();
        }
        Ok(moved)
    }

    /// Whether [`Outbox::pump`] would move anything.
    pub(super) fn can_move(&self, end: &mut SupervisorEnd) -> Result<bool, Violation> {
        match self.parcels.front() {
            None => Ok(false),
            Some(parcel) if parcel.pushed == 0 => parcel.can_begin(end),
            Some(_) => Ok(end.downlink.room(1)? > 0),
        }
    }

    /// Takes out whole leases of which nothing is in the ring, from the last one on, until they make up `wanted`
    /// items; how many items they have.
    pub(super) fn take_back(&mut self, wanted: u64) -> u64 {
        let mut taken = 0;
        while taken < wanted {
            let Some(last) = self.parcels.back().filter(|last| last.pushed == 0) else { break };
            taken += u64::from(last.items);
            if let Some(program) = last.defines {
                self.told.remove(&program);
            }
            self.next = self.next.wrapping_sub(last.items);
            self.parcels.pop_back();
        }
        self.items -= taken;
        taken
    }

    /// How many items are not granted yet.
    pub(super) fn items(&self) -> u64 {
        self.items
    }

    pub(super) fn is_empty(&self) -> bool {
        self.parcels.is_empty()
    }
}
