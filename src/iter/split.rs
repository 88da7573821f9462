//! One iterator into two collections.

use super::ProcIterator;
use super::arrivals::Arrivals;
use crate::call::{Function, Value};

pub(super) fn unzip<I, A, B, FromA, FromB>(iter: I) -> (FromA, FromB)
where
    I: ProcIterator<Item = (A, B)>,
    A: Value,
    B: Value,
    FromA: Default + Extend<A>,
    FromB: Default + Extend<B>,
{
    Arrivals::of(iter).values().unzip()
}

pub(super) fn partition<I, A, B, P>(iter: I, is_left: P) -> (A, B)
where
    I: ProcIterator<Item: Value>,
    A: Default + Extend<I::Item>,
    B: Default + Extend<I::Item>,
    P: Fn(&I::Item) -> bool + 'static,
{
    let is_left = Function::new(is_left);
    let (mut left, mut right) = (A::default(), B::default());
    let decided = iter.map(move |item| (is_left.get()(&item), item));
    for (is_left, item) in Arrivals::of(decided).values() {
        if is_left {
            left.extend([item]);
        } else {
            right.extend([item]);
        }
    }
    (left, right)
}
