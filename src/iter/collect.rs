//! What an iterator can be collected into.

use super::ahead;
use super::arrivals::{Arrivals, unwrapped};
use super::located::Located;
use super::{IntoProcIterator, ProcIterator};
use crate::call::Value;
use crate::pool::TaskError;

/// What [`ProcIterator::collect`] can make of items of type `T`.
///
/// | collected into | of items | what becomes of a failed item |
/// |---|---|---|
/// | `Vec<T>` and other collections | `T` | the first one panics |
/// | `Result<Vec<T>, TaskError>` | `T` | the first one is the error |
/// | `Vec<Result<T, TaskError>>` | `T` | each is an error in its place |
/// | `Result<Vec<T>, TaskError<E>>` | `Result<T, E>` | the first one is the error, be it the item's own or that of its process |
/// | `Vec<Result<T, TaskError<E>>>` | `Result<T, E>` | each is an error in its place |
///
/// "First" is the one with the lowest index, whichever ran first.
///
/// A collection of one's own is made of one of these:
///
/// ```
/// use pmap::iter::{FromProcIterator, IntoProcIterator};
/// use pmap::prelude::*;
///
/// struct Sorted(Vec<i64>);
///
/// impl FromProcIterator<i64> for Sorted {
///     fn from_proc_iter<I: IntoProcIterator<Item = i64>>(iter: I) -> Self {
///         let mut all: Vec<i64> = iter.into_proc_iter().collect();
///         all.sort_unstable();
///         Self(all)
///     }
/// }
///
/// pmap::init();
/// let sorted: Sorted = (-3..4).into_proc_iter().map(|n: i64| n * n).collect();
/// assert_eq!(sorted.0, [0, 1, 1, 4, 4, 9, 9]);
/// ```
pub trait FromProcIterator<T>: Sized {
    /// Runs the iterator and keeps what comes back.
    fn from_proc_iter<I: IntoProcIterator<Item = T>>(iter: I) -> Self;
}

/// Appends all that an iterator yields.
///
/// # Errors
/// The first item that failed.
pub(super) fn extend<I>(values: &mut Vec<I::Item>, iter: I) -> Result<(), TaskError>
where
    I: ProcIterator<Item: Value>,
{
    let mut arrivals = Arrivals::of(iter);
    ahead::of_need(values, arrivals.expected(), |values, ahead| {
        while arrivals.append_to(values)? {
            ahead.filled(values);
        }
        Ok(())
    })
}

/// # Panics
/// At the first item that failed.
impl<T: Value> FromProcIterator<T> for Vec<T> {
    fn from_proc_iter<I: IntoProcIterator<Item = T>>(iter: I) -> Self {
        let mut values = Vec::new();
        unwrapped(extend(&mut values, iter.into_proc_iter()));
        values
    }
}

/// All values, or the first failure; the items behind it are given up.
impl<T: Value> FromProcIterator<T> for Result<Vec<T>, TaskError> {
    fn from_proc_iter<I: IntoProcIterator<Item = T>>(iter: I) -> Self {
        let mut values = Vec::new();
        extend(&mut values, iter.into_proc_iter()).map(|()| values)
    }
}

/// Every value and every failure. An item that yields several values, or none, and does not fail has just these.
impl<T: Value> FromProcIterator<T> for Vec<Result<T, TaskError>> {
    fn from_proc_iter<I: IntoProcIterator<Item = T>>(iter: I) -> Self {
        let mut results = Vec::new();
        Arrivals::of(iter.into_proc_iter()).for_each(|result| results.push(result));
        results
    }
}

/// All values, or the first failure, be it the item's own error or another; the items behind it are given up.
impl<T: Value, E: Value> FromProcIterator<Result<T, E>> for Result<Vec<T>, TaskError<E>> {
    fn from_proc_iter<I: IntoProcIterator<Item = Result<T, E>>>(iter: I) -> Self {
        let mut arrivals = Arrivals::of(Located::new(iter.into_proc_iter()));
        let (mut arrived, mut values) = (Vec::new(), Vec::new());
        while arrivals.append_to(&mut arrived).map_err(TaskError::widen)? {
            for result in arrived.drain(..) {
                values.push(result.map_err(|(index, error)| TaskError::failed(error, index))?);
            }
        }
        Ok(values)
    }
}

/// Every value and every failure, be it the item's own error or another.
impl<T: Value, E: Value> FromProcIterator<Result<T, E>> for Vec<Result<T, TaskError<E>>> {
    fn from_proc_iter<I: IntoProcIterator<Item = Result<T, E>>>(iter: I) -> Self {
        let mut results = Vec::new();
        Arrivals::of(Located::new(iter.into_proc_iter())).for_each(|result| {
            results.push(match result {
                Ok(own) => own.map_err(|(index, error)| TaskError::failed(error, index)),
                Err(other) => Err(other.widen()),
            });
        });
        results
    }
}
