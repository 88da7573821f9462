//! Where things are in a segment.
//!
//! A segment has two halves, each a page of words followed by a ring's bytes. The worker maps the first
//! half read-only: a stray write there is its own SIGSEGV and not somebody else's input.
//!
//! ```text
//! down: | downlink tail, uplink head            | downlink bytes … |   written by the supervisor
//! up:   | downlink head, uplink tail, claim,    | uplink bytes …   |   written by the worker
//!       | both sleep words                      |                  |   (and by both, where it says so)
//! ```

use serde::{Deserialize, Serialize};

/// Bytes in front of each half's ring: one page, so that the halves can be mapped on their own.
pub(super) const WORDS: usize = 4096;

/// Distance between words, so that no two share a cache line (or a pair that is fetched together).
const LINE: usize = 128;

/// How many bytes a ring holds: a power of two from 4 KiB to 1 GiB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub struct Capacity(u32);

impl Capacity {
    /// The smallest: a page.
    pub const MIN: Self = Self(4096);

    /// The capacity of at least `bytes`, within the limits.
    #[must_use]
    pub fn at_least(bytes: usize) -> Self {
        let bytes = u32::try_from(bytes).unwrap_or(u32::MAX).clamp(1 << 12, 1 << 30);
        Self(bytes.next_power_of_two())
    }

    /// In bytes.
    #[must_use]
    pub fn bytes(self) -> u32 {
        self.0
    }
}

impl From<Capacity> for u32 {
    fn from(capacity: Capacity) -> Self {
        capacity.0
    }
}

impl TryFrom<u32> for Capacity {
    type Error = &'static str;

    fn try_from(bytes: u32) -> Result<Self, Self::Error> {
        if bytes.is_power_of_two() && (1 << 12..=1 << 30).contains(&bytes) {
            Ok(Self(bytes))
        } else {
            Err("a ring's capacity is a power of two from 4 KiB to 1 GiB")
        }
    }
}

/// The sizes of a segment's two rings, from which everything else follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// Supervisor to worker.
    pub down: Capacity,
    /// Worker to supervisor.
    pub up: Capacity,
}

/// Places of the words in the first half: only the supervisor writes them.
pub(super) mod down {
    use super::LINE;
    /// How far the supervisor has written the downlink.
    pub(in crate::shm) const TAIL: usize = 0;
    /// How far the supervisor has read the uplink.
    pub(in crate::shm) const UPLINK_HEAD: usize = LINE;
}

/// Places of the words in the second half, which the worker can write.
pub(super) mod up {
    use super::LINE;
    /// How far the worker has written the uplink, and how many items it has committed.
    pub(in crate::shm) const TAIL: usize = 0;
    /// How far the worker has read the downlink.
    pub(in crate::shm) const DOWNLINK_HEAD: usize = LINE;
    /// What is granted and what is claimed; both sides compare-and-swap.
    pub(in crate::shm) const CLAIM: usize = 2 * LINE;
    /// How deep the supervisor sleeps; both sides write.
    pub(in crate::shm) const SUPERVISOR_SLEEP: usize = 3 * LINE;
    /// How deep the worker sleeps; both sides write.
    pub(in crate::shm) const WORKER_SLEEP: usize = 4 * LINE;
}

impl Layout {
    /// Bytes of the first half.
    #[must_use]
    pub fn down_len(self) -> usize {
        WORDS + self.down.0 as usize
    }

    /// Bytes of the second half, which begins where the first one ends.
    #[must_use]
    pub fn up_len(self) -> usize {
        WORDS + self.up.0 as usize
    }

    /// Bytes of a whole segment.
    #[must_use]
    pub fn len(self) -> usize {
        self.down_len() + self.up_len()
    }

    /// Never: a segment has at least its words.
    #[must_use]
    pub fn is_empty(self) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_words_of_a_half_are_close() {
        let halves = [
            &[down::TAIL, down::UPLINK_HEAD][..],
            &[up::TAIL, up::DOWNLINK_HEAD, up::CLAIM, up::SUPERVISOR_SLEEP, up::WORKER_SLEEP],
        ];
        for words in halves {
            assert!(words.windows(2).all(|pair| pair[1] >= pair[0] + LINE), "{words:?}");
            assert!(words.iter().all(|word| word % 8 == 0 && word + LINE <= WORDS), "{words:?}");
        }
    }
}
