//! A record, and its frame in the file.

use serde::{Deserialize, Serialize};

use super::Identity;
use crate::digest::{Fingerprint, checksum};
use crate::ids::Index;

/// What every journal begins with; the last byte is the version of its form.
pub(super) const MAGIC: &[u8; 8] = b"pmapjnl\x01";

/// Bytes of a frame before its content: the length in four bytes, a checksum of those in four, and one of the content in
/// eight; all little-endian.
pub(super) const HEAD: usize = 16;

/// Something that a journal says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Record<'a> {
    /// Which run it is of; the first record, and only that.
    Identity(Identity),
    /// What has been read of the input, in whole lines.
    Input(Fingerprint),
    /// An item has failed for good. It counts from where the item is delivered, or is kept as [`Record::Early`].
    Failed(Index),
    /// The results of consecutive items that wait for those before them.
    Early {
        first: Index,
        items: u64,
        #[serde(borrow)]
        results: &'a [u8],
    },
    /// These items' results are about to be written where nothing can be taken back.
    Writing { first: Index, items: u64 },
    /// These items' results are written, and with them the output is this.
    Delivered { items: Vec<(Index, u64)>, output: Fingerprint },
    /// Every item of the run is done with.
    Finished,
}

/// The checksum of a frame's length, which tells a damaged length from a record that was not written to its end.
pub(super) fn length_check(length: [u8; 4], place: u64) -> u32 {
    checksum(&length, place) as u32
}

impl Record<'_> {
    /// Appends the record in its frame to `buffer`, the first byte of which will stand at `start` in the file.
    pub(super) fn append_to(
        &self,
        buffer: &mut Vec<u8>,
        start: u64,
    ) -> Result<(), postcard::Error> {
        let at = buffer.len();
        let place = start + at as u64;
        buffer.extend_from_slice(&[0; HEAD]);
        *buffer = postcard::to_extend(self, std::mem::take(buffer))?;
        let content = &buffer[at + HEAD..];
        let length =
            u32::try_from(content.len()).map_err(|_| postcard::Error::SerializeBufferFull)?;
        let check = checksum(content, place).to_le_bytes();
        let length = length.to_le_bytes();
        buffer[at..at + 4].copy_from_slice(&length);
        buffer[at + 4..at + 8].copy_from_slice(&length_check(length, place).to_le_bytes());
        buffer[at + 8..at + HEAD].copy_from_slice(&check);
        Ok(())
    }

    /// From the content of a frame whose checksum is right.
    pub(super) fn parse(content: &[u8]) -> Result<Record<'_>, postcard::Error> {
        postcard::from_bytes(content)
    }
}
