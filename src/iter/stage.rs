//! The worker's half of a chain: its stages, driven as one loop.
//!
//! A chain is pushed, not pulled: the source's stage has the loop, and every adaptor's `drive` hands the one below it
//! a closure that does its own work and calls the closure from above. After inlining, what is left is one loop over
//! plain values, without a branch on what kind of source or adaptor there is.

use crate::call::{Captured, CodecError, Items, Value, pass};

/// Why a loop over items ended before its last one.
pub enum Halt {
    /// The rest cannot change the outcome.
    Enough,
    /// The item could not be read, or what it yielded could not be written.
    Refused(CodecError),
}

impl From<CodecError> for Halt {
    fn from(error: CodecError) -> Self {
        Self::Refused(error)
    }
}

/// What is handed through a loop. It counts the input's items that are done, so that one that fails costs no other.
pub trait Tally {
    /// One more is done, with all that it yielded.
    fn settle(&mut self);

    /// How many are done.
    fn settled(&self) -> u32;
}

/// What the items of an input look like in bytes.
pub trait Form {
    /// Passes over the next one.
    fn pass(bytes: &mut &[u8]);
}

/// No bytes at all: the item's index says it all.
pub struct Indices;

impl Form for Indices {
    fn pass(_: &mut &[u8]) {}
}

/// A value each.
pub struct Values<T>(std::marker::PhantomData<fn() -> T>);

impl<T: Value> Form for Values<T> {
    fn pass(bytes: &mut &[u8]) {
        pass::<T>(bytes);
    }
}

impl<A: Form, B: Form> Form for (A, B) {
    fn pass(bytes: &mut &[u8]) {
        A::pass(bytes);
        B::pass(bytes);
    }
}

/// A chain, or the beginning of one.
pub trait Stage: Sized + 'static {
    /// What comes out of it.
    type Item;
    /// What goes into it.
    type Form: Form;
    /// Whether it yields something for a block of items rather than for each, so that a block in which one fails has to
    /// be run again without it.
    const FOLDS: bool;

    /// Reads back what the supervisor's half wrote, in the same order.
    ///
    /// # Errors
    /// It wrote something else.
    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError>;

    /// Calls `step` with everything that the next `count` of `items` yield, and then goes on behind them. Unless all
    /// goes well, `items` stays where it was.
    ///
    /// # Errors
    /// Those of `step`, and items that cannot be read.
    fn drive<A, S>(
        &mut self,
        items: &mut Items<'_>,
        count: u32,
        acc: A,
        step: S,
    ) -> Result<A, Halt>
    where
        A: Tally,
        S: FnMut(A, Self::Item) -> Result<A, Halt>;
}

/// A chain that yields exactly one item for each of the input's.
pub trait IndexedStage: Stage {
    /// What the item with this index yields. Its bytes are the first of `bytes`, and are taken off.
    ///
    /// # Errors
    /// It cannot be read.
    fn one(&mut self, index: u64, bytes: &mut &[u8]) -> Result<Self::Item, CodecError>;
}

/// Drives a stage that has no other below it.
pub(super) fn drive_source<P, A, S>(
    source: &mut P,
    items: &mut Items<'_>,
    count: u32,
    mut acc: A,
    mut step: S,
) -> Result<A, Halt>
where
    P: IndexedStage,
    A: Tally,
    S: FnMut(A, P::Item) -> Result<A, Halt>,
{
    let first = items.index();
    let mut bytes = items.bytes();
    for index in 0..u64::from(count) {
        let item = source.one(first + index, &mut bytes)?;
        acc = step(acc, item)?;
        acc.settle();
    }
    items.advance(count, bytes);
    Ok(acc)
}
