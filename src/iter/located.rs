//! Errors with the index of the input's item that they come from.

use super::ProcIterator;
use super::send::{Plan, Sending};
use super::stage::{Halt, Stage, Tally};
use crate::call::{Captured, CodecError, Items};

/// An iterator over results, whose errors become pairs of an index and an error. An error that stems from a fold has
/// the index of the first item that went into it.
#[derive(Debug, Clone)]
pub(super) struct Located<I> {
    base: I,
}

impl<I> Located<I> {
    pub(super) fn new(base: I) -> Self {
        Self { base }
    }
}

impl<I, T, E> ProcIterator for Located<I>
where
    I: ProcIterator<Item = Result<T, E>>,
{
    type Item = Result<T, (u64, E)>;
    type Source = I::Source;
    type Stage = Located<I::Stage>;

    fn split(self, sending: &mut Sending) -> Plan<I::Source> {
        self.base.split(sending)
    }
}

impl<B, T, E> Stage for Located<B>
where
    B: Stage<Item = Result<T, E>>,
{
    type Item = Result<T, (u64, E)>;
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
        let first = items.index();
        self.base.drive(items, count, acc, |acc, item| {
            let index = first + u64::from(acc.settled());
            step(acc, item.map_err(|error| (index, error)))
        })
    }
}
