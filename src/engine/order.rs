//! Results that came before their turn.

use std::collections::BTreeMap;

use super::writer::Writer;
use crate::ids::Index;

/// What an entry costs beside its bytes, about.
const ENTRY: usize = 96;

/// Results of consecutive items, failed ones included, which have no bytes.
struct Early {
    items: u64,
    bytes: Vec<u8>,
}

/// Puts results in the order of their items, or lets them pass as they come.
pub(super) struct Order {
    ordered: bool,
    /// Every item before this one is delivered.
    next: Index,
    early: BTreeMap<Index, Early>,
    held: usize,
}

impl Order {
    pub(super) fn new(ordered: bool) -> Self {
        Self { ordered, next: 0, early: BTreeMap::new(), held: 0 }
    }

    /// The first item that is not delivered (of an unordered run: the number of those that are).
    pub(super) fn next(&self) -> Index {
        self.next
    }

    /// Bytes of memory that hold what waits for its turn.
    pub(super) fn held(&self) -> usize {
        self.held
    }

    /// Takes all of `bytes`, the results of `items` items from `first` on, and empties it.
    pub(super) fn put_owned(
        &mut self,
        first: Index,
        items: u64,
        bytes: &mut Vec<u8>,
        writer: &mut Writer,
    ) {
        if self.is_next(first) {
            writer.push_owned(bytes);
            self.advance(items, writer);
        } else {
            self.keep(first, items, bytes);
            bytes.clear();
        }
    }

    /// Takes the results of `items` items from `first` on.
    pub(super) fn put(&mut self, first: Index, items: u64, bytes: &[u8], writer: &mut Writer) {
        if self.is_next(first) {
            writer.push(bytes);
            self.advance(items, writer);
        } else {
            self.keep(first, items, bytes);
        }
    }

    /// Lets everything go that waits for its turn, in order.
    pub(super) fn flush(&mut self, writer: &mut Writer) {
        self.held = 0;
        for (_, mut early) in std::mem::take(&mut self.early) {
            writer.push_owned(&mut early.bytes);
        }
    }

    fn is_next(&self, first: Index) -> bool {
        !self.ordered || first == self.next
    }

    fn advance(&mut self, items: u64, writer: &mut Writer) {
        self.next += items;
        while let Some(entry) = self.early.first_entry() {
            if *entry.key() != self.next {
                return;
            }
            let mut early = entry.remove();
            self.next += early.items;
            self.held -= early.bytes.len() + ENTRY;
            writer.push_owned(&mut early.bytes);
        }
    }

    fn keep(&mut self, first: Index, items: u64, bytes: &[u8]) {
        self.held += bytes.len();
        // What one worker commits piece by piece stays one entry.
        if let Some((begin, before)) = self.early.range_mut(..first).next_back() {
            if begin + before.items == first {
                before.items += items;
                before.bytes.extend_from_slice(bytes);
                return;
            }
        }
        self.held += ENTRY;
        self.early.insert(first, Early { items, bytes: bytes.to_vec() });
    }
}
