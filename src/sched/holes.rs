//! Fresh items that are not to be handed out, since they are settled already: single ones that nobody wants any more, and
//! whole ranges that an earlier run has settled.

use std::collections::BTreeMap;

use crate::ids::Index;

/// Items, as ranges that do not overlap.
#[derive(Debug, Default)]
pub(super) struct Holes {
    /// How many items there are from each first one on; at least 1.
    items: BTreeMap<Index, u64>,
    total: u64,
}

impl Holes {
    /// Adds items none of which is in it.
    pub(super) fn insert(&mut self, first: Index, items: u64) {
        if items > 0 {
            self.items.insert(first, items);
            self.total += items;
        }
    }

    pub(super) fn contains(&self, index: Index) -> bool {
        let before = self.items.range(..=index).next_back();
        before.is_some_and(|(first, items)| index - first < *items)
    }

    /// How many items are in it.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// The first item that is in it.
    pub(super) fn first(&self) -> Option<Index> {
        self.items.first_key_value().map(|(first, _)| *first)
    }

    /// Takes out what begins at `first`, if anything does; how many items.
    pub(super) fn pass(&mut self, first: Index) -> Option<u64> {
        let entry = self.items.first_entry().filter(|entry| *entry.key() == first)?;
        let items = entry.remove();
        self.total -= items;
        Some(items)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_it_is_found_until_it_is_passed() {
        let mut holes = Holes::default();
        for (first, items) in [(2, 3), (7, 1), (9, 0)] {
            holes.insert(first, items);
        }
        let found: Vec<Index> = (0..12).filter(|index| holes.contains(*index)).collect();
        assert_eq!(found, [2, 3, 4, 7]);
        assert_eq!((holes.first(), holes.total()), (Some(2), 4));
        assert_eq!((holes.pass(3), holes.pass(2), holes.total()), (None, Some(3), 1));
        assert_eq!((holes.pass(7), holes.first(), holes.total()), (Some(1), None, 0));
    }
}
