//! Ranges of whole numbers: nothing travels, the index says which number it is.

use std::iter::Rev;
use std::marker::PhantomData;
use std::ops;

use super::send::{Plan, Sending};
use super::source::{Selection, Source};
use super::stage::{Halt, IndexedStage, Indices, Stage, Tally};
use super::{IndexedProcIterator, IntoProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Items};

/// The numbers of a range.
///
/// ```
/// use pmap::prelude::*;
///
/// pmap::init();
/// let bytes: Vec<u8> = (250..=255_u8).into_proc_iter().collect();
/// assert_eq!(bytes, [250, 251, 252, 253, 254, 255]);
/// ```
#[derive(Debug, Clone)]
pub struct Range<T> {
    start: i64,
    step: i64,
    count: u64,
    of: PhantomData<fn() -> T>,
}

/// A whole number that 64 bits hold. Numbers from 2^63 on travel as those 2^64 below them.
pub trait Integer: Copy + PartialOrd + 'static {
    #[doc(hidden)]
    fn to_bits(self) -> i64;
    #[doc(hidden)]
    fn of_bits(bits: i64) -> Self;
    #[doc(hidden)]
    fn to_wide(self) -> i128;
    #[doc(hidden)]
    fn plus(self, other: Self) -> Self;
}

macro_rules! integers {
    ($($number:ty)*) => {
        $(
            #[allow(
                clippy::cast_lossless,
                clippy::cast_possible_truncation,
                clippy::cast_possible_wrap,
                clippy::cast_sign_loss,
                trivial_numeric_casts,
                reason = "there and back, nothing is lost; which of these a cast is differs from type to type"
            )]
            impl Integer for $number {
                #[inline]
                fn to_bits(self) -> i64 {
                    self as i64
                }

                #[inline]
                fn of_bits(bits: i64) -> Self {
                    bits as Self
                }

                fn to_wide(self) -> i128 {
                    self as i128
                }

                #[inline]
                fn plus(self, other: Self) -> Self {
                    self.wrapping_add(other)
                }
            }
        )*
    };
}

integers!(i8 i16 i32 i64 isize u8 u16 u32 u64 usize);

impl<T: Integer> Range<T> {
    fn new(start: T, count: i128) -> Self {
        let count = u64::try_from(count.max(0)).expect("a range has less than 2^64 numbers");
        Self { start: start.to_bits(), step: 1, count, of: PhantomData }
    }
}

/// The same bits: indices and numbers are multiplied modulo 2^64.
#[inline]
#[expect(clippy::cast_possible_wrap, reason = "it is meant to")]
fn wrapped(bits: u64) -> i64 {
    bits as i64
}

impl<T: Integer> IntoProcIterator for ops::Range<T> {
    type Item = T;
    type Iter = Range<T>;

    fn into_proc_iter(self) -> Range<T> {
        Range::new(self.start, self.end.to_wide() - self.start.to_wide())
    }
}

/// # Panics
/// If it has 2^64 numbers, as `0..=u64::MAX` has.
impl<T: Integer> IntoProcIterator for ops::RangeInclusive<T> {
    type Item = T;
    type Iter = Range<T>;

    fn into_proc_iter(self) -> Range<T> {
        let count =
            if self.is_empty() { 0 } else { self.end().to_wide() - self.start().to_wide() + 1 };
        Range::new(*self.start(), count)
    }
}

/// A range from its end: `(0..10).rev()`.
impl<T: Integer, R> IntoProcIterator for Rev<R>
where
    R: DoubleEndedIterator<Item = T> + IntoProcIterator<Item = T, Iter = Range<T>>,
{
    type Item = T;
    type Iter = Range<T>;

    fn into_proc_iter(mut self) -> Range<T> {
        let count = self.size_hint().0 as u64;
        let start = self.next().map_or(0, Integer::to_bits);
        Range { start, step: -1, count, of: PhantomData }
    }
}

impl<T: Integer> ProcIterator for Range<T> {
    type Item = T;
    type Source = Self;
    type Stage = Numbers<T>;

    fn split(self, sending: &mut Sending) -> Plan<Self> {
        sending.value(&self.start);
        sending.value(&self.step);
        let items = self.count;
        Plan::new(self, Some(items))
    }
}

impl<T: Integer> IndexedProcIterator for Range<T> {
    fn select(&mut self, selection: Selection) {
        self.count = selection.count(self.count);
        match selection {
            Selection::Skip(count) => {
                self.start = self.start.wrapping_add(self.step.wrapping_mul(wrapped(count)));
            }
            Selection::Take(_) => {}
            Selection::StepBy(step) => self.step = self.step.wrapping_mul(wrapped(step.get())),
        }
    }
}

impl<T> Source for Range<T> {
    const TRAVELS: bool = false;

    fn count(&self) -> u64 {
        self.count
    }

    fn put(&mut self, _: &mut Vec<u8>) -> bool {
        let is_there = self.count > 0;
        self.count = self.count.saturating_sub(1);
        is_there
    }
}

/// The numbers of a range, in a worker.
pub struct Numbers<T> {
    start: i64,
    step: i64,
    of: PhantomData<fn() -> T>,
}

impl<T: Integer> Numbers<T> {
    #[inline]
    fn number(&self, index: u64) -> T {
        T::of_bits(self.start.wrapping_add(self.step.wrapping_mul(wrapped(index))))
    }
}

impl<T: Integer> Stage for Numbers<T> {
    type Item = T;
    type Form = Indices;
    const FOLDS: bool = false;

    fn rebuild(captured: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self { start: captured.value()?, step: captured.value()?, of: PhantomData })
    }

    #[inline]
    fn drive<A, S>(
        &mut self,
        items: &mut Items<'_>,
        count: u32,
        mut acc: A,
        mut step: S,
    ) -> Result<A, Halt>
    where
        A: Tally,
        S: FnMut(A, T) -> Result<A, Halt>,
    {
        // From number to number: to multiply 64-bit numbers, a vector unit needs a dozen instructions.
        let (mut number, stride) = (self.number(items.index()), T::of_bits(self.step));
        for _ in 0..count {
            acc = step(acc, number)?;
            acc.settle();
            number = number.plus(stride);
        }
        items.advance(count, items.bytes());
        Ok(acc)
    }
}

impl<T: Integer> IndexedStage for Numbers<T> {
    #[inline]
    fn one(&mut self, index: u64, _: &mut &[u8]) -> Result<T, CodecError> {
        Ok(self.number(index))
    }
}
