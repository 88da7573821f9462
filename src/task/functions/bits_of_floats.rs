//! Functions that look at how a double is made: `fabs`, `copysign`, `fmod`, `frexp`, `ldexp`, `ulp` and others.

use super::{Body, Function};
use crate::sys::math;
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

pub(super) static ALL: [Function; 9] = [
    Function::of_doubles(
        ("fabs", "x"),
        Body::Total(f64::abs),
        "x without its sign, as a float",
        ("fabs(-7)", "7.0"),
    ),
    Function::of_doubles(
        ("copysign", "x, y"),
        Body::RealPair(f64::copysign),
        "x with the sign of y",
        ("copysign(1, -0.0)", "-1.0"),
    ),
    Function::of_doubles(
        ("fmod", "x, y"),
        Body::RealPair(|x, y| x % y),
        "remainder with the sign of x",
        ("fmod(-7, 3)", "-1.0"),
    ),
    Function::of_doubles(
        ("remainder", "x, y"),
        Body::RealPair(math::remainder),
        "x less the nearest multiple of y",
        ("remainder(8, 3)", "-1.0"),
    ),
    Function {
        name: "nextafter",
        parameters: "x, y",
        arguments: (2, 2),
        help: "the float next to x towards y",
        example: ("nextafter(1, 2)", "1.0000000000000002"),
        body: Body::Number(|arguments| {
            let x = arithmetic::to_float(&arguments[0])?;
            let y = arithmetic::to_float(&arguments[1])?;
            Ok(Number::Float(math::nextafter(x, y)))
        }),
        columns: &[],
    },
    Function::of_doubles(
        ("ulp", "x"),
        Body::Total(ulp),
        "what the last bit of x is worth",
        ("ulp(1)", "2.220446049250313e-16"),
    ),
    Function {
        name: "ldexp",
        parameters: "x, n",
        arguments: (2, 2),
        help: "x * 2**n",
        example: ("ldexp(0.75, 4)", "12.0"),
        body: Body::Number(ldexp),
        columns: &[],
    },
    Function {
        name: "frexp",
        parameters: "x",
        arguments: (1, 1),
        help: "fraction m and exponent e of x = m * 2**e",
        example: ("frexp(12)", "(0.75, 4)"),
        body: Body::Tuple(frexp),
        columns: &[],
    },
    Function {
        name: "modf",
        parameters: "x",
        arguments: (1, 1),
        help: "fraction and whole part of x",
        example: ("modf(-3.5)", "(-0.5, -3.0)"),
        body: Body::Tuple(modf),
        columns: &[],
    },
];

fn ulp(x: f64) -> f64 {
    let x = x.abs();
    if !x.is_finite() {
        return x;
    }
    let next = math::nextafter(x, f64::INFINITY);
    if next.is_infinite() { x - math::nextafter(x, f64::NEG_INFINITY) } else { next - x }
}

/// `x` as a fraction in 0.5..1 and a power of two; zeros and what is not finite stay themselves.
fn split(x: f64) -> (f64, i64) {
    const SUBNORMAL_SCALE: f64 = (1_u64 << 54) as f64;
    if x == 0.0 || !x.is_finite() {
        return (x, 0);
    }
    if x.abs() < f64::MIN_POSITIVE {
        let (fraction, exponent) = split(x * SUBNORMAL_SCALE);
        return (fraction, exponent - 54);
    }
    let bits = x.to_bits();
    let exponent = (bits >> 52 & 0x7ff) as i64 - 1022;
    (f64::from_bits(bits & !(0x7ff << 52) | 1022 << 52), exponent)
}

fn frexp(arguments: &[Number]) -> Result<Vec<Number>, ItemError> {
    let (fraction, exponent) = split(arithmetic::to_float(&arguments[0])?);
    Ok(vec![Number::Float(fraction), Number::from(exponent)])
}

fn modf(arguments: &[Number]) -> Result<Vec<Number>, ItemError> {
    let x = arithmetic::to_float(&arguments[0])?;
    let fraction = if x.is_infinite() { 0.0 } else { x - x.trunc() };
    let fraction = if x.is_nan() { x } else { fraction.copysign(x) };
    Ok(vec![Number::Float(fraction), Number::Float(x.trunc())])
}

fn ldexp(arguments: &[Number]) -> Result<Number, ItemError> {
    let x = arithmetic::to_float(&arguments[0])?;
    if matches!(arguments[1], Number::Float(_)) {
        return Err(ItemError::Type("Expected an int as second argument to ldexp.".into()));
    }
    if x == 0.0 || !x.is_finite() {
        return Ok(Number::Float(x));
    }
    // Beyond this, every double is zero or infinite.
    let shift = arithmetic::to_integer(&arguments[1])?;
    let shift = i64::try_from(&shift.clamp((-10_000).into(), 10_000.into())).unwrap_or_default();
    let (fraction, exponent) = split(x);
    // 53 bits as an integer; rounded once, by `nearest`.
    let significand = (fraction.abs() * (1_u64 << 53) as f64) as u128;
    match arithmetic::nearest(significand, false, exponent - 53 + shift) {
        Some(magnitude) => Ok(Number::Float(magnitude.copysign(x))),
        None => Err(ItemError::range()),
    }
}
