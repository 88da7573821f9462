//! `integrate(a, b, points)`: the integral of 4 / (1 + x^2), which is pi from 0 to 1, by the midpoint rule.
//!
//! With h = (b - a) / points it is h times the sum of 4 / (1 + x^2) at x = a + (k + 1/2) h for k = 0, 1, …; the sum is
//! exact and rounded once, so that it does not depend on the order of its terms.

use super::{Body, Function, ItemError, Number, kernel, kernel_word};
use crate::task::{Lanes, Partial, Reduction, Total, arithmetic};

const MOST: u64 = 1_000_000_000;

/// Terms that are added at a time.
const BLOCK: u64 = 512;

pub(super) const FUNCTION: Function = kernel(
    ("integrate", "a, b, points"),
    3,
    Body::Number(exact),
    "the integral of 4 / (1 + x**2) from a to b by the midpoint rule; pi from 0 to 1",
    ("integrate(0, 1, 10**6)", "3.1415926535898766"),
);

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let a = arithmetic::to_float(&arguments[0])?;
    let b = arithmetic::to_float(&arguments[1])?;
    let points = kernel_word("integrate", &arguments[2], 1..=MOST)?;
    let width = (b - a) / points as f64;
    if !width.is_finite() {
        return Err(ItemError::value("integrate needs finite borders"));
    }
    let mut sum = Partial::new(Reduction::Sum);
    let mut terms = Vec::new();
    for first in (0..points).step_by(BLOCK as usize) {
        terms.clear();
        terms.extend((first..points.min(first + BLOCK)).map(|k| {
            let x = a + (k as f64 + 0.5) * width;
            4.0 / (1.0 + x * x)
        }));
        sum.add_lanes(Lanes::Floats(&terms));
    }
    let mut total = Total::new(Reduction::Sum);
    total.merge(0, points, &sum).map_err(|_| ItemError::domain())?;
    let sum = arithmetic::to_float(&total.result()?)?;
    Ok(Number::Float(width * sum))
}
