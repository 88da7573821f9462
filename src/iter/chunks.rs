//! Items by the vector.

use std::marker::PhantomData;
use std::num::NonZero;

use super::send::{Plan, Sending};
use super::source::{Selection, Source};
use super::stage::{Form, Halt, IndexedStage, Stage, Tally, drive_source};
use super::{IndexedProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Items, put, take};

/// What [`IndexedProcIterator::chunks`] gives.
#[derive(Debug, Clone)]
pub struct Chunks<I> {
    base: I,
    cut: Cut,
}

/// Which items make a chunk.
#[derive(Debug, Clone, Copy)]
struct Cut {
    /// So many.
    size: u64,
    /// Of so many chunks, the first one.
    stride: u64,
}

impl Cut {
    /// How many items lie from the first of a chunk to the first of the one that is so many behind it.
    fn items(self, chunks: u64) -> u64 {
        chunks.saturating_mul(self.stride).saturating_mul(self.size)
    }

    /// How many chunks so many items make.
    fn chunks(self, items: u64) -> u64 {
        items.div_ceil(self.size).div_ceil(self.stride)
    }
}

impl<I> Chunks<I> {
    pub(super) fn new(base: I, size: NonZero<u64>) -> Self {
        Self { base, cut: Cut { size: size.get(), stride: 1 } }
    }
}

impl<I: IndexedProcIterator> ProcIterator for Chunks<I> {
    type Item = Vec<I::Item>;
    type Source = Pieces<I::Source>;
    type Stage = Chunks<I::Stage>;

    fn split(self, sending: &mut Sending) -> Plan<Self::Source> {
        let plan = self.base.split(sending);
        let cut = self.cut;
        sending.value(&cut.size);
        sending.value(&cut.stride);
        let yields = plan.yields.map(|items| cut.chunks(items));
        let source = Pieces { base: plan.source, cut, is_begun: false };
        Plan {
            min_len: cut.chunks(plan.min_len),
            max_len: (plan.max_len / cut.size).max(1),
            ..Plan::new(source, yields)
        }
    }
}

impl<I: IndexedProcIterator> IndexedProcIterator for Chunks<I> {
    fn select(&mut self, selection: Selection) {
        match selection {
            Selection::Skip(count) => self.base.select(Selection::Skip(self.cut.items(count))),
            Selection::Take(count) => self.base.select(Selection::Take(self.cut.items(count))),
            Selection::StepBy(step) => self.cut.stride = self.cut.stride.saturating_mul(step.get()),
        }
    }
}

/// The supervisor's half: a chunk travels as how many items it has, and these.
pub struct Pieces<S> {
    base: S,
    cut: Cut,
    /// Whether there was a chunk before.
    is_begun: bool,
}

impl<S: Source> Source for Pieces<S> {
    const TRAVELS: bool = true;

    fn count(&self) -> u64 {
        self.cut.chunks(self.base.count())
    }

    fn put(&mut self, out: &mut Vec<u8>) -> bool {
        let start = out.len();
        if std::mem::replace(&mut self.is_begun, true) {
            for _ in 0..self.cut.items(1) - self.cut.size {
                let is_there = self.base.put(out);
                out.truncate(start);
                if !is_there {
                    return false;
                }
            }
        }
        // A number does not refuse.
        let _ = put(&0_u64, out);
        let values = out.len();
        let mut count = 0_u64;
        while count < self.cut.size && self.base.put(out) {
            count += 1;
        }
        if count == 0 {
            out.truncate(start);
            return false;
        }
        out[start..values].copy_from_slice(&count.to_le_bytes());
        true
    }
}

/// A chunk's bytes.
pub struct Counted<F>(PhantomData<fn() -> F>);

impl<F: Form> Form for Counted<F> {
    fn pass(bytes: &mut &[u8]) {
        for _ in 0..take::<u64>(bytes).unwrap_or(0) {
            F::pass(bytes);
        }
    }
}

impl<B: IndexedStage> Stage for Chunks<B> {
    type Item = Vec<B::Item>;
    type Form = Counted<B::Form>;
    const FOLDS: bool = B::FOLDS;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        let base = B::rebuild(captured)?;
        Ok(Self { base, cut: Cut { size: captured.value()?, stride: captured.value()? } })
    }

    #[inline]
    fn drive<A, S>(&mut self, items: &mut Items<'_>, count: u32, acc: A, step: S) -> Result<A, Halt>
    where
        A: Tally,
        S: FnMut(A, Self::Item) -> Result<A, Halt>,
    {
        drive_source(self, items, count, acc, step)
    }
}

impl<B: IndexedStage> IndexedStage for Chunks<B> {
    #[inline]
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<Self::Item, CodecError> {
        let first = self.cut.items(index);
        (0..take::<u64>(bytes)?).map(|at| self.base.one(first + at, bytes)).collect()
    }
}
