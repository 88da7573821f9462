//! Operations on columns of doubles.

use super::lanes::{Flags, Operand, map, map_checked, map_pairs};
use super::op::FloatPair;
use crate::task::arithmetic::{self, Comparison};

/// Appends the results of so many lanes to `out`.
pub(super) fn apply(
    operator: FloatPair,
    (a, b): (Operand<'_, f64>, Operand<'_, f64>),
    count: usize,
    out: &mut Vec<f64>,
    flags: &mut Flags,
) {
    match operator {
        FloatPair::Add => map_pairs(a, b, count, out, |a, b| a + b),
        FloatPair::Subtract => map_pairs(a, b, count, out, |a, b| a - b),
        FloatPair::Multiply => map_pairs(a, b, count, out, |a, b| a * b),
        FloatPair::Divide => match b {
            Operand::Same(divisor) if divisor != 0.0 => map_pairs(a, b, count, out, |a, b| a / b),
            _ => map_checked(a, b, count, (out, flags), |a, b| (a / b, b == 0.0)),
        },
        FloatPair::FloorDivide => map_checked(a, b, count, (out, flags), |a, b| {
            (arithmetic::float_divmod(a, b).0, b == 0.0)
        }),
        FloatPair::Remainder => map_checked(a, b, count, (out, flags), |a, b| {
            (arithmetic::float_remainder(a, b), b == 0.0)
        }),
        FloatPair::Power => match b {
            Operand::Same(2.0) => squares(a, count, out, flags),
            _ => map_checked(a, b, count, (out, flags), power),
        },
    }
}

/// `a ** b`, and whether that raises.
fn power(a: f64, b: f64) -> (f64, bool) {
    let result = arithmetic::float_power(a, b);
    let is_error = result.is_err();
    (result.unwrap_or(0.0), is_error)
}

/// `a ** 2.0`: those that are sure, all at once, and then the others.
fn squares(a: Operand<'_, f64>, count: usize, out: &mut Vec<f64>, flags: &mut Flags) {
    let before = out.len();
    map(a, count, out, arithmetic::float_square);
    for (lane, square) in out[before..].iter_mut().enumerate() {
        if square.is_nan() {
            let is_error;
            (*square, is_error) = power(a.lane(lane), 2.0);
            if is_error {
                flags.of(count)[lane] = true;
            }
        }
    }
}

/// Appends 1 for the lanes that compare so, and 0 for the others.
pub(super) fn compare(
    comparison: Comparison,
    (a, b): (Operand<'_, f64>, Operand<'_, f64>),
    count: usize,
    out: &mut Vec<i64>,
) {
    match comparison {
        Comparison::Less => map_pairs(a, b, count, out, |a, b| i64::from(a < b)),
        Comparison::LessEqual => map_pairs(a, b, count, out, |a, b| i64::from(a <= b)),
        Comparison::Greater => map_pairs(a, b, count, out, |a, b| i64::from(a > b)),
        Comparison::GreaterEqual => map_pairs(a, b, count, out, |a, b| i64::from(a >= b)),
        Comparison::Equal => map_pairs(a, b, count, out, |a, b| i64::from(a == b)),
        Comparison::NotEqual => map_pairs(a, b, count, out, |a, b| i64::from(a != b)),
    }
}
