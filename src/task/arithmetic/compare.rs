//! Comparisons, exact between integers and floats.

use std::cmp::Ordering;

use super::convert::whole;
use super::{into_big, widen};
use crate::value::Number;

/// A comparison operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::task) enum Comparison {
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
}

impl Comparison {
    /// What it says of two that stand in this order; `None` for those that stand in none, which are unequal.
    pub(in crate::task) fn holds(self, order: Option<Ordering>) -> bool {
        match self {
            Self::Less => order.is_some_and(Ordering::is_lt),
            Self::LessEqual => order.is_some_and(Ordering::is_le),
            Self::Greater => order.is_some_and(Ordering::is_gt),
            Self::GreaterEqual => order.is_some_and(Ordering::is_ge),
            Self::Equal => order.is_some_and(Ordering::is_eq),
            Self::NotEqual => !order.is_some_and(Ordering::is_eq),
        }
    }
}

/// How `a` stands to `b`; `None` if one of them is NaN. Nothing is rounded.
pub(in crate::task) fn compare(a: &Number, b: &Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => Some(a.cmp(b)),
        (Number::Float(a), Number::Float(b)) => a.partial_cmp(b),
        (Number::Float(a), b) => compare_mixed(b, *a).map(Ordering::reverse),
        (a, Number::Float(b)) => compare_mixed(a, *b),
        (a, b) => Some(match (widen(a.clone()), widen(b.clone())) {
            (Number::Int(a), Number::Int(b)) => a.cmp(&b),
            (a, b) => into_big(a).cmp(&into_big(b)),
        }),
    }
}

/// How an integer stands to a float.
fn compare_mixed(integer: &Number, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float.is_infinite() {
        return Some(if float > 0.0 { Ordering::Less } else { Ordering::Greater });
    }
    let below = float.floor();
    // An integer is above a float if it is above the whole number below it.
    let order = compare(integer, &whole(below))?;
    Some(if order.is_eq() && float > below { Ordering::Less } else { order })
}
