//! `hypot`: the length of a vector, nearly always correctly rounded.

use super::{Body, Column, Function, MANY};
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

pub(super) static FUNCTION: Function = Function {
    name: "hypot",
    parameters: "x, y, ...",
    arguments: (0, MANY),
    help: "sqrt(x*x + y*y + ...), without overflow on the way",
    example: ("hypot(3, 4)", "5.0"),
    body: Body::Number(hypot),
    columns: &[Column::FloatPair(|x, y| {
        let length = length(&mut [x.abs(), y.abs()]);
        length.is_finite().then_some(length)
    })],
};

fn hypot(arguments: &[Number]) -> Result<Number, ItemError> {
    let mut magnitudes = Vec::with_capacity(arguments.len());
    for argument in arguments {
        magnitudes.push(arithmetic::to_float(argument)?.abs());
    }
    Ok(Number::Float(length(&mut magnitudes)))
}

/// A sum or product and what its rounding has lost.
struct Exact {
    rounded: f64,
    lost: f64,
}

/// Of `a + b`, where `a` is the larger one (Dekker).
fn sum(a: f64, b: f64) -> Exact {
    let rounded = a + b;
    Exact { rounded, lost: (a - rounded) + b }
}

/// Of `a * b` (Dekker, with Veltkamp's splitting).
fn product(a: f64, b: f64) -> Exact {
    fn split(x: f64) -> (f64, f64) {
        let t = x * 134_217_729.0; // 2^27 + 1
        let high = t - (t - x);
        (high, x - high)
    }
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let p = a_high * b_high;
    let q = a_high * b_low + a_low * b_high;
    let rounded = p + q;
    Exact { rounded, lost: p - rounded + q + a_low * b_low }
}

/// The length of a vector of these magnitudes, in the steps of CPython 3.11's `vector_norm`: squares are summed
/// exactly but for a last addition, and one step of Newton corrects the root.
fn length(magnitudes: &mut [f64]) -> f64 {
    let largest = magnitudes.iter().fold(0.0, |largest: f64, x| largest.max(*x));
    if largest.is_infinite() {
        return largest;
    }
    if magnitudes.iter().any(|x| x.is_nan()) {
        return f64::NAN;
    }
    if largest == 0.0 || magnitudes.len() == 1 {
        return largest;
    }
    if largest < f64::MIN_POSITIVE {
        // The scale below would overflow.
        for x in magnitudes.iter_mut() {
            *x /= f64::MIN_POSITIVE;
        }
        return f64::MIN_POSITIVE * length(magnitudes);
    }
    // A power of two that brings the largest one to 0.5..1.
    let exponent = (largest.to_bits() >> 52) as i32 - 1022;
    let scale = power_of_two(-exponent);
    let (mut total, mut lost_squaring, mut lost_adding) = (1.0, 0.0, 0.0);
    for x in magnitudes.iter() {
        let x = x * scale;
        let square = product(x, x);
        let added = sum(total, square.rounded);
        total = added.rounded;
        lost_squaring += square.lost;
        lost_adding += added.lost;
    }
    let root = (total - 1.0 + (lost_squaring + lost_adding)).sqrt();
    let square = product(-root, root);
    let added = sum(total, square.rounded);
    lost_squaring += square.lost;
    lost_adding += added.lost;
    let error = added.rounded - 1.0 + (lost_squaring + lost_adding);
    (root + error / (2.0 * root)) / scale
}

/// 2^`exponent`, which is in -1024..=1022.
fn power_of_two(exponent: i32) -> f64 {
    match u64::try_from(exponent + 1023) {
        Ok(biased @ 1..) => f64::from_bits(biased << 52),
        // Subnormal.
        _ => f64::from_bits(1 << (exponent + 1074)),
    }
}
