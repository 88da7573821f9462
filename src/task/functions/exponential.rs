//! Powers of e, roots, and logarithms, which take integers of any size.

use super::Infinite::{Overflow, Pole};
use super::{Body, Column, Function};
use crate::sys::math;
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

pub(super) static ALL: [Function; 11] = [
    Function::of_doubles(
        ("exp", "x"),
        Body::Real(math::exp, Overflow),
        "e to the power of x",
        ("exp(1)", "2.718281828459045"),
    ),
    Function::of_doubles(
        ("exp2", "x"),
        Body::Real(math::exp2, Overflow),
        "2 to the power of x, as a float",
        ("exp2(10)", "1024.0"),
    ),
    Function::of_doubles(
        ("expm1", "x"),
        Body::Real(math::expm1, Overflow),
        "exp(x) - 1, exact for small x",
        ("expm1(1e-10)", "1.00000000005e-10"),
    ),
    Function::of_doubles(
        ("log1p", "x"),
        Body::Real(log1p, Pole),
        "log(1 + x), exact for small x",
        ("log1p(1e-10)", "9.999999999500001e-11"),
    ),
    Function::of_doubles(
        ("sqrt", "x"),
        Body::Real(f64::sqrt, Pole),
        "square root, as a float",
        ("sqrt(2)", "1.4142135623730951"),
    ),
    Function::of_doubles(
        ("cbrt", "x"),
        Body::Real(math::cbrt, Pole),
        "cube root, as a float",
        ("cbrt(27)", "3.0"),
    ),
    Function::of_doubles(
        ("erf", "x"),
        Body::Total(math::erf),
        "error function",
        ("erf(0.5)", "0.5204998778130465"),
    ),
    Function::of_doubles(
        ("erfc", "x"),
        Body::Total(math::erfc),
        "1 - erf(x), exact for large x",
        ("erfc(0.5)", "0.4795001221869535"),
    ),
    logarithm("log", "x[, base]", 2, log, "natural logarithm, or to a base", ("log(8, 2)", "3.0")),
    logarithm("log2", "x", 1, log2, "logarithm to base 2", ("log2(1 << 1100)", "1100.0")),
    logarithm("log10", "x", 1, log10, "logarithm to base 10", ("log10(1000)", "3.0")),
];

const fn logarithm(
    name: &'static str,
    parameters: &'static str,
    most: usize,
    value: fn(&[Number]) -> Result<Number, ItemError>,
    help: &'static str,
    example: (&'static str, &'static str),
) -> Function {
    let columns: &[Column] = match name.as_bytes() {
        b"log2" => &[Column::Float(|x| positive(x).map(math::log2))],
        b"log10" => &[Column::Float(|x| positive(x).map(math::log10))],
        _ => &[
            Column::Float(|x| positive(x).map(math::log)),
            Column::FloatPair(|x, base| {
                let result = math::log(positive(x)?) / math::log(positive(base)?);
                result.is_finite().then_some(result)
            }),
        ],
    };
    Function {
        name,
        parameters,
        arguments: (1, most),
        help,
        example,
        body: Body::Number(value),
        columns,
    }
}

/// As CPython does it, so that the sign of a zero stays.
fn log1p(x: f64) -> f64 {
    if x == 0.0 { x } else { math::log1p(x) }
}

fn positive(x: f64) -> Option<f64> {
    (x > 0.0 && x.is_finite()).then_some(x)
}

fn log(arguments: &[Number]) -> Result<Number, ItemError> {
    let logarithm = of_any_size(&arguments[0], math::log)?;
    match arguments.get(1) {
        None => Ok(Number::Float(logarithm)),
        Some(base) => {
            let base = of_any_size(base, math::log)?;
            arithmetic::divide(Number::Float(logarithm), Number::Float(base))
        }
    }
}

fn log2(arguments: &[Number]) -> Result<Number, ItemError> {
    of_any_size(&arguments[0], math::log2).map(Number::Float)
}

fn log10(arguments: &[Number]) -> Result<Number, ItemError> {
    of_any_size(&arguments[0], math::log10).map(Number::Float)
}

/// The logarithm of a number that may be too large for a double, in the steps of CPython's `loghelper`.
fn of_any_size(value: &Number, logarithm: fn(f64) -> f64) -> Result<f64, ItemError> {
    if let Number::Big(big) = value {
        if big.sign() == num_bigint::Sign::Minus {
            return Err(ItemError::domain());
        }
        if let Err(_too_large) = arithmetic::to_float(value) {
            // value = fraction * 2^bits, 0.5 <= fraction < 1.
            let (fraction, bits) = arithmetic::fraction_and_exponent(big.magnitude());
            return Ok(logarithm(fraction) + logarithm(2.0) * bits as f64);
        }
    }
    let x = arithmetic::to_float(value)?;
    if x <= 0.0 {
        return Err(ItemError::domain());
    }
    Ok(logarithm(x))
}
