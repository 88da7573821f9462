//! Leases down the ring: a header of 48 bytes and, for what was read and for calls, the bytes themselves.

use zerocopy::little_endian::{I64, U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::ids::Index;

/// Bytes of a lease's header.
pub const HEADER_LEN: usize = 48;

const RANGE: u16 = 1;
const LINES: u16 = 2;
const CALL: u16 = 3;
const PART: u16 = 4;

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    kind: U16,
    /// 1: one by one.
    singly: U16,
    sequence: U32,
    items: U32,
    attempt: U32,
    first: U64,
    /// The first item of a range; where a part of a file begins; 0 otherwise.
    start: I64,
    /// Of a range; 0 otherwise.
    step: I64,
    /// Bytes that follow, or that a part of a file has; 0 for a range.
    length: U64,
}

const _: () = assert!(size_of::<Header>() == HEADER_LEN);

/// Where a lease's items come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Payload {
    /// `start`, `start + step`, …
    Range {
        /// The first item.
        start: i64,
        /// From one item to the next.
        step: i64,
    },
    /// So many bytes behind the header: text in whole lines, or whole binary numbers.
    Lines {
        /// How many bytes.
        length: u64,
    },
    /// So many bytes of a [`Call`](super::Call) behind the header.
    Call {
        /// How many bytes.
        length: u64,
    },
    /// Whole lines, or whole binary numbers, that are so many bytes of the file that came with the welcome.
    Part {
        /// Where it begins.
        offset: u64,
        /// How many bytes.
        length: u64,
    },
}

impl Payload {
    /// How many bytes follow the header.
    #[must_use]
    pub fn length(self) -> u64 {
        match self {
            Self::Range { .. } | Self::Part { .. } => 0,
            Self::Lines { length } | Self::Call { length } => length,
        }
    }
}

/// A contiguous run of items given to a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    /// The sequence of the first item in this worker's claim word.
    pub sequence: u32,
    /// How many items; at least 1.
    pub items: u32,
    /// How often these items were started before: 0 for the first time.
    pub attempt: u32,
    /// Whether to claim and commit every item by itself, so that a death tells which one it was: they were in the
    /// hands of a worker that died in the middle of a block.
    pub singly: bool,
    /// The first item's index.
    pub first: Index,
    /// The items.
    pub payload: Payload,
}

impl Lease {
    /// The header's bytes.
    #[must_use]
    pub fn header(&self) -> [u8; HEADER_LEN] {
        let (kind, start, step, length) = match self.payload {
            Payload::Range { start, step } => (RANGE, start, step, 0),
            Payload::Lines { length } => (LINES, 0, 0, length),
            Payload::Call { length } => (CALL, 0, 0, length),
            Payload::Part { offset, length } => (PART, offset as i64, 0, length),
        };
        let header = Header {
            kind: kind.into(),
            singly: u16::from(self.singly).into(),
            sequence: self.sequence.into(),
            items: self.items.into(),
            attempt: self.attempt.into(),
            first: self.first.into(),
            start: start.into(),
            step: step.into(),
            length: length.into(),
        };
        zerocopy::transmute!(header)
    }

    /// The lease of a header; `None` if the bytes are no header.
    #[must_use]
    pub fn parse(bytes: &[u8; HEADER_LEN]) -> Option<Self> {
        let header: Header = zerocopy::transmute!(*bytes);
        let payload = match header.kind.get() {
            RANGE => Payload::Range { start: header.start.get(), step: header.step.get() },
            LINES => Payload::Lines { length: header.length.get() },
            CALL => Payload::Call { length: header.length.get() },
            PART => {
                Payload::Part { offset: header.start.get() as u64, length: header.length.get() }
            }
            _ => return None,
        };
        Some(Self {
            sequence: header.sequence.get(),
            items: header.items.get(),
            attempt: header.attempt.get(),
            singly: header.singly.get() == 1,
            first: header.first.get(),
            payload,
        })
    }
}
