//! Evaluation of many items at once in `i64`.
//!
//! All powers of the item and whole numbers of a sum are collected into one polynomial. If the largest item of a block
//! cannot make it overflow, it is computed without a check per item; else with checks. An overflow ends the
//! block: it is someone else's business then ([`exact`](super::exact)), as are floats, `bool`s, and errors of items.

use num_bigint::BigInt;

use super::kernels::{Body, Small, Yields};
use super::tree::{Atom, Condition, Join, Scale, Sum, Term, Tree};
use crate::value::Number;

/// The highest power that is collected. Beyond it only -1, 0 and 1 have powers that fit.
const MAX_DEGREE: u32 = 64;

/// A task that yields integers, ready for blocks.
#[derive(Clone, Debug)]
pub(super) enum Plan {
    Sum(IntegerSum),
    Choice { condition: IntegerCondition, then: IntegerSum, otherwise: IntegerSum },
}

impl Plan {
    /// The plan for `tree`; `None` if it may yield anything but an integer, has an effect, or needs numbers beyond
    /// `i64`.
    pub(super) fn of(tree: &Tree) -> Option<Self> {
        match tree {
            Tree::Sum(sum) => IntegerSum::of(sum).map(Self::Sum),
            Tree::Choice { condition, then, otherwise } => Some(Self::Choice {
                condition: IntegerCondition::of(condition)?,
                then: IntegerSum::of(then)?,
                otherwise: IntegerSum::of(otherwise)?,
            }),
        }
    }

    /// Appends the result for each input. `None` if some cannot be computed in `i64`; then `out` has been appended to
    /// in part.
    pub(super) fn append(&self, inputs: &[i64], out: &mut Vec<i64>) -> Option<()> {
        match self {
            Self::Sum(sum) => sum.append(inputs, out),
            Self::Choice { condition, then, otherwise } => {
                out.reserve(inputs.len());
                for &n in inputs {
                    let sum = if condition.holds(n) { then } else { otherwise };
                    out.push(sum.checked(n)?);
                }
                Some(())
            }
        }
    }
}

/// A polynomial in the item plus kernels of it.
#[derive(Clone, Debug)]
pub(super) struct IntegerSum {
    /// Of `n**0`, `n**1` and so on; not empty, and the last is not zero unless it is the only one.
    coefficients: Vec<i64>,
    /// Each with the factor of its term.
    kernels: Vec<(i64, Small)>,
}

impl IntegerSum {
    fn of(sum: &Sum) -> Option<Self> {
        if sum.rest.is_empty() && yields_bool(&sum.first) {
            return None;
        }
        let mut coefficients = vec![BigInt::ZERO];
        let mut kernels = Vec::new();
        for (join, term) in sum.joined_terms() {
            let factor = match &term.scale {
                Scale::Bare | Scale::Plus => BigInt::from(1),
                Scale::Minus => BigInt::from(-1),
                Scale::Times(factor) => factor.clone(),
            };
            let factor = if join == Join::Minus { -factor } else { factor };
            let (power, factor) = match &term.atom {
                Atom::Literal(Number::Int(value)) => (0, factor * value),
                Atom::Input => (1, factor),
                Atom::Power(exponent) => (*exponent, factor),
                Atom::Kernel(kernel) => match &kernel.body {
                    Body::Power(exponent) => (*exponent, factor),
                    Body::Function { small, .. } => {
                        kernels.push((i64::try_from(factor).ok()?, *small));
                        continue;
                    }
                },
                Atom::Literal(_) | Atom::Effect(_) => return None,
            };
            if power > MAX_DEGREE {
                return None;
            }
            let index = power as usize;
            coefficients.resize(coefficients.len().max(index + 1), BigInt::ZERO);
            coefficients[index] += factor;
        }
        while coefficients.len() > 1 && coefficients.last() == Some(&BigInt::ZERO) {
            coefficients.pop();
        }
        let coefficients =
            coefficients.into_iter().map(i64::try_from).collect::<Result<_, _>>().ok()?;
        Some(Self { coefficients, kernels })
    }

