//! Outcomes as binary numbers: packets of cells of eight bytes, each of as many items as were run in one go, and of
//! failures, whose payload is their message. Where items may be dropped, a packet may have fewer cells than items; how
//! many, its length says.

use super::packet::{self, Kind, Packet};
use crate::error::Violation;

/// Bytes of a cell.
pub const CELL: usize = 8;

/// How many cells a packet holds; `None` if it holds another thing, or more cells than items.
#[must_use]
pub fn count(packet: &Packet<'_>) -> Option<u64> {
    let cells = (packet.payload.len() / CELL) as u64;
    let is_whole = packet.payload.len() % CELL == 0 && cells <= packet.items.into();
    (packet.kind == Kind::Values && is_whole).then_some(cells)
}

/// As [`packet::measure`]; every packet has to have a cell for each of its items, or, if they `may_drop` out, no more
/// than that.
pub(super) fn measure(bytes: &[u8], items: u64, may_drop: bool) -> Result<usize, Violation> {
    let whole = packet::measure(bytes, items)?;
    let mut rest = &bytes[..whole];
    while let Some((packet, behind)) = packet::split_first(rest) {
        let is_right = |cells| may_drop || cells == u64::from(packet.items);
        if packet.kind == Kind::Values && !count(&packet).is_some_and(is_right) {
            return Err(Violation::Framing);
        }
        rest = behind;
    }
    Ok(whole)
}
