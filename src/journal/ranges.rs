//! A set of indices, as the ranges that it is made of: few, since work is done in order by and large.

use std::collections::BTreeMap;

use crate::ids::Index;

/// A set of indices.
///
/// ```
/// let mut set = pmap::journal::Ranges::default();
/// set.insert(0, 3);
/// set.insert(5, 2);
/// set.insert(3, 2);
/// assert_eq!(set.iter().collect::<Vec<_>>(), [(0, 7)]);
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ranges {
    /// Where each range ends, by where it begins. They neither touch nor overlap, and none is empty.
    ends: BTreeMap<Index, Index>,
}

impl Ranges {
    /// Adds `first..first + items`.
    pub fn insert(&mut self, first: Index, items: u64) {
        let (mut begin, mut end) = (first, first.saturating_add(items));
        if items == 0 {
            return;
        }
        if let Some((&before, &ends)) = self.ends.range(..=begin).next_back() {
            if ends >= begin {
                begin = before;
                end = end.max(ends);
            }
        }
        while let Some((&next, &ends)) = self.ends.range(begin..=end).next() {
            end = end.max(ends);
            self.ends.remove(&next);
        }
        self.ends.insert(begin, end);
    }

    /// Takes out one index.
    pub fn remove(&mut self, index: Index) {
        if let Some((&begin, &end)) = self.ends.range(..=index).next_back() {
            if index < end {
                self.ends.remove(&begin);
                for (begin, end) in [(begin, index), (index + 1, end)] {
                    if begin < end {
                        self.ends.insert(begin, end);
                    }
                }
            }
        }
    }

    /// Whether `index` is in it.
    #[must_use]
    pub fn contains(&self, index: Index) -> bool {
        self.overlaps(index, 1)
    }

    /// Whether any of `first..first + items` is in it.
    #[must_use]
    pub fn overlaps(&self, first: Index, items: u64) -> bool {
        let last = self.ends.range(..first.saturating_add(items)).next_back();
        items > 0 && last.is_some_and(|(_, end)| *end > first)
    }

    /// The ranges, each as its first index and its length.
    pub fn iter(&self) -> impl Iterator<Item = (Index, u64)> {
        self.ends.iter().map(|(begin, end)| (*begin, end - begin))
    }

    /// How many indices are in it.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.iter().map(|(_, items)| items).sum()
    }

    /// Whether nothing is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The index behind the last one; 0 if there is none.
    #[must_use]
    pub fn end(&self) -> Index {
        self.ends.last_key_value().map_or(0, |(_, end)| *end)
    }

    /// What of `first..first + items` is not in it.
    pub(super) fn missing(&self, first: Index, items: u64) -> impl Iterator<Item = (Index, u64)> {
        let parts = self.split(first, items).into_iter().filter(|(_, _, is_in)| !is_in);
        parts.map(|(first, items, _)| (first, items))
    }

    /// `first..first + items` in as few parts as possible, each with whether it is in the set.
    pub fn split(&self, first: Index, items: u64) -> Vec<(Index, u64, bool)> {
        let (mut at, end) = (first, first + items);
        let mut parts = Vec::new();
        let before = self.ends.range(..=first).next_back().map_or(first, |(begin, _)| *begin);
        for (&from, &to) in self.ends.range(before..end) {
            let (from, to) = (from.max(at), to.min(end));
            if from > at {
                parts.push((at, from - at, false));
            }
            if to > from {
                parts.push((from, to - from, true));
            }
            at = at.max(to);
        }
        if at < end {
            parts.push((at, end - at, false));
        }
        parts
    }
}
