//! Searches, which end as soon as they can: a worker leaves the rest of its block, and the consumer the rest of the job.

use std::ops::ControlFlow;

use super::arrivals::Arrivals;
use super::fold::FoldWhile;
use super::located::Located;
use super::{ProcIterator, map::Map};
use crate::call::{Function, Value};
use crate::pool::TaskError;

/// The first thing that `f` makes of an item.
pub(super) fn find_map<I, F, R>(iter: I, f: F) -> Option<R>
where
    I: ProcIterator,
    R: Value,
    F: Fn(I::Item) -> Option<R> + 'static,
{
    first(iter, Function::new(f)).values().flatten().next()
}

/// For each block, the first thing that `f` makes of an item.
fn first<'a, I, F, R>(iter: I, f: Function<F>) -> Arrivals<'a, Option<R>>
where
    I: ProcIterator,
    I::Source: 'a,
    R: Value,
    F: Fn(I::Item) -> Option<R> + 'static,
{
    let step = Function::new(move |_, item| match f.get()(item) {
        Some(found) => ControlFlow::Break(Some(found)),
        None => ControlFlow::Continue(None),
    });
    Arrivals::of(FoldWhile::new(iter, Function::new(|| None), step))
}

pub(super) fn find<I, P>(iter: I, is_it: P) -> Option<I::Item>
where
    I: ProcIterator<Item: Value>,
    P: Fn(&I::Item) -> bool + 'static,
{
    let is_it = Function::new(is_it);
    find_map(iter, move |item| is_it.get()(&item).then_some(item))
}

pub(super) fn any<I, P>(iter: I, is_it: P) -> bool
where
    I: ProcIterator,
    P: Fn(I::Item) -> bool + 'static,
{
    let is_it = Function::new(is_it);
    find_map(iter, move |item| is_it.get()(item).then_some(())).is_some()
}

pub(super) fn try_for_each<I, E, F>(iter: I, f: F) -> Result<(), TaskError<E>>
where
    I: ProcIterator,
    E: Value,
    F: Fn(I::Item) -> Result<(), E> + 'static,
{
    let mut failures = first(Located::new(Map::new(iter, f)), Function::new(Result::err));
    let mut found: Vec<Option<(u64, E)>> = Vec::new();
    while failures.append_to(&mut found).map_err(TaskError::widen)? {
        if let Some((index, error)) = found.drain(..).flatten().next() {
            return Err(TaskError::failed(error, index));
        }
    }
    Ok(())
}
