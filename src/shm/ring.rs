//! A single-producer single-consumer ring of bytes whose producer publishes bytes and a count of items in
//! one store.
//!
//! It cannot block, wake or resize, and it does not know where an item begins. Positions grow for ever and
//! wrap at 2^32, which is why a capacity is at most 2^30. Each side keeps its own position in private memory
//! and a possibly stale copy of the peer's; what the peer publishes is checked against them and otherwise
//! never used as a bound.

use std::sync::atomic::Ordering;

use super::words::{Bytes, Word, pack, unpack};
use crate::error::Violation;

/// The writing end.
pub struct Producer<W, B> {
    tail: W,
    head: W,
    bytes: B,
    /// The next byte to write; `published` and what was pushed since.
    position: u32,
    /// Items published, wrapping.
    items: u32,
    /// The consumer's position when last looked at; `position - head_seen` is in `0..=capacity`.
    head_seen: u32,
}

impl<W: Word, B: Bytes> Producer<W, B> {
    /// The writing end of an empty ring over zeroed words.
    pub fn new(tail: W, head: W, bytes: B) -> Self {
        Self { tail, head, bytes, position: 0, items: 0, head_seen: 0 }
    }

    /// How many bytes there are room for in all.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity() as usize
    }

    /// The writing end of an empty ring through which so many bytes and items have gone already.
    #[cfg(test)]
    pub(super) fn starting_at(tail: W, head: W, bytes: B, position: u32, items: u32) -> Self {
        Self { tail, head, bytes, position, items, head_seen: position }
    }

    /// How many bytes can be pushed. Looks at the consumer's word only if it cannot be sure of `wanted`.
    ///
    /// # Errors
    /// The consumer claims to have read what was never written.
    pub fn room(&mut self, wanted: usize) -> Result<usize, Violation> {
        let capacity = self.bytes.capacity();
        let sure = capacity - self.position.wrapping_sub(self.head_seen);
        if sure as usize >= wanted {
            return Ok(sure as usize);
        }
        // [ring-reuse] Acquire: the consumer's reads of the bytes come before our writing over them.
        let (_, head) = unpack(self.head.load(Ordering::Acquire));
        let used = self.position.wrapping_sub(head);
        if used > self.position.wrapping_sub(self.head_seen) {
            return Err(Violation::Position);
        }
        self.head_seen = head;
        Ok((capacity - used) as usize)
    }

    /// Whether more than half of the ring is unread.
    ///
    /// # Errors
    /// As [`Producer::room`].
    pub fn is_filling_up(&mut self) -> Result<bool, Violation> {
        let half = self.bytes.capacity() as usize / 2;
        Ok(self.room(half)? < half)
    }

    /// Writes bytes, unseen by the consumer until they are published.
    ///
    /// # Panics
    /// If there is no room for them, which [`Producer::room`] tells.
    pub fn push(&mut self, bytes: &[u8]) {
        let used = self.position.wrapping_sub(self.head_seen) as usize;
        assert!(used + bytes.len() <= self.bytes.capacity() as usize, "room was asked for");
        self.bytes.copy_in(self.position, bytes);
        #[expect(clippy::cast_possible_truncation, reason = "at most a capacity")]
        let length = bytes.len() as u32;
        self.position = self.position.wrapping_add(length);
    }

    /// Shows the consumer everything that was pushed, and that it completes `items` further items.
    pub fn publish(&mut self, items: u32) {
        self.items = self.items.wrapping_add(items);
        // [ring-publish] Release: whoever sees this position sees the bytes before it.
        self.tail.store(pack(self.items, self.position), Ordering::Release);
    }
}

/// What a producer has published and the consumer not yet taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fresh {
    /// Bytes that can be pulled.
    pub bytes: usize,
    /// Items completed since the last release.
    pub items: u32,
}

/// The reading end.
pub struct Consumer<W, B> {
    tail: W,
    head: W,
    bytes: B,
    /// The next byte to read.
    position: u32,
    /// The producer's position when last looked at; `tail_seen - position` is in `0..=capacity`.
    tail_seen: u32,
    /// The producer's item count when last looked at.
    items_seen: u32,
    /// The part of it that was taken note of by a release.
    items_taken: u32,
}

impl<W: Word, B: Bytes> Consumer<W, B> {
    /// The reading end of an empty ring over zeroed words.
    pub fn new(tail: W, head: W, bytes: B) -> Self {
        Self { tail, head, bytes, position: 0, tail_seen: 0, items_seen: 0, items_taken: 0 }
    }

    /// The counterpart of [`Producer::starting_at`].
    #[cfg(test)]
    pub(super) fn starting_at(tail: W, head: W, bytes: B, position: u32, items: u32) -> Self {
        let (tail_seen, items_seen, items_taken) = (position, items, items);
        Self { tail, head, bytes, position, tail_seen, items_seen, items_taken }
    }

    /// How many bytes there are room for in all.
    pub fn capacity(&self) -> usize {
        self.bytes.capacity() as usize
    }

    /// Looks at the producer's word, once.
    ///
    /// # Errors
    /// The producer claims to have written more than fits, or less than before.
    pub fn look(&mut self) -> Result<Fresh, Violation> {
        // [ring-publish] Acquire: the bytes before the position we see are there.
        let (items, tail) = unpack(self.tail.load(Ordering::Acquire));
        let unread = tail.wrapping_sub(self.position);
        if unread > self.bytes.capacity() || unread < self.tail_seen.wrapping_sub(self.position) {
            return Err(Violation::Position);
        }
        self.tail_seen = tail;
        self.items_seen = items;
        Ok(Fresh { bytes: unread as usize, items: items.wrapping_sub(self.items_taken) })
    }

    /// Appends `count` bytes to `to`.
    ///
    /// # Panics
    /// If fewer are published, which [`Consumer::look`] tells.
    pub fn pull(&mut self, count: usize, to: &mut Vec<u8>) {
        let unread = self.tail_seen.wrapping_sub(self.position) as usize;
        assert!(count <= unread, "only what is published can be pulled");
        to.reserve(count);
        let start = to.len();
        self.bytes.copy_out(self.position, &mut to.spare_capacity_mut()[..count]);
        #[expect(unsafe_code, reason = "the copy has filled the vector's spare room")]
        // SAFETY: `copy_out` initialises all of the slice it is given, which lies within the capacity.
        unsafe {
            to.set_len(start + count);
        }
        #[expect(clippy::cast_possible_truncation, reason = "at most a capacity")]
        let count = count as u32;
        self.position = self.position.wrapping_add(count);
    }

    /// Gives the producer the room of everything that was pulled, and takes note of the items that were seen.
    pub fn release(&mut self) {
        self.items_taken = self.items_seen;
        // [ring-reuse] Release: our reads of the bytes come before the producer's writing over them.
        self.head.store(pack(0, self.position), Ordering::Release);
    }
}
