//! What a journal tells of a run, as its records are read one after the other.

use std::collections::{BTreeMap, BTreeSet};

use super::Ranges;
use super::record::Record;
use crate::digest::{Digest, Fingerprint};
use crate::ids::Index;

/// Results of consecutive items that wait for those before them; of one that has failed, what stands in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Early {
    /// How many items.
    pub items: u64,
    /// Their results, one behind the other.
    pub results: Vec<u8>,
}

/// What is known of a run that is to go on.
#[derive(Clone, Default)]
pub struct Known {
    /// Items that are delivered: their results are written, or they have failed.
    pub delivered: Ranges,
    /// Items that have failed, each of which is delivered or early.
    pub failed: BTreeSet<Index>,
    /// Results that wait for those before them, by the first item.
    pub early: BTreeMap<Index, Early>,
    /// What had been read of the input, from time to time.
    pub inputs: Vec<Fingerprint>,
    /// What had been written for all that is delivered.
    pub output: Digest,
    /// Items that were just being written where nothing can be taken back.
    pub doubtful: Ranges,
    /// The file of results held something else than the journal tells of behind what is delivered.
    pub lost_output: bool,
    /// Every item was done with.
    pub is_finished: bool,
}

impl Known {
    /// Takes note of a record, other than the first.
    pub(super) fn note(&mut self, record: Record<'_>, is_confirmed: bool) {
        match record {
            Record::Identity(_) => {}
            Record::Input(input) => self.inputs.push(input),
            Record::Failed(index) => drop(self.failed.insert(index)),
            Record::Early { first, items, results } => {
                self.early.insert(first, Early { items, results: results.to_vec() });
            }
            Record::Writing { first, items } => self.doubtful.insert(first, items),
            Record::Delivered { items, .. } if is_confirmed => {
                items.iter().for_each(|(first, items)| self.delivered.insert(*first, *items));
            }
            // Run again, or found among the early ones.
            Record::Delivered { .. } => {}
            Record::Finished => self.is_finished = true,
        }
    }

    /// Puts in order what the records have told piece by piece.
    pub(super) fn settle(&mut self) {
        let Self { delivered, failed, early, .. } = self;
        let announced = std::mem::take(&mut self.doubtful);
        for (first, items) in
            announced.iter().flat_map(|(first, items)| delivered.missing(first, items))
        {
            self.doubtful.insert(first, items);
        }
        early.retain(|first, it| !delivered.overlaps(*first, it.items));
        let is_early = |index: Index| {
            let before = early.range(..=index).next_back();
            before.is_some_and(|(first, it)| index < first + it.items)
        };
        failed.retain(|index| delivered.contains(*index) || is_early(*index));
        self.is_finished &= !self.lost_output;
    }

    /// Forgets the failures, so that those items are run again.
    pub(super) fn forget_failures(&mut self) {
        let failed = std::mem::take(&mut self.failed);
        self.is_finished &= failed.is_empty();
        self.early.retain(|first, it| failed.range(*first..first + it.items).next().is_none());
        failed.into_iter().for_each(|index| self.delivered.remove(index));
    }

    /// All items that need not be run.
    #[must_use]
    pub fn settled(&self) -> Ranges {
        let mut all = self.delivered.clone();
        self.early.iter().for_each(|(first, it)| all.insert(*first, it.items));
        all
    }

    /// Tells all of it anew, in as few records as there can be.
    pub(super) fn tell<E>(
        &self,
        mut tell: impl FnMut(Record<'_>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.inputs.iter().try_for_each(|input| tell(Record::Input(*input)))?;
        self.failed.iter().try_for_each(|index| tell(Record::Failed(*index)))?;
        for (first, Early { items, results }) in &self.early {
            tell(Record::Early { first: *first, items: *items, results })?;
        }
        if !self.delivered.is_empty() {
            let items = self.delivered.iter().collect();
            tell(Record::Delivered { items, output: self.output.fingerprint() })?;
        }
        Ok(())
    }
}
