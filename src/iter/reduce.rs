//! Many items to one: the workers reduce their blocks, and the consumer what comes of them, in order.

use std::iter::{self, Product, Sum};

use super::ProcIterator;
use super::arrivals::Arrivals;
use super::fold::Fold;
use crate::call::{Function, Value};

/// What a fold makes of each block, in order.
fn partials<'a, I, ID, F, T>(
    iter: I,
    identity: Function<ID>,
    op: Function<F>,
) -> impl Iterator<Item = T> + 'a
where
    I: ProcIterator,
    I::Source: 'a,
    T: Value,
    ID: Fn() -> T + 'static,
    F: Fn(T, I::Item) -> T + 'static,
{
    Arrivals::of(Fold::new(iter, identity, op)).values()
}

pub(super) fn reduce<I, ID, F>(iter: I, identity: ID, op: F) -> I::Item
where
    I: ProcIterator<Item: Value>,
    ID: Fn() -> I::Item + 'static,
    F: Fn(I::Item, I::Item) -> I::Item + 'static,
{
    let (identity, op) = (Function::new(identity), Function::new(op));
    partials(iter, identity, op).fold(identity.get()(), op.get())
}

pub(super) fn reduce_with<I, F>(iter: I, op: F) -> Option<I::Item>
where
    I: ProcIterator<Item: Value>,
    F: Fn(I::Item, I::Item) -> I::Item + 'static,
{
    let op = Function::new(op);
    let with = Function::new(move |acc: Option<I::Item>, item| {
        Some(match acc {
            Some(acc) => op.get()(acc, item),
            None => item,
        })
    });
    partials(iter, Function::new(|| None), with).flatten().reduce(op.get())
}

pub(super) fn sum<I, T>(iter: I) -> T
where
    I: ProcIterator,
    T: Sum<I::Item> + Sum<T> + Value,
{
    let add = |acc: T, item: I::Item| [acc, iter::once(item).sum()].into_iter().sum();
    partials(iter, Function::new(|| iter::empty::<T>().sum()), Function::new(add)).sum()
}

pub(super) fn product<I, T>(iter: I) -> T
where
    I: ProcIterator,
    T: Product<I::Item> + Product<T> + Value,
{
    let multiply = |acc: T, item: I::Item| [acc, iter::once(item).product()].into_iter().product();
    partials(iter, Function::new(|| iter::empty::<T>().product()), Function::new(multiply))
        .product()
}

pub(super) fn count<I: ProcIterator>(iter: I) -> usize {
    partials(iter, Function::new(|| 0), Function::new(|count: usize, _| count + 1)).sum()
}

pub(super) fn for_each<I, F>(iter: I, f: F)
where
    I: ProcIterator,
    F: Fn(I::Item) + 'static,
{
    let f = Function::new(f);
    partials(iter, Function::new(|| ()), Function::new(move |(), item| f.get()(item)))
        .for_each(drop);
}
