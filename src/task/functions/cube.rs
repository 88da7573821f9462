//! `cube(n)`.

use super::{Body, Column, Function, kernel_argument};
use crate::task::arithmetic;
use crate::value::Number;

pub(super) static FUNCTION: Function = Function {
    name: "cube",
    parameters: "n",
    arguments: (1, 1),
    help: "n**3 of an integer",
    example: ("cube(-3)", "-27"),
    body: Body::Number(|arguments| {
        let n = Number::from(kernel_argument("cube", &arguments[0])?);
        arithmetic::power(n, Number::Int(3))
    }),
    columns: &[Column::Int(|n| n.checked_pow(3))],
};
