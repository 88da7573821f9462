//! A function of each item and of state that is sent to each worker once.

use super::send::{Plan, Sending};
use super::source::Selection;
use super::stage::{Halt, IndexedStage, Stage, Tally};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Function, Items, Value};

/// What [`ProcIterator::map_with`] gives.
#[derive(Clone)]
pub struct MapWith<I, T, F> {
    base: I,
    state: T,
    f: Function<F>,
}

impl<I, T, F: 'static> MapWith<I, T, F> {
    pub(super) fn new(base: I, state: T, f: F) -> Self {
        Self { base, state, f: Function::new(f) }
    }
}

impl<I, T, F, R> ProcIterator for MapWith<I, T, F>
where
    I: ProcIterator,
    T: Value,
    F: Fn(&mut T, I::Item) -> R + 'static,
{
    type Item = R;
    type Source = I::Source;
    type Stage = MapWith<I::Stage, T, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        sending.value(&self.state);
        sending.function(self.f);
        plan
    }
}

impl<I, T, F, R> IndexedProcIterator for MapWith<I, T, F>
where
    I: IndexedProcIterator,
    T: Value,
    F: Fn(&mut T, I::Item) -> R + 'static,
{
    fn select(&mut self, selection: Selection) {
        self.base.select(selection);
    }
}

impl<B, T, F, R> Stage for MapWith<B, T, F>
where
    B: Stage,
    T: Value,
    F: Fn(&mut T, B::Item) -> R + 'static,
{
    type Item = R;
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        let base = B::rebuild(captured)?;
        Ok(Self { base, state: captured.value()?, f: captured.function()? })
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
        S: FnMut(A, R) -> Result<A, Halt>,
    {
        let (state, f) = (&mut self.state, self.f.get());
        self.base.drive(items, count, acc, |acc, item| step(acc, f(state, item)))
    }
}

impl<B, T, F, R> IndexedStage for MapWith<B, T, F>
where
    B: IndexedStage,
    T: Value,
    F: Fn(&mut T, B::Item) -> R + 'static,
{
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<R, CodecError> {
        let item = self.base.one(index, bytes)?;
        Ok(self.f.get()(&mut self.state, item))
    }
}
