//! The iterator, with its adaptors and what ends it.

use std::cmp::Ordering;
use std::iter::{Product, Sum};

use super::collect::FromProcIterator;
use super::filter::Filter;
use super::filter_map::FilterMap;
use super::flat_map_iter::FlatMapIter;
use super::flatten_iter::FlattenIter;
use super::fold::Fold;
use super::inspect::Inspect;
use super::lengths::{MaxLen, MinLen};
use super::map::Map;
use super::map_init::MapInit;
use super::map_with::MapWith;
use super::send::{Plan, Sending};
use super::source::Source;
use super::stage::Stage;
use super::{extremes, find, reduce, split};
use crate::call::{Function, Value};
use crate::pool::TaskError;

/// An iterator whose items are worked on by other processes; rayon's `ParallelIterator` is its model.
///
/// Adaptors such as [`map`](ProcIterator::map) run nothing yet: they make a chain longer. A method that ends one,
/// such as [`collect`](ProcIterator::collect) or [`sum`](ProcIterator::sum), sends the whole chain to the workers, so that only
/// what goes into it and what comes out of it travels. Hence functions may capture nothing, and what
/// travels is a [`Value`](crate::call::Value): whatever serde can write and read. What lies between two adaptors can
/// be of any type.
///
/// Unlike rayon's, results always come in the order of the items, and an item that panics, crashes or hangs costs
/// itself and nothing else.
pub trait ProcIterator: Sized {
    /// What comes out of the chain.
    type Item;

    #[doc(hidden)]
    type Source: Source;

    #[doc(hidden)]
    type Stage: Stage<Item = Self::Item>;

    /// Writes down what the workers need to know of the chain, and leaves its source.
    #[doc(hidden)]
    fn split(self, sending: &mut Sending) -> Plan<Self::Source>;

    /// What `f` makes of each item.
    ///
    /// `f` may capture nothing, because a worker has none of the variables here: state goes through
    /// [`map_with`](ProcIterator::map_with). A closure that does capture something does not compile:
    ///
    /// ```compile_fail
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let offset = 3;
    /// let sums: Vec<i64> = (0..10).into_proc_iter().map(move |n: i64| n + offset).collect();
    /// ```
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let squares: Vec<i64> = (0..10).into_proc_iter().map(|n| n * n).collect();
    /// assert_eq!(squares, [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
    /// ```
    fn map<F, R>(self, f: F) -> Map<Self, F>
    where
        F: Fn(Self::Item) -> R + 'static,
    {
        Map::new(self, f)
    }

    /// What `f` makes of `state` and each item; the state is sent to each worker once.
    ///
    /// A worker's state lives as long as it works for this iterator, and `f` may change it; which items a worker gets is
    /// not said, and after a panic its state is as it was at first.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let primes = vec![2, 3, 5, 7];
    /// let divisible: Vec<bool> = (8..12)
    ///     .into_proc_iter()
    ///     .map_with(primes, |primes, n: u32| primes.iter().any(|prime| n % prime == 0))
    ///     .collect();
    /// assert_eq!(divisible, [true, true, true, false]);
    /// ```
    fn map_with<T, F, R>(self, state: T, f: F) -> MapWith<Self, T, F>
    where
        T: Value,
        F: Fn(&mut T, Self::Item) -> R + 'static,
    {
        MapWith::new(self, state, f)
    }

    /// What `f` makes of each item and of state that each worker makes for itself, with `init`: a connection, a model
    /// that takes long to load, the handle of a library that is not thread-safe. It is made before the worker's first
    /// item, and again after a panic.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let lengths: Vec<usize> = (8..12)
    ///     .into_proc_iter()
    ///     .map_init(String::new, |text, n: i32| {
    ///         text.clear();
    ///         text.push_str(&n.to_string());
    ///         text.len()
    ///     })
    ///     .collect();
    /// assert_eq!(lengths, [1, 1, 2, 2]);
    /// ```
    fn map_init<INIT, T, F, R>(self, init: INIT, f: F) -> MapInit<Self, INIT, F>
    where
        INIT: Fn() -> T + 'static,
        T: 'static,
        F: Fn(&mut T, Self::Item) -> R + 'static,
    {
        MapInit::new(self, init, f)
    }

