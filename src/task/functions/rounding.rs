//! From numbers to whole numbers: `round`, `floor`, `ceil`, `trunc`, `int`.

use num_bigint::{BigInt, Sign};

use super::{Body, Column, Function};
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

pub(super) static ALL: [Function; 5] = [
    Function {
        name: "round",
        parameters: "x[, digits]",
        arguments: (1, 2),
        help: "the nearest integer, halves to the even one; or so many decimal digits",
        example: ("round(2.675, 2)", "2.67"),
        body: Body::Number(round),
        columns: &[Column::Int(Some), Column::FloatToInt(|x| small(x.round_ties_even()))],
    },
    Function {
        name: "floor",
        parameters: "x",
        arguments: (1, 1),
        help: "the greatest integer that is not above x",
        example: ("floor(-1.5)", "-2"),
        body: Body::Number(|arguments| whole(&arguments[0], f64::floor)),
        columns: &[Column::Int(Some), Column::FloatToInt(|x| small(x.floor()))],
    },
    Function {
        name: "ceil",
        parameters: "x",
        arguments: (1, 1),
        help: "the least integer that is not below x",
        example: ("ceil(-1.5)", "-1"),
        body: Body::Number(|arguments| whole(&arguments[0], f64::ceil)),
        columns: &[Column::Int(Some), Column::FloatToInt(|x| small(x.ceil()))],
    },
    Function {
        name: "trunc",
        parameters: "x",
        arguments: (1, 1),
        help: "x without its fraction",
        example: ("trunc(-1.5)", "-1"),
        body: Body::Number(|arguments| whole(&arguments[0], f64::trunc)),
        columns: &[Column::Int(Some), Column::FloatToInt(|x| small(x.trunc()))],
    },
    Function {
        name: "int",
        parameters: "[x]",
        arguments: (0, 1),
        help: "x without its fraction; 0 without x",
        example: ("int(1e23)", "99999999999999991611392"),
        body: Body::Number(|arguments| match arguments.first() {
            None => Ok(Number::Int(0)),
            Some(x) => whole(x, f64::trunc),
        }),
        columns: &[Column::Int(Some), Column::FloatToInt(|x| small(x.trunc()))],
    },
];

/// The integer that a double is, if it is far from the ends of `i64`.
fn small(x: f64) -> Option<i64> {
    const FAR: f64 = (1_u64 << 62) as f64;
    (x.abs() < FAR).then_some(x as i64)
}

fn whole(x: &Number, rounded: fn(f64) -> f64) -> Result<Number, ItemError> {
    match x {
        Number::Float(x) => arithmetic::trunc(rounded(*x)),
        integer => Ok(arithmetic::widen(integer.clone())),
    }
}

fn round(arguments: &[Number]) -> Result<Number, ItemError> {
    let x = &arguments[0];
    let Some(digits) = arguments.get(1) else {
        return whole(x, f64::round_ties_even);
    };
    let digits = arithmetic::to_integer(digits)?;
    // Beyond all digits that a number here can have, more of them make no difference.
    let digits = i64::try_from(&digits).unwrap_or(match digits.sign() {
        Sign::Minus => i64::MIN,
        _ => i64::MAX,
    });
    match x {
        Number::Float(x) => round_float(*x, digits).map(Number::Float),
        x => Ok(round_integer(arithmetic::widen(x.clone()), digits)),
    }
}

/// `x` to a multiple of 10^-digits, of two equally near ones to the even one.
fn round_integer(x: Number, digits: i64) -> Number {
    if digits >= 0 {
        return x;
    }
    let bits = arithmetic::bit_length(&x);
    let places = match u32::try_from(digits.unsigned_abs()) {
        // 10^places is more than twice x: it has more than 3 * places bits.
        Ok(places) if u64::from(places) * 3 <= bits + 2 => places,
        _ => return Number::Int(0),
    };
    let unit = BigInt::from(10).pow(places);
    let x = arithmetic::into_big(x);
    let (sign, magnitude) = x.into_parts();
    let unit = unit.magnitude();
    let quotient = &magnitude / unit;
    let twice_rest = (&magnitude - &quotient * unit) * 2_u32;
    let is_up = twice_rest > *unit || twice_rest == *unit && quotient.bit(0);
    let rounded = (quotient + u32::from(is_up)) * unit;
    Number::from(BigInt::from_biguint(sign, rounded))
}

/// `x` to so many decimal digits, by way of its exact decimal expansion.
fn round_float(x: f64, digits: i64) -> Result<f64, ItemError> {
    /// More digits than these no double has.
    const MOST: i64 = 323;
    const LEAST: i64 = -308;
    if !x.is_finite() || digits > MOST {
        return Ok(x);
    }
    if digits < LEAST {
        return Ok(0.0 * x);
    }
    let magnitude = match usize::try_from(digits) {
        // The standard library rounds the exact value, halves to even.
        Ok(digits) => format!("{:.digits$}", x.abs()),
        Err(_) => multiple(x.abs(), digits.unsigned_abs()),
    };
    let magnitude: f64 = magnitude.parse().unwrap_or(f64::INFINITY);
    if magnitude.is_infinite() {
        return Err(ItemError::overflow("rounded value too large to represent"));
    }
    Ok(magnitude.copysign(x))
}

/// The multiple of 10^`places` that is nearest to `x`, which is finite and not negative.
fn multiple(x: f64, places: u64) -> String {
    // A fraction can only break a tie.
    let whole = arithmetic::into_big(arithmetic::trunc(x).unwrap_or(Number::Int(0)));
    let unit = BigInt::from(10).pow(places as u32);
    let quotient = &whole / &unit;
    let twice_rest: BigInt = (&whole - &quotient * &unit) * 2;
    let is_tie = twice_rest == unit;
    let is_up = twice_rest > unit || is_tie && (x.fract() > 0.0 || quotient.bit(0));
    format!("{}e{places}", quotient + i32::from(is_up))
}