    fn append(&self, inputs: &[i64], out: &mut Vec<i64>) -> Option<()> {
        let before = out.len();
        if self.cannot_overflow(inputs) {
            extend_by_polynomial(&self.coefficients, inputs, out);
        } else {
            out.reserve(inputs.len());
            for &n in inputs {
                out.push(self.checked_polynomial(n)?);
            }
        }
        for &(factor, kernel) in &self.kernels {
            for (&n, result) in inputs.iter().zip(&mut out[before..]) {
                *result = result.checked_add(factor.checked_mul(kernel(n)?)?)?;
            }
        }
        Some(())
    }

    /// Whether no step of the polynomial leaves `i64` for any of `inputs`. Errs towards no.
    fn cannot_overflow(&self, inputs: &[i64]) -> bool {
        // One pass that is vectorised; a check per item would cost more than the item.
        let (min, max) =
            inputs.iter().fold((0, 0), |(min, max): (i64, i64), &n| (min.min(n), max.max(n)));
        // With the absolute values of all numbers involved, and an item of at least 1, each step of
        // Horner's rule is at most the last one.
        let largest = u128::from(min.unsigned_abs().max(max.unsigned_abs()).max(1));
        let bound = self.coefficients.iter().rev().try_fold(0_u128, |bound, coefficient| {
            bound.checked_mul(largest)?.checked_add(coefficient.unsigned_abs().into())
        });
        bound.is_some_and(|bound| bound <= i64::MAX as u128)
    }

    fn checked(&self, n: i64) -> Option<i64> {
        self.kernels.iter().try_fold(self.checked_polynomial(n)?, |sum, &(factor, kernel)| {
            sum.checked_add(factor.checked_mul(kernel(n)?)?)
        })
    }

    fn checked_polynomial(&self, n: i64) -> Option<i64> {
        let (highest, lower) = self.coefficients.split_last()?;
        lower
            .iter()
            .rev()
            .try_fold(*highest, |sum, coefficient| sum.checked_mul(n)?.checked_add(*coefficient))
    }
}

/// Whether the term's value is `True` or `False`.
fn yields_bool(term: &Term) -> bool {
    match (&term.scale, &term.atom) {
        (Scale::Bare, Atom::Kernel(kernel)) => {
            matches!(kernel.body, Body::Function { yields: Yields::Bool, .. })
        }
        _ => false,
    }
}

/// Appends the polynomial's value for each input by Horner's rule; the caller knows that nothing overflows.
///
/// The low degrees are spelled out so that the loop over the inputs is the innermost one and is vectorised.
fn extend_by_polynomial(coefficients: &[i64], inputs: &[i64], out: &mut Vec<i64>) {
    /// `a * n + b`; wraps only in that it spares the check of a debug build.
    fn step(a: i64, n: i64, b: i64) -> i64 {
        a.wrapping_mul(n).wrapping_add(b)
    }
    let n = inputs.iter().copied();
    match *coefficients {
        [c] => out.extend(n.map(|_| c)),
        [c, b] => out.extend(n.map(|n| step(b, n, c))),
        [0, 0, 1] => out.extend(n.map(|n| n.wrapping_mul(n))),
        [c, b, a] => out.extend(n.map(|n| step(step(a, n, b), n, c))),
        [d, c, b, a] => out.extend(n.map(|n| step(step(step(a, n, b), n, c), n, d))),
        _ => out.extend(n.map(|n| coefficients.iter().rev().fold(0, |sum, &c| step(sum, n, c)))),
    }
}

/// `n == value` or `n % modulus == value`, with Python's remainder.
#[derive(Clone, Debug)]
pub(super) struct IntegerCondition {
    modulus: Option<i64>,
    value: i64,
}

impl IntegerCondition {
    fn of(condition: &Condition) -> Option<Self> {
        let small = |number: &Number| match number {
            Number::Int(value) => i64::try_from(*value).ok(),
            _ => None,
        };
        let modulus = match &condition.modulus {
            None => None,
            Some(modulus) => Some(small(modulus)?),
        };
        Some(Self { modulus, value: small(&condition.value)? })
    }

    fn holds(&self, n: i64) -> bool {
        let Some(modulus) = self.modulus else {
            return n == self.value;
        };
        // Wraps for `i64::MIN % -1` only, to the 0 that is right.
        let remainder = n.wrapping_rem(modulus);
        let adjust = remainder != 0 && (remainder < 0) != (modulus < 0);
        self.value == if adjust { remainder + modulus } else { remainder }
    }
}

#[cfg(test)]
mod tests;