    /// The items for which `keeps` is true.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let even: Vec<i32> = (0..10).into_proc_iter().filter(|n| n % 2 == 0).collect();
    /// assert_eq!(even, [0, 2, 4, 6, 8]);
    /// ```
    fn filter<P>(self, keeps: P) -> Filter<Self, P>
    where
        P: Fn(&Self::Item) -> bool + 'static,
    {
        Filter::new(self, keeps)
    }

    /// What `f` makes of each item, where it makes something.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let roots: Vec<i32> = (0..20)
    ///     .into_proc_iter()
    ///     .filter_map(|n: i32| (0..=n).find(|root| root * root == n))
    ///     .collect();
    /// assert_eq!(roots, [0, 1, 2, 3, 4]);
    /// ```
    fn filter_map<F, R>(self, f: F) -> FilterMap<Self, F>
    where
        F: Fn(Self::Item) -> Option<R> + 'static,
    {
        FilterMap::new(self, f)
    }

    /// All that the iterators yield which `f` makes of the items. Each of them runs in one worker.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let below: Vec<i32> = (1..4).into_proc_iter().flat_map_iter(|n| 0..n).collect();
    /// assert_eq!(below, [0, 0, 1, 0, 1, 2]);
    /// ```
    fn flat_map_iter<F, R>(self, f: F) -> FlatMapIter<Self, F>
    where
        F: Fn(Self::Item) -> R + 'static,
        R: IntoIterator,
    {
        FlatMapIter::new(self, f)
    }

    /// All that the items themselves yield. Each of them is walked through in one worker.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let all: Vec<i32> = vec![vec![1], vec![], vec![2, 3]].into_proc_iter().flatten_iter().collect();
    /// assert_eq!(all, [1, 2, 3]);
    /// ```
    fn flatten_iter(self) -> FlattenIter<Self>
    where
        Self::Item: IntoIterator,
    {
        FlattenIter::new(self)
    }

    /// Calls `look` with each item, in the worker, and passes it on. What it prints appears on standard error or not at all:
    /// a worker's standard output is not the program's.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let sum: i32 = (0..4).into_proc_iter().inspect(|n| eprintln!("adding {n}")).sum();
    /// assert_eq!(sum, 6);
    /// ```
    fn inspect<F>(self, look: F) -> Inspect<Self, F>
    where
        F: Fn(&Self::Item) + 'static,
    {
        Inspect::new(self, look)
    }

    /// One value for each block of consecutive items: `identity()`, to which `op` adds one item after the other. How
    /// many blocks there are is not said; their values come in order. What follows is usually [`sum`](ProcIterator::sum) or
    /// [`reduce`](ProcIterator::reduce).
    ///
    /// If an item fails, the others of its block are folded once more, each by itself.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let letters: usize = vec!["life".to_owned(), "death".to_owned()]
    ///     .into_proc_iter()
    ///     .fold(|| 0, |sum, word| sum + word.len())
    ///     .sum();
    /// assert_eq!(letters, 9);
    /// ```
    fn fold<T, ID, F>(self, identity: ID, op: F) -> Fold<Self, ID, F>
    where
        ID: Fn() -> T + 'static,
        F: Fn(T, Self::Item) -> T + 'static,
    {
        Fold::new(self, Function::new(identity), Function::new(op))
    }

    /// Gives a worker at least so many of the input's items at once, as far as there are so many.
    ///
    /// Without this, workers get about half a millisecond of work at once, by what the items before have cost.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let sum: u64 = (0..10_000_u64).into_proc_iter().with_min_len(1_000).sum();
    /// assert_eq!(sum, 49_995_000);
    /// ```
    fn with_min_len(self, min: usize) -> MinLen<Self> {
        MinLen::new(self, min)
    }

    /// Gives a worker at most so many of the input's items at once, and at least one.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let lengths: Vec<usize> =
    ///     (0..3).into_proc_iter().with_max_len(1).map(|n: i32| n.to_string().len()).collect();
    /// assert_eq!(lengths, [1, 1, 1]);
    /// ```
    fn with_max_len(self, max: usize) -> MaxLen<Self> {
        MaxLen::new(self, max)
    }

