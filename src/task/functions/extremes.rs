//! `min`, `max` and `abs`.

use super::{Body, Column, Function, MANY};
use crate::task::ItemError;
use crate::task::arithmetic::{self, Comparison};
use crate::value::Number;

pub(super) static ALL: [Function; 3] = [
    Function {
        name: "abs",
        parameters: "x",
        arguments: (1, 1),
        help: "x without its sign",
        example: ("abs(-7)", "7"),
        body: Body::Number(abs),
        columns: &[Column::Int(i64::checked_abs), Column::Float(|x| Some(x.abs()))],
    },
    Function {
        name: "min",
        parameters: "a, b, ...",
        arguments: (2, MANY),
        help: "the least of its arguments",
        example: ("min(3, 1.5, 2)", "1.5"),
        body: Body::Number(|arguments| Ok(extreme(arguments, Comparison::Less))),
        columns: &[
            Column::IntFold(|a, b| Some(a.min(b))),
            // The first of equals, and of what has no order.
            Column::FloatFold(|a, b| Some(if b < a { b } else { a })),
        ],
    },
    Function {
        name: "max",
        parameters: "a, b, ...",
        arguments: (2, MANY),
        help: "the greatest of its arguments",
        example: ("max(3, 1.5, 2)", "3"),
        body: Body::Number(|arguments| Ok(extreme(arguments, Comparison::Greater))),
        columns: &[
            Column::IntFold(|a, b| Some(a.max(b))),
            Column::FloatFold(|a, b| Some(if b > a { b } else { a })),
        ],
    },
];

fn abs(arguments: &[Number]) -> Result<Number, ItemError> {
    let x = &arguments[0];
    Ok(match x {
        Number::Float(x) => Number::Float(x.abs()),
        x if arithmetic::compare(x, &Number::Int(0)).is_some_and(|order| order.is_lt()) => {
            arithmetic::negate(x.clone())
        }
        x => arithmetic::widen(x.clone()),
    })
}

/// The first argument, or a later one that is `better` than all before.
fn extreme(arguments: &[Number], better: Comparison) -> Number {
    let mut best = &arguments[0];
    for next in &arguments[1..] {
        if better.holds(arithmetic::compare(next, best)) {
            best = next;
        }
    }
    best.clone()
}
