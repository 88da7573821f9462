//! `square(n)`.

use super::{Body, Column, Function, kernel_argument};
use crate::task::arithmetic;
use crate::value::Number;

pub(super) static FUNCTION: Function = Function {
    name: "square",
    parameters: "n",
    arguments: (1, 1),
    help: "n**2 of an integer",
    example: ("square(12)", "144"),
    body: Body::Number(|arguments| {
        let n = Number::from(kernel_argument("square", &arguments[0])?);
        arithmetic::power(n, Number::Int(2))
    }),
    columns: &[Column::Int(|n| n.checked_mul(n))],
};
