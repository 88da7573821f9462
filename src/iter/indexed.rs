//! Iterators that yield one item for each of their input.

use std::num::NonZero;

use super::arrivals::unwrapped;
use super::chunks::Chunks;
use super::enumerate::Enumerate;
use super::source::Selection;
use super::stage::IndexedStage;
use super::zip::Zip;
use super::{IntoProcIterator, ProcIterator, collect};
use crate::call::{Function, Value};

/// An iterator that yields exactly one item for each item of its input, so that it is known which is which before
/// anything has run. After a [`filter`](ProcIterator::filter) it is not.
pub trait IndexedProcIterator: ProcIterator<Stage: IndexedStage> {
    /// Leaves out some of the items.
    #[doc(hidden)]
    fn select(&mut self, selection: Selection);

    /// Each item with its index.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let (index, word) = vec!["b".to_owned(), "a".to_owned()].into_proc_iter().enumerate().min_by_key(|(_, word)| word.clone()).unwrap();
    /// assert_eq!((index, word.as_str()), (1, "a"));
    /// ```
    fn enumerate(self) -> Enumerate<Self> {
        Enumerate::new(self)
    }

    /// Pairs of items of this iterator and of another, as many as the shorter one has. Both chains run in the worker.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let products: Vec<i32> =
    ///     (0..4).into_proc_iter().zip(vec![5, 6, 7, 8]).map(|(a, b)| a * b).collect();
    /// assert_eq!(products, [0, 6, 14, 24]);
    /// ```
    fn zip<Z>(self, other: Z) -> Zip<Self, Z::Iter>
    where
        Z: IntoProcIterator<Iter: IndexedProcIterator>,
    {
        Zip::new(self, other.into_proc_iter())
    }

    /// Vectors of `size` items each, the last of which may have fewer. A chunk is one item from here on: it is run, and
    /// fails, as a whole.
    ///
    /// # Panics
    /// If `size` is 0.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let sums: Vec<i32> = (0..8).into_proc_iter().chunks(3).map(|three| three.iter().sum()).collect();
    /// assert_eq!(sums, [3, 12, 13]);
    /// ```
    fn chunks(self, size: usize) -> Chunks<Self> {
        Chunks::new(self, NonZero::new(size as u64).expect("chunks of 0 items come to no end"))
    }

    /// All but the first `count` items. These are not sent to any worker, and what the chain does so far is not done to
    /// them.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let rest: Vec<i32> = (0..5).into_proc_iter().map(|n| 10 * n).skip(3).collect();
    /// assert_eq!(rest, [30, 40]);
    /// ```
    fn skip(mut self, count: usize) -> Self {
        self.select(Selection::Skip(count as u64));
        self
    }

    /// The first `count` items. No others are sent to any worker.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let first: Vec<u64> = (0..).proc_bridge().map(|n: u64| n * n).take(4).collect();
    /// assert_eq!(first, [0, 1, 4, 9]);
    /// ```
    fn take(mut self, count: usize) -> Self {
        self.select(Selection::Take(count as u64));
        self
    }

    /// The first item, and every `step`-th behind it. What lies between them is not sent to any worker.
    ///
    /// # Panics
    /// If `step` is 0.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let every: Vec<i32> = (0..10).into_proc_iter().step_by(4).collect();
    /// assert_eq!(every, [0, 4, 8]);
    /// ```
    fn step_by(mut self, step: usize) -> Self {
        let step = NonZero::new(step as u64).expect("a step of 0 leads nowhere");
        self.select(Selection::StepBy(step));
        self
    }

    /// Where some item is for which `is_it` is true; here this is the first one.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![3, 1, 4, 1].into_proc_iter().position_any(|n| n == 1), Some(1));
    /// ```
    fn position_any<P>(self, is_it: P) -> Option<usize>
    where
        P: Fn(Self::Item) -> bool + 'static,
    {
        self.position_first(is_it)
    }

    /// Where the first item is for which `is_it` is true. What lies behind it is given up.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![3, 1, 4, 1].into_proc_iter().position_first(|n| n == 1), Some(1));
    /// ```
    fn position_first<P>(self, is_it: P) -> Option<usize>
    where
        P: Fn(Self::Item) -> bool + 'static,
    {
        let is_it = Function::new(is_it);
        self.enumerate().find_map_first(move |(index, item)| is_it.get()(item).then_some(index))
    }

    /// Clears `values` and puts all items into it, in order: its memory is used again.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let mut squares = vec![7];
    /// (0..3).into_proc_iter().map(|n| n * n).collect_into_vec(&mut squares);
    /// assert_eq!(squares, [0, 1, 4]);
    /// ```
    fn collect_into_vec(self, values: &mut Vec<Self::Item>)
    where
        Self::Item: Value,
    {
        values.clear();
        unwrapped(collect::extend(values, self));
    }
}
