//! How many items are claimed, evaluated and committed at a time.

use std::time::{Duration, Instant};

/// The largest block of an expression: its numbers fit the first-level cache, and one costs some microseconds.
const LARGEST: u32 = 512;

/// The largest block of a function, which may take a fraction of a nanosecond an item: so much that the handling of a
/// block, which takes the supervisor about half a microsecond, is nothing beside it, and so little that its items can be
/// run again one by one, after a death, before anybody notices.
const LARGEST_OF_FUNCTION: u32 = 1 << 17;

/// A block with more bytes of results is not made larger: it is half of a ring.
const MUCH: usize = 128 << 10;

/// What a block may cost: it is what a death loses, what a take-back waits for, and how late a result is.
const TARGET: Duration = Duration::from_micros(50);

/// Finds the block size at which a block of the task costs about [`TARGET`].
pub(super) struct Pace {
    block: u32,
    /// 1: no blocks.
    largest: u32,
}

impl Pace {
    /// Items are taken one by one, so that the first uncommitted item is always the one that is running.
    pub(super) fn singly() -> Self {
        Self { block: 1, largest: 1 }
    }

    /// Blocks for an expression that only computes. They start small and grow.
    pub(super) fn for_expression() -> Self {
        Self { block: 8, largest: LARGEST }
    }

    /// Blocks for an expression that calls a plugin: as large as others, but it may take its time from the first item on.
    pub(super) fn for_plugin() -> Self {
        Self { block: 1, largest: LARGEST }
    }

    /// Blocks for an expression whose results are reduced, so that what is committed of one does not grow with it, or are
    /// told in eight bytes each.
    pub(super) fn for_numbers() -> Self {
        Self { block: 8, largest: LARGEST_OF_FUNCTION }
    }

    /// Blocks for a function, which may take its time from the first item on.
    pub(super) fn for_function() -> Self {
        Self { block: 1, largest: LARGEST_OF_FUNCTION }
    }

    /// Items to claim next.
    pub(super) fn block(&self) -> u32 {
        self.block
    }

    /// Runs a block of `items`, which tells the bytes of its results, and learns from what it cost.
    pub(super) fn timed(&mut self, items: u32, run: impl FnOnce() -> usize) {
        if self.largest == 1 {
            run();
            return;
        }
        let start = Instant::now();
        let bytes = run();
        let cost = start.elapsed();
        if cost > TARGET * 2 {
            self.block = (items / 2).max(1);
        } else if cost < TARGET / 2 && bytes <= MUCH && items == self.block {
            self.block = (self.block * 2).min(self.largest);
        }
    }
}
