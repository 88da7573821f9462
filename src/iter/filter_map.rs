//! What a function makes of the items that it keeps.

use super::ProcIterator;
use super::send::{Plan, Sending};
use super::stage::{Halt, Stage, Tally};
use crate::call::{Captured, CodecError, Function, Items};

/// What [`ProcIterator::filter_map`] gives.
#[derive(Clone)]
pub struct FilterMap<I, F> {
    base: I,
    f: Function<F>,
}

impl<I, F: 'static> FilterMap<I, F> {
    pub(super) fn new(base: I, f: F) -> Self {
        Self { base, f: Function::new(f) }
    }
}

impl<I, F, R> ProcIterator for FilterMap<I, F>
where
    I: ProcIterator,
    F: Fn(I::Item) -> Option<R> + 'static,
{
    type Item = R;
    type Source = I::Source;
    type Stage = FilterMap<I::Stage, F>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending).of_any_number();
        sending.function(self.f);
        plan
    }
}

impl<B, F, R> Stage for FilterMap<B, F>
where
    B: Stage,
    F: Fn(B::Item) -> Option<R> + 'static,
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
        self.base.drive(items, count, acc, |acc, item| match f(item) {
            Some(value) => step(acc, value),
            None => Ok(acc),
        })
    }
}
