//! The least and the greatest. Of several, it is the first of the least and the last of the greatest, as in `std`.

use std::cmp::Ordering;

use super::ProcIterator;
use super::reduce::reduce_with;
use crate::call::{Function, Value};

pub(super) fn min_by<I, F>(iter: I, compare: F) -> Option<I::Item>
where
    I: ProcIterator<Item: Value>,
    F: Fn(&I::Item, &I::Item) -> Ordering + 'static,
{
    let compare = Function::new(compare);
    reduce_with(iter, move |one, other| match compare.get()(&one, &other) {
        Ordering::Greater => other,
        _ => one,
    })
}

pub(super) fn max_by<I, F>(iter: I, compare: F) -> Option<I::Item>
where
    I: ProcIterator<Item: Value>,
    F: Fn(&I::Item, &I::Item) -> Ordering + 'static,
{
    let compare = Function::new(compare);
    reduce_with(iter, move |one, other| match compare.get()(&one, &other) {
        Ordering::Greater => one,
        _ => other,
    })
}

pub(super) fn min_by_key<I, K, F>(iter: I, key: F) -> Option<I::Item>
where
    I: ProcIterator<Item: Value>,
    K: Ord + Value,
    F: Fn(&I::Item) -> K + 'static,
{
    min_by(keyed(iter, key), |(one, _), (other, _)| one.cmp(other)).map(|(_, item)| item)
}

pub(super) fn max_by_key<I, K, F>(iter: I, key: F) -> Option<I::Item>
where
    I: ProcIterator<Item: Value>,
    K: Ord + Value,
    F: Fn(&I::Item) -> K + 'static,
{
    max_by(keyed(iter, key), |(one, _), (other, _)| one.cmp(other)).map(|(_, item)| item)
}

/// Items behind their keys, which are made in the worker and once.
fn keyed<I, K, F>(iter: I, key: F) -> impl ProcIterator<Item = (K, I::Item)>
where
    I: ProcIterator,
    F: Fn(&I::Item) -> K + 'static,
{
    let key = Function::new(key);
    iter.map(move |item| (key.get()(&item), item))
}
