//! The items that a function keeps.

use super::ProcIterator;
use super::send::{Plan, Sending};
use super::stage::{Halt, Stage, Tally};
use crate::call::{Captured, CodecError, Function, Items};

/// What [`ProcIterator::filter`] gives.
#[derive(Clone)]
pub struct Filter<I, P> {
    base: I,
    keeps: Function<P>,
}

impl<I, P: 'static> Filter<I, P> {
    pub(super) fn new(base: I, keeps: P) -> Self {
        Self { base, keeps: Function::new(keeps) }
    }
}

impl<I, P> ProcIterator for Filter<I, P>
where
    I: ProcIterator,
    P: Fn(&I::Item) -> bool + 'static,
{
    type Item = I::Item;
    type Source = I::Source;
    type Stage = Filter<I::Stage, P>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        let plan = self.base.split(sending).of_any_number();
        sending.function(self.keeps);
        plan
    }
}

impl<B, P> Stage for Filter<B, P>
where
    B: Stage,
    P: Fn(&B::Item) -> bool + 'static,
{
    type Item = B::Item;
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self { base: B::rebuild(captured)?, keeps: captured.function()? })
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
        let keeps = self.keeps.get();
        self.base.drive(
            items,
            count,
            acc,
            |acc, item| if keeps(&item) { step(acc, item) } else { Ok(acc) },
        )
    }
}
