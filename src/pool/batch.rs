//! Input on its way into a pool, some items at a time.

use std::time::{Duration, Instant};

use crate::call::{Value, put, put_refusal};

/// A batch has no more items than this, and bytes not much more than that: it is what is read ahead while no worker
/// has it.
const ITEMS: usize = 4096;
const BYTES: usize = 64 << 10;

/// Items that take longer than this to come are not held back for a full batch.
const PATIENCE: Duration = Duration::from_millis(1);

/// Some values, one after the other, as [`crate::call::put`] writes them. One that refuses to be written is there as
/// its refusal, which fails its item where it is read.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// All their bytes.
    pub(crate) bytes: Vec<u8>,
    /// Where each ends.
    pub(crate) ends: Vec<usize>,
}

impl Batch {
    /// Appends a value.
    pub(crate) fn push<T: Value>(&mut self, value: &T) {
        if let Err(error) = put(value, &mut self.bytes) {
            put_refusal(&error, &mut self.bytes);
        }
        self.end_item();
    }

    /// An item was appended to the bytes.
    pub(crate) fn end_item(&mut self) {
        self.ends.push(self.bytes.len());
    }
}

/// Fills batches: one item first, so that it is on its way at once, then more, as long as they come fast.
#[derive(Debug)]
pub(crate) struct Filler {
    limit: usize,
}

impl Filler {
    pub(crate) fn new() -> Self {
        Self { limit: 1 }
    }

    /// Calls `append`, which adds an item to the batch or says false, until there are enough or no more; whether
    /// there may be more.
    pub(crate) fn fill(
        &mut self,
        batch: &mut Batch,
        mut append: impl FnMut(&mut Batch) -> bool,
    ) -> bool {
        let started = Instant::now();
        let has_more = loop {
            if batch.ends.len() >= self.limit || batch.bytes.len() >= BYTES {
                break true;
            }
            if !append(batch) {
                break false;
            }
        };
        self.limit = if started.elapsed() < PATIENCE {
            (self.limit * 2).min(ITEMS)
        } else {
            (self.limit / 2).max(1)
        };
        has_more
    }
}
