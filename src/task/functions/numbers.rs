//! Types of numbers: `float`, `bool`, `divmod`, and what kind of float one is.

use super::{Body, Column, Function};
use crate::task::arithmetic;
use crate::value::Number;

pub(super) static ALL: [Function; 7] = [
    Function {
        name: "float",
        parameters: "[x]",
        arguments: (0, 1),
        help: "x as a float; 0.0 without x",
        example: ("float(7)", "7.0"),
        body: Body::Number(|arguments| match arguments.first() {
            None => Ok(Number::Float(0.0)),
            Some(x) => arithmetic::to_float(x).map(Number::Float),
        }),
        columns: &[Column::Float(Some)],
    },
    Function {
        name: "bool",
        parameters: "[x]",
        arguments: (0, 1),
        help: "False for zeros, else True",
        example: ("bool(0.0)", "False"),
        body: Body::Number(|arguments| {
            Ok(Number::Bool(arguments.first().is_some_and(Number::is_true)))
        }),
        columns: &[
            Column::IntToBool(|x| Some((x != 0).into())),
            Column::FloatToBool(|x| Some((x != 0.0).into())),
        ],
    },
    Function {
        name: "divmod",
        parameters: "a, b",
        arguments: (2, 2),
        help: "quotient and remainder, (a // b, a % b)",
        example: ("divmod(-7, 2)", "(-4, 1)"),
        body: Body::Tuple(|arguments| {
            let (quotient, remainder) =
                arithmetic::divmod(arguments[0].clone(), arguments[1].clone())?;
            Ok(vec![quotient, remainder])
        }),
        columns: &[],
    },
    question(
        "isfinite",
        |x| x.is_finite(),
        "whether x is neither infinite nor nan",
        ("isfinite(inf)", "False"),
    ),
    question("isinf", |x| x.is_infinite(), "whether x is infinite", ("isinf(inf)", "True")),
    question("isnan", |x| x.is_nan(), "whether x is nan", ("isnan(nan)", "True")),
    Function {
        name: "isclose",
        parameters: "a, b",
        arguments: (2, 2),
        help: "whether two numbers differ by at most 1e-9 of the larger one",
        example: ("isclose(0.1 + 0.2, 0.3)", "True"),
        body: Body::Number(|arguments| {
            let a = arithmetic::to_float(&arguments[0])?;
            let b = arithmetic::to_float(&arguments[1])?;
            Ok(Number::Bool(is_close(a, b)))
        }),
        columns: &[],
    },
];

const fn question(
    name: &'static str,
    answer: fn(f64) -> bool,
    help: &'static str,
    example: (&'static str, &'static str),
) -> Function {
    Function {
        name,
        parameters: "x",
        arguments: (1, 1),
        help,
        example,
        body: Body::Question(answer),
        columns: &[],
    }
}

fn is_close(a: f64, b: f64) -> bool {
    if a == b {
        return true;
    }
    if a.is_infinite() || b.is_infinite() {
        return false;
    }
    let difference = (b - a).abs();
    difference <= (1e-9 * b).abs() || difference <= (1e-9 * a).abs()
}
