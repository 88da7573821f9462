//! Operations on columns of doubles.

use super::lanes::{Flags, Operand, map_checked, map_pairs};
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
        FloatPair::Power => map_checked(a, b, count, (out, flags), |a, b| {
            let result = arithmetic::float_power(a, b);
            let is_error = result.is_err();
            (result.unwrap_or(0.0), is_error)
        }),
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
