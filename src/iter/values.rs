//! Values that travel to the workers: of collections, and of any iterator.

use std::borrow::Borrow;
use std::collections::{
    BTreeMap, BTreeSet, HashMap, HashSet, VecDeque, btree_map, btree_set, hash_map, hash_set,
    vec_deque,
};
use std::iter::Fuse;
use std::marker::PhantomData;
use std::{array, slice, vec};

use super::send::{Plan, Sending};
use super::source::{Selection, Source};
use super::stage::{self, Halt, IndexedStage, Stage, Tally, drive_source};
use super::{IndexedProcIterator, IntoProcIterator, ProcIterator};
use crate::call::{Captured, CodecError, Items, Value, put, put_refusal, take};

/// The values `T` that an iterator yields, or references to them: what a worker gets is a copy either way. The
/// iterator runs on the thread that consumes the results, and only as far ahead as the pool wants.
#[derive(Debug, Clone)]
pub struct Values<I, T> {
    iter: Fuse<I>,
    /// How many to leave out before the next one.
    gap: u64,
    /// How many behind each that is taken.
    gaps: u64,
    left: u64,
    of: PhantomData<fn() -> T>,
}

impl<I: Iterator, T> Values<I, T> {
    pub(super) fn new(iter: I) -> Self {
        Self { iter: iter.fuse(), gap: 0, gaps: 0, left: u64::MAX, of: PhantomData }
    }

    /// How many are taken of so many.
    fn taken_of(&self, items: u64) -> u64 {
        let each = self.gaps.saturating_add(1);
        items.saturating_sub(self.gap).div_ceil(each).min(self.left)
    }
}

impl<I, T> ProcIterator for Values<I, T>
where
    I: Iterator<Item: Borrow<T>>,
    T: Value,
{
    type Item = T;
    type Source = Self;
    type Stage = Arguments<T>;

    fn split(self, _: &mut Sending) -> Plan<Self> {
        let items = match self.iter.size_hint() {
            (least, Some(most)) if least == most => Some(self.taken_of(least as u64)),
            _ => None,
        };
        Plan::new(self, items)
    }
}

impl<I, T> IndexedProcIterator for Values<I, T>
where
    I: Iterator<Item: Borrow<T>>,
    T: Value,
{
    fn select(&mut self, selection: Selection) {
        self.left = selection.count(self.left);
        match selection {
            Selection::Skip(count) => {
                let each = self.gaps.saturating_add(1);
                self.gap = self.gap.saturating_add(each.saturating_mul(count));
            }
            Selection::Take(_) => {}
            Selection::StepBy(step) => {
                let each = self.gaps.saturating_add(1);
                self.gaps = each.saturating_mul(step.get()) - 1;
            }
        }
    }
}

impl<I, T> Source for Values<I, T>
where
    I: Iterator<Item: Borrow<T>>,
    T: Value,
{
    const TRAVELS: bool = true;

    fn count(&self) -> u64 {
        self.left
    }

    fn put(&mut self, out: &mut Vec<u8>) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let gap = std::mem::replace(&mut self.gap, self.gaps);
        let next = match usize::try_from(gap) {
            Ok(0) => self.iter.next(),
            Ok(gap) => self.iter.nth(gap),
            Err(_) => None,
        };
        let Some(value) = next else {
            self.left = 0;
            return false;
        };
        if let Err(refusal) = put::<T>(value.borrow(), out) {
            put_refusal(&refusal, out);
        }
        true
    }
}

/// Values in a worker.
pub struct Arguments<T>(PhantomData<fn() -> T>);

impl<T: Value> Stage for Arguments<T> {
    type Item = T;
    type Form = stage::Values<T>;
    const FOLDS: bool = false;

    fn rebuild(_: &mut Captured<'_>) -> Result<Self, CodecError> {
        Ok(Self(PhantomData))
    }

    #[inline]
    fn drive<A, S>(&mut self, items: &mut Items<'_>, count: u32, acc: A, step: S) -> Result<A, Halt>
    where
        A: Tally,
        S: FnMut(A, T) -> Result<A, Halt>,
    {
        drive_source(self, items, count, acc, step)
    }
}

impl<T: Value> IndexedStage for Arguments<T> {
    #[inline]
    fn one(&mut self, _: u64, bytes: &mut &[u8]) -> Result<T, CodecError> {
        take(bytes)
    }
}

/// An iterator that becomes one over processes.
pub trait ProcBridge: Iterator + Sized {
    /// Sends what the iterator yields to the workers. It is pulled on the thread that consumes the results, and only
    /// as far ahead as the pool needs, so that it may be endless. Unlike rayon's `par_bridge`, this keeps the order.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let words = "shared memory, attention, life".split(", ").map(str::to_owned);
    /// let lengths: Vec<usize> = words.proc_bridge().map(|word| word.len()).collect();
    /// assert_eq!(lengths, [13, 9, 4]);
    ///
    /// let first = (1..).proc_bridge().map(|n: u64| n * n).find_first(|square| square % 7 == 2);
    /// assert_eq!(first, Some(9));
    /// ```
    fn proc_bridge(self) -> Values<Self, Self::Item>
    where
        Self::Item: Value,
    {
        Values::new(self)
    }
}

impl<I: Iterator> ProcBridge for I {}

/// Collections give up their values, or lend them while they are sent.
macro_rules! collections {
    ($([$($generics:tt)*] $collection:ty => $iter:ty, $item:ty;)*) => {
        $(impl<$($generics)*> IntoProcIterator for $collection {
            type Item = $item;
            type Iter = Values<$iter, $item>;

            fn into_proc_iter(self) -> Self::Iter {
                Values::new(self.into_iter())
            }
        })*
    };
}

collections! {
    [T: Value] Vec<T> => vec::IntoIter<T>, T;
    [T: Value, const N: usize] [T; N] => array::IntoIter<T, N>, T;
    [T: Value] VecDeque<T> => vec_deque::IntoIter<T>, T;
    [T: Value] BTreeSet<T> => btree_set::IntoIter<T>, T;
    [T: Value, S] HashSet<T, S> => hash_set::IntoIter<T>, T;
    [K: Value, V: Value] BTreeMap<K, V> => btree_map::IntoIter<K, V>, (K, V);
    [K: Value, V: Value, S] HashMap<K, V, S> => hash_map::IntoIter<K, V>, (K, V);
    ['a, T: Value] &'a [T] => slice::Iter<'a, T>, T;
    ['a, T: Value] &'a Vec<T> => slice::Iter<'a, T>, T;
    ['a, T: Value, const N: usize] &'a [T; N] => slice::Iter<'a, T>, T;
    ['a, T: Value] &'a VecDeque<T> => vec_deque::Iter<'a, T>, T;
    ['a, T: Value] &'a BTreeSet<T> => btree_set::Iter<'a, T>, T;
    ['a, T: Value, S] &'a HashSet<T, S> => hash_set::Iter<'a, T>, T;
}
