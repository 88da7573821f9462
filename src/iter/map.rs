//! A function of each item.

use super::send::{Plan, Sending};
use super::source::Selection;
use super::stage::{Halt, IndexedStage, Stage, Tally};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Function, Items};

/// What [`ProcIterator::map`] gives.
#[derive(Clone)]
pub struct Map<I, F> {
    base: I,
    f: Function<F>,
}

impl<I, F: 'static> Map<I, F> {
    pub(super) fn new(base: I, f: F) -> Self {
        Self { base, f: Function::new(f) }
    }
}

impl<I, F, R> ProcIterator for Map<I, F>
where
    I: ProcIterator,
    F: Fn(I::Item) -> R + 'static,
{
    type Item = R;
    type Source = I::Source;
    type Stage = Map<I::Stage, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        sending.function(self.f);
        plan
    }
}

impl<I, F, R> IndexedProcIterator for Map<I, F>
where
    I: IndexedProcIterator,
    F: Fn(I::Item) -> R + 'static,
{
    fn select(&mut self, selection: Selection) {
        self.base.select(selection);
    }
}

impl<B, F, R> Stage for Map<B, F>
where
    B: Stage,
    F: Fn(B::Item) -> R + 'static,
{
    type Item = R;
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self { base: B::rebuild(captured)?, f: captured.function()? })
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
        let f = self.f.get();
        self.base.drive(items, count, acc, |acc, item| step(acc, f(item)))
    }
}

impl<B, F, R> IndexedStage for Map<B, F>
where
    B: IndexedStage,
    F: Fn(B::Item) -> R + 'static,
{
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<Self::Item, CodecError> {
        self.base.one(index, bytes).map(self.f.get())
    }
}
