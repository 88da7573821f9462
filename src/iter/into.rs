//! How a chain begins.

use super::ProcIterator;

/// What can be iterated over by worker processes: ranges, collections, and what already is such an iterator.
pub trait IntoProcIterator {
    /// The items.
    type Item;
    /// The iterator.
    type Iter: ProcIterator<Item = Self::Item>;

    /// Begins a chain. Nothing runs before something is asked of its end.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let squares: Vec<i32> = (0..5).into_proc_iter().map(|n| n * n).collect();
    /// assert_eq!(squares, [0, 1, 4, 9, 16]);
    /// let lengths: Vec<usize> = vec!["a".to_owned(), "bc".to_owned()].into_proc_iter().map(|s| s.len()).collect();
    /// assert_eq!(lengths, [1, 2]);
    /// ```
    fn into_proc_iter(self) -> Self::Iter;
}

impl<I: ProcIterator> IntoProcIterator for I {
    type Item = I::Item;
    type Iter = I;

    fn into_proc_iter(self) -> I {
        self
    }
}

/// What can be iterated over without giving it away.
pub trait IntoProcRefIterator<'a> {
    /// The items. They are no references: what a worker gets is a copy.
    type Item;
    /// The iterator.
    type Iter: ProcIterator<Item = Self::Item>;

    /// Begins a chain over what `self` holds. Each value is written for a worker when its turn has come.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// pmap::init();
    /// let words = vec!["life".to_owned(), "attention".to_owned()];
    /// let longest = words.proc_iter().map(|word| word.len()).max();
    /// assert_eq!(longest, Some(9));
    /// assert_eq!(words.len(), 2);
    /// ```
    fn proc_iter(&'a self) -> Self::Iter;
}

impl<'a, I: ?Sized + 'a> IntoProcRefIterator<'a> for I
where
    &'a I: IntoProcIterator,
{
    type Item = <&'a I as IntoProcIterator>::Item;
    type Iter = <&'a I as IntoProcIterator>::Iter;

    fn proc_iter(&'a self) -> Self::Iter {
        self.into_proc_iter()
    }
}
