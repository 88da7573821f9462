//! Outcomes of a reduced run: packets of partial results, each of as many items as were reduced in one go, and of
//! failures, whose payload is their message.

use super::packet::{self, Kind, Packet};
use super::{decode, encode};
use crate::error::Violation;
use crate::task::Partial;

/// Appends a partial result's bytes.
pub fn append(partial: &Partial, out: &mut Vec<u8>) {
    // Numbers and bytes cannot refuse; an empty text would be read as no partial result at all.
    out.extend_from_slice(&encode(partial).unwrap_or_default());
}

/// The partial result that a packet holds; `None` if it holds another thing, or one of more results than items.
#[must_use]
pub fn read(packet: &Packet<'_>) -> Option<Partial> {
    let partial: Partial = decode(packet.payload).ok()?;
    (packet.kind == Kind::Values && partial.count() <= packet.items.into()).then_some(partial)
}

/// As [`packet::measure`]; what is in the packets is looked at, too.
pub(super) fn measure(bytes: &[u8], items: u64) -> Result<usize, Violation> {
    let whole = packet::measure(bytes, items)?;
    let mut rest = &bytes[..whole];
    while let Some((packet, behind)) = packet::split_first(rest) {
        if packet.kind == Kind::Values && read(&packet).is_none() {
            return Err(Violation::Framing);
        }
        rest = behind;
    }
    Ok(whole)
}
