//! One value for each block of items, made in the worker.

use std::ops::ControlFlow;

use super::ProcIterator;
use super::send::{Plan, Sending};
use super::stage::{Halt, Stage, Tally};
use crate::call::{Captured, CodecError, Function, Items};

/// What [`ProcIterator::fold`] gives.
#[derive(Clone)]
pub struct Fold<I, ID, F> {
    base: I,
    identity: Function<ID>,
    op: Function<F>,
}

impl<I, ID, F> Fold<I, ID, F> {
    pub(super) fn new(base: I, identity: Function<ID>, op: Function<F>) -> Self {
        Self { base, identity, op }
    }
}

impl<I, ID, F, T> ProcIterator for Fold<I, ID, F>
where
    I: ProcIterator,
    ID: Fn() -> T + 'static,
    F: Fn(T, I::Item) -> T + 'static,
{
    type Item = T;
    type Source = I::Source;
    type Stage = Fold<I::Stage, ID, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending).of_any_number();
        sending.function(self.identity);
        sending.function(self.op);
        plan
    }
}

impl<B, ID, F, T> Stage for Fold<B, ID, F>
where
    B: Stage,
    ID: Fn() -> T + 'static,
    F: Fn(T, B::Item) -> T + 'static,
{
    type Item = T;
    type Form = B::Form;
    const FOLDS: bool = true;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        let base = B::rebuild(captured)?;
        Ok(Self { base, identity: captured.function()?, op: captured.function()? })
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
        S: FnMut(A, T) -> Result<A, Halt>,
    {
        let op = self.op.get();
        let partial = Partial { value: self.identity.get()(), settled: 0 };
        let partial = self.base.drive(items, count, partial, |partial, item| {
            Ok(Partial { value: op(partial.value, item), settled: partial.settled })
        })?;
        step(acc, partial.value)
    }
}

/// A fold that can end early: within a block, the rest of it is then not run.
#[derive(Clone)]
pub(super) struct FoldWhile<I, ID, F> {
    base: I,
    identity: Function<ID>,
    op: Function<F>,
}

impl<I, ID, F> FoldWhile<I, ID, F> {
    pub(super) fn new(base: I, identity: Function<ID>, op: Function<F>) -> Self {
        Self { base, identity, op }
    }
}

impl<I, ID, F, T> ProcIterator for FoldWhile<I, ID, F>
where
    I: ProcIterator,
    ID: Fn() -> T + 'static,
    F: Fn(T, I::Item) -> ControlFlow<T, T> + 'static,
{
    type Item = T;
    type Source = I::Source;
    type Stage = FoldWhile<I::Stage, ID, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending).of_any_number();
        sending.function(self.identity);
        sending.function(self.op);
        plan
    }
}

impl<B, ID, F, T> Stage for FoldWhile<B, ID, F>
where
    B: Stage,
    ID: Fn() -> T + 'static,
    F: Fn(T, B::Item) -> ControlFlow<T, T> + 'static,
{
    type Item = T;
    type Form = B::Form;
    const FOLDS: bool = true;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        let base = B::rebuild(captured)?;
        Ok(Self { base, identity: captured.function()?, op: captured.function()? })
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
        S: FnMut(A, T) -> Result<A, Halt>,
    {
        let op = self.op.get();
        let partial = Partial { value: self.identity.get()(), settled: 0 };
        let mut last = None;
        let ended =
            self.base.drive(items, count, partial, |partial, item| match op(partial.value, item) {
                ControlFlow::Continue(value) => Ok(Partial { value, settled: partial.settled }),
                ControlFlow::Break(value) => {
                    last = Some(value);
                    Err(Halt::Enough)
                }
            });
        match (ended, last) {
            (Ok(partial), _) => step(acc, partial.value),
            (Err(Halt::Enough), Some(value)) => {
                step(acc, value)?;
                Err(Halt::Enough)
            }
            (Err(halt), _) => Err(halt),
        }
    }
}

/// A fold's value on its way through a block.
struct Partial<T> {
    value: T,
    settled: u32,
}

impl<T> Tally for Partial<T> {
    #[inline]
    fn settle(&mut self) {
        self.settled += 1;
    }

    #[inline]
    fn settled(&self) -> u32 {
        self.settled
    }
}
