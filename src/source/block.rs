//! What was read at a time, kept until all of its items are settled.

use super::Form;
use crate::ids::Index;

/// Whole items and where they stand in the input.
pub(super) struct Block {
    pub(super) first: Index,
    pub(super) items: u64,
    /// Number of the first line, from 0.
    pub(super) first_line: u64,
    pub(super) text: Vec<u8>,
    /// Where the text begins in a file from which workers read it themselves.
    pub(super) offset: Option<u64>,
    pub(super) settled: u64,
    /// The place behind the items handed out last: (items, bytes) from the start. The next ones usually follow.
    pub(super) cursor: (u64, usize),
}

impl Block {
    /// Where the first `items` items end, in bytes.
    pub(super) fn offset_behind(&mut self, form: Form, items: u64) -> usize {
        if items == self.items {
            return self.text.len();
        }
        let (from, at) = if items >= self.cursor.0 { self.cursor } else { (0, 0) };
        let at = at + form.split_after(&self.text[at..], items - from);
        self.cursor = (items, at);
        at
    }
}