    /// Calls `f` with each item, in the workers, and waits for all of them.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// (0..4).into_proc_iter().for_each(|n: i32| eprintln!("{n} in process {}", std::process::id()));
    /// ```
    fn for_each<F>(self, f: F)
    where
        F: Fn(Self::Item) + 'static,
    {
        reduce::for_each(self, f);
    }

    /// Calls `f` with `state` and each item; the state is sent to each worker once: [`map_with`](ProcIterator::map_with)
    /// without results.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// (0..4).into_proc_iter().for_each_with("item ".to_owned(), |text, n: i32| eprintln!("{text}{n}"));
    /// ```
    fn for_each_with<T, F>(self, state: T, f: F)
    where
        T: Value,
        F: Fn(&mut T, Self::Item) + 'static,
    {
        self.map_with(state, f).for_each(|()| {});
    }

    /// Calls `f` with state that each worker makes for itself, and each item: [`map_init`](ProcIterator::map_init)
    /// without results.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// (0..4).into_proc_iter().for_each_init(std::process::id, |pid, n: i32| eprintln!("{pid}: {n}"));
    /// ```
    fn for_each_init<INIT, T, F>(self, init: INIT, f: F)
    where
        INIT: Fn() -> T + 'static,
        T: 'static,
        F: Fn(&mut T, Self::Item) + 'static,
    {
        self.map_init(init, f).for_each(|()| {});
    }

    /// Calls `f` with each item until one fails.
    ///
    /// # Errors
    /// Of the first item that failed: the error that `f` returned, or what became of its process. Items behind it may
    /// have run.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let result = (1..10).into_proc_iter().try_for_each(|n: i32| match n % 7 {
    ///     0 => Err(format!("{n} is divisible")),
    ///     _ => Ok(()),
    /// });
    /// let error = result.unwrap_err();
    /// assert_eq!(error.index(), 6);
    /// assert_eq!(error.error().unwrap(), "7 is divisible");
    /// ```
    fn try_for_each<E, F>(self, f: F) -> Result<(), TaskError<E>>
    where
        E: Value,
        F: Fn(Self::Item) -> Result<(), E> + 'static,
    {
        find::try_for_each(self, f)
    }

    /// How many items there are at the end of the chain.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!((0..10).into_proc_iter().filter(|n| n % 3 == 0).count(), 4);
    /// ```
    fn count(self) -> usize {
        reduce::count(self)
    }

    /// The sum of all. Workers add up their blocks, and then the caller their sums, in order; what is added in which
    /// order may matter for floats.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let sum: i64 = (0..1_000_000_i64).into_proc_iter().map(|n| n ^ (n >> 3)).sum();
    /// assert_eq!(sum, (0..1_000_000_i64).map(|n| n ^ (n >> 3)).sum());
    /// ```
    fn sum<S>(self) -> S
    where
        S: Sum<Self::Item> + Sum<S> + Value,
    {
        reduce::sum(self)
    }

    /// The product of all, as [`sum`](ProcIterator::sum) is made.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!((1..=10_u64).into_proc_iter().product::<u64>(), 3_628_800);
    /// ```
    fn product<P>(self) -> P
    where
        P: Product<Self::Item> + Product<P> + Value,
    {
        reduce::product(self)
    }

    /// All items in one, `identity()` if there are none: workers reduce their blocks with `op`, and then the caller what
    /// comes of them, in order. `op` should be associative, and `identity()` change nothing. In the caller, `op` runs without
    /// the isolation that a worker gives.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let longest = vec!["a".to_owned(), "bcd".to_owned(), "ef".to_owned()]
    ///     .into_proc_iter()
    ///     .reduce(String::new, |one, other| if other.len() > one.len() { other } else { one });
    /// assert_eq!(longest, "bcd");
    /// ```
    fn reduce<ID, F>(self, identity: ID, op: F) -> Self::Item
    where
        Self::Item: Value,
        ID: Fn() -> Self::Item + 'static,
        F: Fn(Self::Item, Self::Item) -> Self::Item + 'static,
    {
        reduce::reduce(self, identity, op)
    }

