//! A function of each item and of state that each worker makes for itself.

use std::marker::PhantomData;

use super::send::{Plan, Sending};
use super::source::Selection;
use super::stage::{Halt, IndexedStage, Stage, Tally};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Function, Items};

/// What [`ProcIterator::map_init`] gives.
#[derive(Clone)]
pub struct MapInit<I, INIT, F> {
    base: I,
    init: Function<INIT>,
    f: Function<F>,
}

impl<I, INIT: 'static, F: 'static> MapInit<I, INIT, F> {
    pub(super) fn new(base: I, init: INIT, f: F) -> Self {
        Self { base, init: Function::new(init), f: Function::new(f) }
    }
}

impl<I, INIT, T, F, R> ProcIterator for MapInit<I, INIT, F>
where
    I: ProcIterator,
    INIT: Fn() -> T + 'static,
    T: 'static,
    F: Fn(&mut T, I::Item) -> R + 'static,
{
    type Item = R;
    type Source = I::Source;
    type Stage = Initialised<I::Stage, INIT, T, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending);
        sending.function(self.init);
        sending.function(self.f);
        plan
    }
}

impl<I, INIT, T, F, R> IndexedProcIterator for MapInit<I, INIT, F>
where
    I: IndexedProcIterator,
    INIT: Fn() -> T + 'static,
    T: 'static,
    F: Fn(&mut T, I::Item) -> R + 'static,
{
    fn select(&mut self, selection: Selection) {
        self.base.select(selection);
    }
}

/// The same in a worker, with the worker's state, which is made before the first item.
pub struct Initialised<B, INIT, T, F> {
    base: B,
    state: T,
    f: Function<F>,
    made_by: PhantomData<fn() -> INIT>,
}

impl<B, INIT, T, F, R> Stage for Initialised<B, INIT, T, F>
where
    B: Stage,
    INIT: Fn() -> T + 'static,
    T: 'static,
    F: Fn(&mut T, B::Item) -> R + 'static,
{
    type Item = R;
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        let base = B::rebuild(captured)?;
        let init: Function<INIT> = captured.function()?;
        let f = captured.function()?;
        Ok(Self { base, state: init.get()(), f, made_by: PhantomData })
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

impl<B, INIT, T, F, R> IndexedStage for Initialised<B, INIT, T, F>
where
    B: IndexedStage,
    INIT: Fn() -> T + 'static,
    T: 'static,
    F: Fn(&mut T, B::Item) -> R + 'static,
{
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<R, CodecError> {
        let item = self.base.one(index, bytes)?;
        Ok(self.f.get()(&mut self.state, item))
    }
}
