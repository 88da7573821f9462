//! Circular and hyperbolic functions, and their inverses: the C library's.

use std::f64::consts::PI;

use super::Infinite::{Overflow, Pole};
use super::{Body, Function};
use crate::sys::math;

pub(super) static ALL: [Function; 15] = [
    Function::of_doubles(
        ("sin", "x"),
        Body::Real(math::sin, Pole),
        "sine of x radians",
        ("sin(pi / 6)", "0.49999999999999994"),
    ),
    Function::of_doubles(
        ("cos", "x"),
        Body::Real(math::cos, Pole),
        "cosine of x radians",
        ("cos(0)", "1.0"),
    ),
    Function::of_doubles(
        ("tan", "x"),
        Body::Real(math::tan, Pole),
        "tangent of x radians",
        ("tan(0)", "0.0"),
    ),
    Function::of_doubles(
        ("asin", "x"),
        Body::Real(math::asin, Pole),
        "the angle in radians whose sine is x",
        ("asin(1)", "1.5707963267948966"),
    ),
    Function::of_doubles(
        ("acos", "x"),
        Body::Real(math::acos, Pole),
        "the angle in radians whose cosine is x",
        ("acos(1)", "0.0"),
    ),
    Function::of_doubles(
        ("atan", "x"),
        Body::Real(math::atan, Pole),
        "the angle in radians whose tangent is x",
        ("atan(1)", "0.7853981633974483"),
    ),
    Function::of_doubles(
        ("atan2", "y, x"),
        Body::RealPair(math::atan2),
        "the angle in radians of the point (x, y)",
        ("atan2(1, -1)", "2.356194490192345"),
    ),
    Function::of_doubles(
        ("sinh", "x"),
        Body::Real(math::sinh, Overflow),
        "hyperbolic sine",
        ("sinh(0)", "0.0"),
    ),
    Function::of_doubles(
        ("cosh", "x"),
        Body::Real(math::cosh, Overflow),
        "hyperbolic cosine",
        ("cosh(0)", "1.0"),
    ),
    Function::of_doubles(
        ("tanh", "x"),
        Body::Real(math::tanh, Pole),
        "hyperbolic tangent",
        ("tanh(1)", "0.7615941559557649"),
    ),
    Function::of_doubles(
        ("asinh", "x"),
        Body::Real(math::asinh, Pole),
        "the number whose hyperbolic sine is x",
        ("asinh(0)", "0.0"),
    ),
    Function::of_doubles(
        ("acosh", "x"),
        Body::Real(math::acosh, Pole),
        "the number whose hyperbolic cosine is x",
        ("acosh(1)", "0.0"),
    ),
    Function::of_doubles(
        ("atanh", "x"),
        Body::Real(math::atanh, Pole),
        "the number whose hyperbolic tangent is x",
        ("atanh(0)", "0.0"),
    ),
    Function::of_doubles(
        ("degrees", "x"),
        Body::Total(|x| x * (180.0 / PI)),
        "x radians in degrees",
        ("degrees(pi)", "180.0"),
    ),
    Function::of_doubles(
        ("radians", "x"),
        Body::Total(|x| x * (PI / 180.0)),
        "x degrees in radians",
        ("radians(180)", "3.141592653589793"),
    ),
];
