//! Buffers for outcomes, used again: memory that is new to a process costs more than what is written to it.

use std::ops::{Deref, Range};
use std::sync::{Arc, Mutex, PoisonError};

/// Buffers that wait on a shelf, at most.
const WAITING: usize = 8;

/// A buffer below this is made as fast as it is found.
const WORTH_KEEPING: usize = 64 << 10;

/// Bytes that are copied out of a buffer of more than so many.
const SMALL: usize = 1 << 10;
const LARGE: usize = 8 << 10;

/// Where a pool's buffers wait to be used again.
#[derive(Debug, Default)]
pub(super) struct Shelf(Mutex<Vec<Vec<u8>>>);

impl Shelf {
    /// An empty buffer.
    pub(super) fn take(&self) -> Vec<u8> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default()
    }

    fn put(&self, mut bytes: Vec<u8>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if bytes.capacity() >= WORTH_KEEPING && waiting.len() < WAITING {
            bytes.clear();
            waiting.push(bytes);
        }
    }
}

/// Bytes that several hold parts of; then their buffer goes back to its shelf.
#[derive(Debug, Default)]
pub(super) struct Buffer {
    bytes: Vec<u8>,
    shelf: Arc<Shelf>,
}

impl Buffer {
    pub(super) fn new(bytes: Vec<u8>, shelf: &Arc<Shelf>) -> Arc<Self> {
        Arc::new(Self { bytes, shelf: shelf.clone() })
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.shelf.put(std::mem::take(&mut self.bytes));
    }
}

/// A part of a buffer that others hold other parts of.
#[derive(Debug, Clone)]
pub(crate) struct Bytes {
    buffer: Arc<Buffer>,
    range: Range<usize>,
}

impl Bytes {
    /// A part of `buffer`; a copy of it if it is so small that it must not keep all of a large one.
    pub(super) fn part(buffer: &Arc<Buffer>, range: Range<usize>) -> Self {
        if range.len() <= SMALL && buffer.bytes.len() > LARGE {
            return buffer.bytes[range].to_vec().into();
        }
        Self { buffer: buffer.clone(), range }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        let range = 0..bytes.len();
        Self { buffer: Arc::new(Buffer { bytes, shelf: Arc::default() }), range }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer.bytes[self.range.clone()]
    }
}
