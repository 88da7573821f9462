//! What a stream of bytes was, in sixteen bytes: how many there were, and their XXH3. It tells whether two streams are
//! the same against accidents, not against somebody who wants to deceive.

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::{Xxh3, xxh3_64_with_seed};

/// A stream so far.
#[derive(Clone, Default)]
pub struct Digest {
    hasher: Xxh3,
    bytes: u64,
}

/// What a stream was up to some point.
///
/// ```
/// let mut one = pmap::digest::Digest::default();
/// one.update(b"12\n34\n");
/// let mut other = pmap::digest::Digest::default();
/// other.update(b"12");
/// other.update(b"\n34\n");
/// assert_eq!(one.fingerprint(), other.fingerprint());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    /// How many bytes.
    pub bytes: u64,
    /// Their digest.
    pub value: u64,
}

impl Digest {
    /// The stream goes on with `bytes`.
    pub fn update(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
        self.bytes += bytes.len() as u64;
    }

    /// How many bytes there were.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// What the stream was so far.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint { bytes: self.bytes, value: self.hasher.digest() }
    }
}

/// Of an empty stream.
impl Default for Fingerprint {
    fn default() -> Self {
        Digest::default().fingerprint()
    }
}

/// The checksum of `bytes` that stand at this place: the same bytes elsewhere have another.
#[must_use]
pub fn checksum(bytes: &[u8], place: u64) -> u64 {
    xxh3_64_with_seed(bytes, place)
}
