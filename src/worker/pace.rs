//! How many items are claimed, evaluated and committed at a time.

use std::time::{Duration, Instant};

/// The largest block: its numbers fit the first-level cache, and one costs some microseconds.
const LARGEST: u32 = 512;

/// What a block may cost: it is what a death loses, what a take-back waits for, and how late a result is.
const TARGET: Duration = Duration::from_micros(50);

/// Finds the block size at which a block of the task costs about [`TARGET`].
pub(super) struct Pace {
    block: u32,
    adapts: bool,
}

impl Pace {
    /// Blocks start small and grow, or there are none: then items are taken one by one, so that the first
    /// uncommitted item is always the one that is running.
    pub(super) fn new(in_blocks: bool) -> Self {
        Self { block: if in_blocks { 8 } else { 1 }, adapts: in_blocks }
    }

    /// Items to claim next.
    pub(super) fn block(&self) -> u32 {
        self.block
    }

    /// Runs a block of `items` and learns from what it cost.
    pub(super) fn timed(&mut self, items: u32, run: impl FnOnce()) {
        if !self.adapts {
            return run();
        }
        let start = Instant::now();
        run();
        let cost = start.elapsed();
        if cost > TARGET * 2 {
            self.block = (items / 2).max(1);
        } else if cost < TARGET / 2 && items == self.block {
            self.block = (self.block * 2).min(LARGEST);
        }
    }
}
