//! A look at each item.

use super::send::{Plan, Sending};
use super::source::Selection;
use super::stage::{Halt, IndexedStage, Stage, Tally};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Function, Items};

/// What [`ProcIterator::inspect`] gives.
#[derive(Clone)]
pub struct Inspect<I, F> {
    base: I,
    look: Function<F>,
}

impl<I, F: 'static> Inspect<I, F> {
    pub(super) fn new(base: I, look: F) -> Self {
        Self { base, look: Function::new(look) }
    }
}

impl<I, F> ProcIterator for Inspect<I, F>
where
    I: ProcIterator,
    F: Fn(&I::Item) + 'static,
{
    type Item = I::Item;
    type Source = I::Source;
    type Stage = Inspect<I::Stage, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        sending.function(self.look);
        plan
    }
}

impl<I, F> IndexedProcIterator for Inspect<I, F>
where
    I: IndexedProcIterator,
    F: Fn(&I::Item) + 'static,
{
    fn select(&mut self, selection: Selection) {
        self.base.select(selection);
    }
}

impl<B, F> Stage for Inspect<B, F>
where
    B: Stage,
    F: Fn(&B::Item) + 'static,
{
    type Item = B::Item;
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self { base: B::rebuild(captured)?, look: captured.function()? })
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
        let look = self.look.get();
        self.base.drive(items, count, acc, |acc, item| {
            look(&item);
            step(acc, item)
        })
    }
}

impl<B, F> IndexedStage for Inspect<B, F>
where
    B: IndexedStage,
    F: Fn(&B::Item) + 'static,
{
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<Self::Item, CodecError> {
        let item = self.base.one(index, bytes)?;
        self.look.get()(&item);
        Ok(item)
    }
}
