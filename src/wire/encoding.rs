//! In which form outcomes travel up the ring, and where they end.

use memchr::{memchr_iter, memrchr};

use super::{cells, packet, partial};
use crate::error::Violation;

/// The form of a worker's outcomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// A line an item: [`Batch`](super::Batch).
    Lines,
    /// Packets of values: [`packet`].
    Packets,
    /// Packets of partial results: [`partial`].
    Partials,
    /// Packets of binary numbers: [`cells`].
    Cells {
        /// Whether there may be fewer than items, since some are not wanted.
        may_drop: bool,
    },
}

impl Encoding {
    /// How many of the bytes are the outcomes of exactly `items` items. What follows them can only be the begin of
    /// the next one.
    ///
    /// # Errors
    /// [`Violation::Framing`] if they hold fewer or more.
    pub fn measure(self, bytes: &[u8], items: u64) -> Result<usize, Violation> {
        match self {
            Self::Lines => {
                let lines = memchr_iter(b'\n', bytes).count() as u64;
                let whole = memrchr(b'\n', bytes).map_or(0, |at| at + 1);
                if lines == items { Ok(whole) } else { Err(Violation::Framing) }
            }
            Self::Packets => packet::measure(bytes, items),
            Self::Partials => partial::measure(bytes, items),
            Self::Cells { may_drop } => cells::measure(bytes, items, may_drop),
        }
    }
}