    /// All items in one, or `None` if there are none; otherwise as [`reduce`](ProcIterator::reduce).
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let joined = vec!["a".to_owned(), "b".to_owned()].into_proc_iter().reduce_with(|one, other| one + &other);
    /// assert_eq!(joined.as_deref(), Some("ab"));
    /// ```
    fn reduce_with<F>(self, op: F) -> Option<Self::Item>
    where
        Self::Item: Value,
        F: Fn(Self::Item, Self::Item) -> Self::Item + 'static,
    {
        reduce::reduce_with(self, op)
    }

    /// The least item, and the first of several.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![3, 1, 2].into_proc_iter().min(), Some(1));
    /// ```
    fn min(self) -> Option<Self::Item>
    where
        Self::Item: Ord + Value,
    {
        self.min_by(Ord::cmp)
    }

    /// The greatest item, and the last of several.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![3, 1, 2].into_proc_iter().max(), Some(3));
    /// ```
    fn max(self) -> Option<Self::Item>
    where
        Self::Item: Ord + Value,
    {
        self.max_by(Ord::cmp)
    }

    /// The least item by `compare`, and the first of several. The caller compares the least of the workers' blocks.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![1.5, -2.5].into_proc_iter().min_by(f64::total_cmp), Some(-2.5));
    /// ```
    fn min_by<F>(self, compare: F) -> Option<Self::Item>
    where
        Self::Item: Value,
        F: Fn(&Self::Item, &Self::Item) -> Ordering + 'static,
    {
        extremes::min_by(self, compare)
    }

    /// The greatest item by `compare`, and the last of several. The caller compares the greatest of the workers' blocks.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![1.5, -2.5].into_proc_iter().max_by(f64::total_cmp), Some(1.5));
    /// ```
    fn max_by<F>(self, compare: F) -> Option<Self::Item>
    where
        Self::Item: Value,
        F: Fn(&Self::Item, &Self::Item) -> Ordering + 'static,
    {
        extremes::max_by(self, compare)
    }

    /// The item with the least key, and the first of several. Keys are made in the workers, one for each item.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![-3, 1, 2].into_proc_iter().min_by_key(|n: &i32| n.abs()), Some(1));
    /// ```
    fn min_by_key<K, F>(self, key: F) -> Option<Self::Item>
    where
        Self::Item: Value,
        K: Ord + Value,
        F: Fn(&Self::Item) -> K + 'static,
    {
        extremes::min_by_key(self, key)
    }

    /// The item with the greatest key, and the last of several. Keys are made in the workers, one for each item.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!(vec![-3, 1, 2].into_proc_iter().max_by_key(|n: &i32| n.abs()), Some(-3));
    /// ```
    fn max_by_key<K, F>(self, key: F) -> Option<Self::Item>
    where
        Self::Item: Value,
        K: Ord + Value,
        F: Fn(&Self::Item) -> K + 'static,
    {
        extremes::max_by_key(self, key)
    }

    /// Whether `is_it` is true for some item. The rest is then given up.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert!((0..).proc_bridge().any(|n: u64| n * n > 1_000));
    /// ```
    fn any<P>(self, is_it: P) -> bool
    where
        P: Fn(Self::Item) -> bool + 'static,
    {
        find::any(self, is_it)
    }

    /// Whether `is_it` is true for each item. When it is not, the rest is given up.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert!((0..1_000_i64).into_proc_iter().all(|n| n * n >= n));
    /// ```
    fn all<P>(self, is_it: P) -> bool
    where
        P: Fn(Self::Item) -> bool + 'static,
    {
        let is_it = Function::new(is_it);
        !find::any(self, move |item| !is_it.get()(item))
    }

    /// Some item for which `is_it` is true; here this is the first one.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!((1..100).into_proc_iter().find_any(|n| n % 17 == 0), Some(17));
    /// ```
    fn find_any<P>(self, is_it: P) -> Option<Self::Item>
    where
        Self::Item: Value,
        P: Fn(&Self::Item) -> bool + 'static,
    {
        self.find_first(is_it)
    }

