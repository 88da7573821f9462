//! What the protocols need of memory: words and bytes that a peer may change at any moment.
//!
//! The protocols are generic over these two traits, so that the model checker runs the code that ships.

use std::mem::MaybeUninit;
use std::sync::atomic::Ordering;

/// A 64-bit word that two processes see.
pub trait Word {
    /// See [`std::sync::atomic::AtomicU64::load`].
    fn load(&self, order: Ordering) -> u64;
    /// See [`std::sync::atomic::AtomicU64::store`].
    fn store(&self, value: u64, order: Ordering);
    /// See [`std::sync::atomic::AtomicU64::compare_exchange`].
    ///
    /// # Errors
    /// The word's value, where it was not `current`.
    fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64>;
    /// A `SeqCst` fence between the caller's accesses to this word and to whatever else is shared. It is
    /// the word's, so that a model of a word brings its own.
    fn fence(&self);
}

/// A ring's payload: bytes addressed by an ever-growing position that wraps at 2^32.
pub trait Bytes {
    /// How many there are: a power of two, at most 2^30.
    fn capacity(&self) -> u32;
    /// Copies `from` to the positions from `position` on.
    fn copy_in(&self, position: u32, from: &[u8]);
    /// Copies the bytes from `position` on into `to`, all of it.
    fn copy_out(&self, position: u32, to: &mut [MaybeUninit<u8>]);
}

/// Two 32-bit halves of one word, which are thus published together.
pub(super) fn pack(high: u32, low: u32) -> u64 {
    (u64::from(high) << 32) | u64::from(low)
}

/// The halves of a word: (high, low).
#[expect(clippy::cast_possible_truncation, reason = "the halves are what is wanted")]
pub(super) fn unpack(word: u64) -> (u32, u32) {
    ((word >> 32) as u32, word as u32)
}
