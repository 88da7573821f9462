//! Two chains side by side.

use super::send::{Plan, Sending};
use super::source::{Selection, Source};
use super::stage::{Halt, IndexedStage, Stage, Tally, drive_source};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Items};

/// What [`IndexedProcIterator::zip`] gives.
#[derive(Debug, Clone)]
pub struct Zip<A, B> {
    a: A,
    b: B,
}

impl<A, B> Zip<A, B> {
    pub(super) fn new(a: A, b: B) -> Self {
        Self { a, b }
    }
}

impl<A, B> ProcIterator for Zip<A, B>
where
    A: IndexedProcIterator,
    B: IndexedProcIterator,
{
    type Item = (A::Item, B::Item);
    type Source = Zip<A::Source, B::Source>;
    type Stage = Zip<A::Stage, B::Stage>;

    fn split(self, sending: &mut Sending) -> Plan<Self::Source> {
        let (a, b) = (self.a.split(sending), self.b.split(sending));
        let (min_len, max_len) = (a.min_len.max(b.min_len), a.max_len.min(b.max_len));
        let yields = a.yields.zip(b.yields).map(|(a, b)| a.min(b));
        Plan { source: Zip { a: a.source, b: b.source }, min_len, max_len, yields }
    }
}

impl<A, B> IndexedProcIterator for Zip<A, B>
where
    A: IndexedProcIterator,
    B: IndexedProcIterator,
{
    fn select(&mut self, selection: Selection) {
        self.a.select(selection);
        self.b.select(selection);
    }
}

impl<A: Source, B: Source> Source for Zip<A, B> {
    const TRAVELS: bool = A::TRAVELS || B::TRAVELS;

    fn count(&self) -> u64 {
        self.a.count().min(self.b.count())
    }

    fn put(&mut self, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        let is_there = self.a.put(out) && self.b.put(out);
        if !is_there {
            out.truncate(start);
        }
        is_there
    }
}

impl<A: IndexedStage, B: IndexedStage> Stage for Zip<A, B> {
    type Item = (A::Item, B::Item);
    type Form = (A::Form, B::Form);
    const FOLDS: bool = A::FOLDS || B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self { a: A::rebuild(captured)?, b: B::rebuild(captured)? })
    }

    #[inline]
    fn drive<T, S>(&mut self, items: &mut Items<'_>, count: u32, acc: T, step: S) -> Result<T, Halt>
    where
        T: Tally,
        S: FnMut(T, Self::Item) -> Result<T, Halt>,
    {
        drive_source(self, items, count, acc, step)
    }
}

impl<A: IndexedStage, B: IndexedStage> IndexedStage for Zip<A, B> {
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<Self::Item, CodecError> {
        Ok((self.a.one(index, bytes)?, self.b.one(index, bytes)?))
    }
}