    /// The first item for which `is_it` is true. What lies behind it is given up.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// assert_eq!((1..100).into_proc_iter().find_first(|n| n % 17 == 0), Some(17));
    /// ```
    fn find_first<P>(self, is_it: P) -> Option<Self::Item>
    where
        Self::Item: Value,
        P: Fn(&Self::Item) -> bool + 'static,
    {
        find::find(self, is_it)
    }

    /// Something that `f` makes of an item; here this is the first such thing.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let parsed = vec!["one".to_owned(), "2".to_owned()].into_proc_iter().find_map_any(|s| s.parse::<i32>().ok());
    /// assert_eq!(parsed, Some(2));
    /// ```
    fn find_map_any<F, R>(self, f: F) -> Option<R>
    where
        R: Value,
        F: Fn(Self::Item) -> Option<R> + 'static,
    {
        find::find_map(self, f)
    }

    /// The first thing that `f` makes of an item. What lies behind it is given up.
    ///
    /// # Panics
    /// At the first item that failed, if none was found before it.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let parsed = vec!["one".to_owned(), "2".to_owned()].into_proc_iter().find_map_first(|s| s.parse::<i32>().ok());
    /// assert_eq!(parsed, Some(2));
    /// ```
    fn find_map_first<F, R>(self, f: F) -> Option<R>
    where
        R: Value,
        F: Fn(Self::Item) -> Option<R> + 'static,
    {
        find::find_map(self, f)
    }

    /// All items, in order, in a collection that says what becomes of one that fails: see [`FromProcIterator`].
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let halves: Vec<Result<i32, TaskError>> = (-1..2)
    ///     .into_proc_iter()
    ///     .map(|n: i32| 10 / n)
    ///     .collect();
    /// assert_eq!(halves[0], Ok(-10));
    /// assert!(halves[1].as_ref().unwrap_err().panic().unwrap().message.contains("divide by zero"));
    /// assert_eq!(halves[2], Ok(10));
    /// ```
    fn collect<C>(self) -> C
    where
        C: FromProcIterator<Self::Item>,
    {
        C::from_proc_iter(self)
    }

    /// All items, in order, in a vector: [`collect`](ProcIterator::collect) into a `Vec<Self::Item>`. There `Vec<_>` would not
    /// be enough, since it might as well be a vector of results.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let squares = (0..4).into_proc_iter().map(|n| n * n).collect_vec();
    /// assert_eq!(squares, [0, 1, 4, 9]);
    /// ```
    fn collect_vec(self) -> Vec<Self::Item>
    where
        Self::Item: Value,
    {
        self.collect()
    }

    /// The first halves of pairs in one collection, the second ones in another.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let (roots, squares): (Vec<i32>, Vec<i32>) = (0..4).into_proc_iter().map(|n| (n, n * n)).unzip();
    /// assert_eq!((roots, squares), (vec![0, 1, 2, 3], vec![0, 1, 4, 9]));
    /// ```
    fn unzip<A, B, FromA, FromB>(self) -> (FromA, FromB)
    where
        Self: ProcIterator<Item = (A, B)>,
        A: Value,
        B: Value,
        FromA: Default + Extend<A>,
        FromB: Default + Extend<B>,
    {
        split::unzip(self)
    }

    /// The items for which `is_left` is true in one collection, the others in another.
    ///
    /// # Panics
    /// At the first item that failed.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let (even, odd): (Vec<i32>, Vec<i32>) = (0..6).into_proc_iter().partition(|n| n % 2 == 0);
    /// assert_eq!((even, odd), (vec![0, 2, 4], vec![1, 3, 5]));
    /// ```
    fn partition<A, B, P>(self, is_left: P) -> (A, B)
    where
        Self::Item: Value,
        A: Default + Extend<Self::Item>,
        B: Default + Extend<Self::Item>,
        P: Fn(&Self::Item) -> bool + 'static,
    {
        split::partition(self, is_left)
    }
}
