//! Values that wait to be run, or that may have to be run again: as bytes, in the batches in which they came.

use std::collections::VecDeque;

/// Consecutive values.
struct Block {
    /// The first one, counted within its job.
    first: u64,
    bytes: Vec<u8>,
    /// Where each value ends in `bytes`.
    ends: Vec<usize>,
    /// How many values there are: once all are settled, nothing else is kept.
    items: usize,
    settled: usize,
}

/// Values in the order of their coming; a block goes when all of it is settled.
#[derive(Default)]
pub(super) struct Backlog {
    blocks: VecDeque<Block>,
    /// How many values have come.
    arrived: u64,
    held: usize,
}

impl Backlog {
    /// Adds values behind the others: all of `bytes`, each up to its end.
    pub(super) fn push(&mut self, bytes: Vec<u8>, ends: Vec<usize>) {
        if ends.is_empty() {
            return;
        }
        self.held += bytes.len();
        let first = self.arrived;
        self.arrived += ends.len() as u64;
        let items = ends.len();
        self.blocks.push_back(Block { first, bytes, ends, items, settled: 0 });
    }

    /// Adds one value, to the last block if that is small.
    pub(super) fn push_one(&mut self, value: &[u8]) {
        const SMALL: usize = 16 << 10;
        match self.blocks.back_mut() {
            Some(last) if last.settled < last.items && last.bytes.len() + value.len() <= SMALL => {
                last.bytes.extend_from_slice(value);
                last.ends.push(last.bytes.len());
                last.items += 1;
                self.arrived += 1;
                self.held += value.len();
            }
            _ => self.push(value.to_vec(), vec![value.len()]),
        }
    }

    /// None of them will be asked for any more.
    pub(super) fn clear(&mut self) {
        self.blocks.clear();
        self.held = 0;
    }

    /// Bytes that are kept.
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// The bytes of up to `most` values from `first` on, and how many these are; at least 1.
    ///
    /// # Panics
    /// If that value has not come, or is settled with all of its block.
    pub(super) fn slice(&self, first: u64, most: u64) -> (&[u8], u64) {
        let block = &self.blocks[self.block(first)];
        let at = usize::try_from(first - block.first).expect("a block fits into memory");
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        let items = most.min(block.ends.len() - at);
        let start = if at == 0 { 0 } else { block.ends[at - 1] };
        (&block.bytes[start..block.ends[at + items - 1]], items as u64)
    }

    /// Where the block that holds a value is.
    fn block(&self, value: u64) -> usize {
        let behind = self.blocks.partition_point(|block| block.first <= value);
        behind.checked_sub(1).expect("the value has come and is not settled")
    }

    /// These values will not be asked for any more.
    pub(super) fn settle(&mut self, mut first: u64, items: u64) {
        let end = first + items;
        while first < end {
            let at = self.block(first);
            let block = &mut self.blocks[at];
            let block_end = block.first + block.items as u64;
            let settled = end.min(block_end) - first;
            block.settled += usize::try_from(settled).expect("a block fits into memory");
            first += settled;
            // Not only at the front: behind a value that takes long there may be any number of others.
            if block.settled == block.items {
                self.held -= block.bytes.len();
                (block.bytes, block.ends) = (Vec::new(), Vec::new());
            }
        }
        while self.blocks.front().is_some_and(|block| block.settled == block.items) {
            self.blocks.pop_front();
        }
    }
}

#[cfg(test)]
mod tests;
