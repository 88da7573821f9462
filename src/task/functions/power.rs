//! `pow`, and `math.pow`, which is another function in Python.

use super::{Body, Function};
use crate::sys::math;
use crate::task::arithmetic;

pub(super) static ALL: [Function; 2] = [
    Function {
        name: "pow",
        parameters: "base, exponent[, modulus]",
        arguments: (2, 3),
        help: "base ** exponent, or its remainder by a modulus",
        example: ("pow(3, -1, 7)", "5"),
        // With two, the grammar has made it `base ** exponent`.
        body: Body::Number(|arguments| {
            arithmetic::modular_power(&arguments[0], &arguments[1], &arguments[2])
        }),
        columns: &[],
    },
    Function::of_doubles(
        ("math.pow", "x, y"),
        Body::RealPair(|x, y| {
            if x == 0.0 && y < 0.0 && y.is_finite() { f64::NAN } else { math::pow(x, y) }
        }),
        "x ** y of floats",
        ("math.pow(2, 10)", "1024.0"),
    ),
];
