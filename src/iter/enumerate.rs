//! Items with their indices.

use super::send::{Plan, Sending};
use super::source::Selection;
use super::stage::{Halt, IndexedStage, Stage, Tally};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Items};

/// What [`IndexedProcIterator::enumerate`] gives.
#[derive(Debug, Clone)]
pub struct Enumerate<I> {
    base: I,
    /// The number of the input's first item, and how far it is from one item to the next: what was left out behind
    /// the enumeration is counted by it.
    first: u64,
    stride: u64,
}

impl<I> Enumerate<I> {
    pub(super) fn new(base: I) -> Self {
        Self { base, first: 0, stride: 1 }
    }

    /// The number of an item of the input.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "as many items as there are indices")]
    fn number(&self, index: u64) -> usize {
        self.first.wrapping_add(self.stride.wrapping_mul(index)) as usize
    }
}

impl<I: IndexedProcIterator> ProcIterator for Enumerate<I> {
    type Item = (usize, I::Item);
    type Source = I::Source;
    type Stage = Enumerate<I::Stage>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        sending.value(&self.first);
        sending.value(&self.stride);
        plan
    }
}

impl<I: IndexedProcIterator> IndexedProcIterator for Enumerate<I> {
    fn select(&mut self, selection: Selection) {
        match selection {
            Selection::Skip(count) => {
                self.first = self.first.saturating_add(self.stride.saturating_mul(count));
            }
            Selection::Take(_) => {}
            Selection::StepBy(step) => self.stride = self.stride.saturating_mul(step.get()),
        }
        self.base.select(selection);
    }
}

impl<B: IndexedStage> Stage for Enumerate<B> {
    type Item = (usize, B::Item);
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        let base = B::rebuild(captured)?;
        Ok(Self { base, first: captured.value()?, stride: captured.value()? })
    }

    #[inline]
    fn drive<A, S>(
        &mut self,
        items: &mut Items<'_>,
        count: u32,
        acc: A,
        mut step: S,
    ) -> Result<A, Halt>
    where
        A: Tally,
        S: FnMut(A, Self::Item) -> Result<A, Halt>,
    {
        let mut number = self.number(items.index());
        let stride = self.number(1).wrapping_sub(self.number(0));
        self.base.drive(items, count, acc, |acc, item| {
            let numbered = (number, item);
            number = number.wrapping_add(stride);
            step(acc, numbered)
        })
    }
}

impl<B: IndexedStage> IndexedStage for Enumerate<B> {
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<Self::Item, CodecError> {
        Ok((self.number(index), self.base.one(index, bytes)?))
    }
}
