//! Results that came before their turn.

use std::collections::BTreeMap;
use std::io;

use super::writer::Writer;
use crate::ids::Index;
use crate::journal::{self, Ranges};

/// What an entry costs beside its bytes, about.
const ENTRY: usize = 96;

/// Results of consecutive items, failed ones included, which have no bytes.
#[derive(Default)]
struct Early {
    items: u64,
    bytes: Vec<u8>,
    /// How far it was seen when results were last saved.
    seen: Extent,
    /// How far it is saved.
    saved: Extent,
}

/// The begin of an entry, in items and in bytes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Extent {
    items: u64,
    bytes: usize,
}

/// Takes the results of some items to be saved: the first item, how many, and their results.
type Save<'a> = dyn FnMut(Index, u64, &[u8]) -> io::Result<()> + 'a;

impl Early {
    fn extent(&self) -> Extent {
        Extent { items: self.items, bytes: self.bytes.len() }
    }

    /// Saves what is not saved of the begin of the entry, up to `end`.
    fn save(&mut self, first: Index, end: Extent, save: &mut Save<'_>) -> io::Result<()> {
        let begin = std::mem::replace(&mut self.saved, end);
        if begin == end {
            return Ok(());
        }
        save(first + begin.items, end.items - begin.items, &self.bytes[begin.bytes..end.bytes])
    }
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
            writer.mark(first, items);
            self.advance(first, items, writer);
        } else {
            self.keep(first, items, bytes);
            bytes.clear();
        }
    }

    /// Takes the results of `items` items from `first` on.
    pub(super) fn put(&mut self, first: Index, items: u64, bytes: &[u8], writer: &mut Writer) {
        if self.is_next(first) {
            writer.push(bytes);
            writer.mark(first, items);
            self.advance(first, items, writer);
        } else {
            self.keep(first, items, bytes);
        }
    }

    /// Lets everything go that waits for its turn, in order.
    pub(super) fn flush(&mut self, writer: &mut Writer) {
        self.held = 0;
        for (first, mut early) in std::mem::take(&mut self.early) {
            writer.push_owned(&mut early.bytes);
            writer.mark(first, early.items);
        }
    }

    /// Goes on with an earlier run, in which these items were delivered, and others wait for their turn. Where there are
    /// gaps between those that were delivered, the order has gone on without them.
    pub(super) fn go_on(
        &mut self,
        delivered: &Ranges,
        early: BTreeMap<Index, journal::Early>,
        writer: &mut Writer,
    ) {
        let next = if self.ordered { delivered.end() } else { delivered.len() };
        self.next = next;
        for (first, journal::Early { items, results: bytes }) in early {
            self.held += bytes.len() + ENTRY;
            let mut early = Early { items, bytes, ..Early::default() };
            (early.seen, early.saved) = (early.extent(), early.extent());
            self.early.insert(first, early);
        }
        self.advance(next, 0, writer);
    }

    /// Saves results that have waited since the last time.
    pub(super) fn save_old(&mut self, save: &mut Save<'_>) -> io::Result<()> {
        for (first, early) in &mut self.early {
            let now = early.extent();
            let old = std::mem::replace(&mut early.seen, now);
            early.save(*first, old, save)?;
        }
        Ok(())
    }

    /// Saves all results that wait.
    pub(super) fn save_all(&mut self, save: &mut Save<'_>) -> io::Result<()> {
        self.early
            .iter_mut()
            .try_for_each(|(first, early)| early.save(*first, early.extent(), save))
    }

    /// Whether its results go out at once. Those before the next one are of items that failed in an earlier run; their
    /// place has gone by.
    fn is_next(&self, first: Index) -> bool {
        !self.ordered || first <= self.next
    }

    fn advance(&mut self, first: Index, items: u64, writer: &mut Writer) {
        if self.ordered && first < self.next {
            return;
        }
        self.next += items;
        while let Some(entry) = self.early.first_entry() {
            if *entry.key() != self.next {
                return;
            }
            let mut early = entry.remove();
            self.next += early.items;
            self.held -= early.bytes.len() + ENTRY;
            writer.push_owned(&mut early.bytes);
            writer.mark(self.next - early.items, early.items);
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
        let early = Early { items, bytes: bytes.to_vec(), ..Early::default() };
        self.early.insert(first, early);
    }
}
