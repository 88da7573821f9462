//! How many of the input's items a worker gets at once.

use super::send::{Plan, Sending};
use super::source::Selection;
use super::{IndexedProcIterator, ProcIterator};

/// What [`ProcIterator::with_min_len`] gives.
#[derive(Debug, Clone)]
pub struct MinLen<I> {
    base: I,
    min: u64,
}

/// What [`ProcIterator::with_max_len`] gives.
#[derive(Debug, Clone)]
pub struct MaxLen<I> {
    base: I,
    max: u64,
}

impl<I> MinLen<I> {
    pub(super) fn new(base: I, min: usize) -> Self {
        Self { base, min: min as u64 }
    }
}

impl<I> MaxLen<I> {
    pub(super) fn new(base: I, max: usize) -> Self {
        Self { base, max: max.max(1) as u64 }
    }
}

impl<I: ProcIterator> ProcIterator for MinLen<I> {
    type Item = I::Item;
    type Source = I::Source;
    type Stage = I::Stage;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        Plan { min_len: plan.min_len.max(self.min), ..plan }
    }
}

impl<I: ProcIterator> ProcIterator for MaxLen<I> {
    type Item = I::Item;
    type Source = I::Source;
    type Stage = I::Stage;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        Plan { max_len: plan.max_len.min(self.max), ..plan }
    }
}

impl<I: IndexedProcIterator> IndexedProcIterator for MinLen<I> {
    fn select(&mut self, selection: Selection) {
        self.base.select(selection);
    }
}

impl<I: IndexedProcIterator> IndexedProcIterator for MaxLen<I> {
    fn select(&mut self, selection: Selection) {
        self.base.select(selection);
    }
}
