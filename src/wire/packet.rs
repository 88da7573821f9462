//! Outcomes as packets: a header and, behind it, the values that some items yielded, or why one item yielded none.
//!
//! Only the supervisor's own record says which items they are. How many values a packet holds is for their reader to
//! find out, since an item may yield none or many.

use zerocopy::little_endian::{U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::error::Violation;

/// Bytes of a packet's header.
pub const HEADER_LEN: usize = 16;

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    kind: U32,
    items: U32,
    length: U64,
}

const _: () = assert!(size_of::<Header>() == HEADER_LEN);

/// What a packet holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// All values of its items, one after the other.
    Values = 1,
    /// A [`Fault`](super::Fault), the outcome of one item.
    Fault = 2,
}

/// Some items' outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Packet<'a> {
    /// What it holds.
    pub kind: Kind,
    /// For how many items it stands; at least 1.
    pub items: u32,
    /// What it holds.
    pub payload: &'a [u8],
}

/// A packet's header.
#[must_use]
pub fn header(kind: Kind, items: u32, length: u64) -> [u8; HEADER_LEN] {
    let header = Header { kind: (kind as u32).into(), items: items.into(), length: length.into() };
    zerocopy::transmute!(header)
}

/// The first packet of `bytes`, and what follows it; `None` if it is not all there, or is no packet.
#[must_use]
pub fn split_first(bytes: &[u8]) -> Option<(Packet<'_>, &[u8])> {
    let (raw, behind) = bytes.split_first_chunk::<HEADER_LEN>()?;
    let header: Header = zerocopy::transmute!(*raw);
    let (kind, items) = match (header.kind.get(), header.items.get()) {
        (_, 0) => return None,
        (1, items) => (Kind::Values, items),
        (2, 1) => (Kind::Fault, 1),
        _ => return None,
    };
    let length = usize::try_from(header.length.get()).ok()?;
    let (payload, rest) = behind.split_at_checked(length)?;
    Some((Packet { kind, items, payload }, rest))
}

/// The bytes of the whole packets that `bytes` begin with and that stand for `items` items together.
///
/// # Errors
/// [`Violation::Framing`] if there are no such packets.
pub fn measure(bytes: &[u8], items: u64) -> Result<usize, Violation> {
    let (mut rest, mut missing) = (bytes, items);
    while missing > 0 {
        let (packet, behind) = split_first(rest).ok_or(Violation::Framing)?;
        missing = missing.checked_sub(packet.items.into()).ok_or(Violation::Framing)?;
        rest = behind;
    }
    Ok(bytes.len() - rest.len())
}
