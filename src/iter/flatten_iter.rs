//! All that the items themselves yield.

use super::ProcIterator;
use super::send::{Plan, Sending};
use super::stage::{Halt, Stage, Tally};
use crate::call::{Captured, CodecError, Items};

/// What [`ProcIterator::flatten_iter`] gives.
#[derive(Debug, Clone)]
pub struct FlattenIter<I> {
    base: I,
}

impl<I> FlattenIter<I> {
    pub(super) fn new(base: I) -> Self {
        Self { base }
    }
}

impl<I> ProcIterator for FlattenIter<I>
where
    I: ProcIterator<Item: IntoIterator>,
{
    type Item = <I::Item as IntoIterator>::Item;
    type Source = I::Source;
    type Stage = FlattenIter<I::Stage>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        self.base.split(sending).of_any_number()
    }
}

impl<B> Stage for FlattenIter<B>
where
    B: Stage<Item: IntoIterator>,
{
    type Item = <B::Item as IntoIterator>::Item;
    type Form = B::Form;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self { base: B::rebuild(captured)? })
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
        self.base.drive(items, count, acc, |acc, item| item.into_iter().try_fold(acc, &mut step))
    }
}
