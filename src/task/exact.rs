//! Evaluation of one item, term by term, with Python's numbers.

use super::ItemError;
use super::arithmetic;
use super::tree::{Atom, Condition, Join, Scale, Sum, Term, Tree};
use crate::value::Number;

pub(super) fn evaluate(tree: &Tree, input: &Number) -> Result<Number, ItemError> {
    match tree {
        Tree::Sum(total) => sum(total, input),
        Tree::Choice { condition, then, otherwise } => {
            sum(if holds(condition, input)? { then } else { otherwise }, input)
        }
    }
}

fn holds(condition: &Condition, input: &Number) -> Result<bool, ItemError> {
    match &condition.modulus {
        None => Ok(arithmetic::equal(input, &condition.value)),
        Some(modulus) => {
            let remainder = arithmetic::remainder(input, modulus)?;
            Ok(arithmetic::equal(&remainder, &condition.value))
        }
    }
}

fn sum(sum: &Sum, input: &Number) -> Result<Number, ItemError> {
    let mut total = term(&sum.first, input)?;
    for (join, next) in &sum.rest {
        let value = term(next, input)?;
        total = match join {
            Join::Plus => arithmetic::add(total, value)?,
            Join::Minus => arithmetic::subtract(total, value)?,
        };
    }
    Ok(total)
}

fn term(term: &Term, input: &Number) -> Result<Number, ItemError> {
    let value = match &term.atom {
        Atom::Literal(value) => value.clone(),
        Atom::Input => input.clone(),
        Atom::Power(exponent) => arithmetic::power(input, *exponent)?,
        Atom::Kernel(kernel) => kernel.call(input)?,
        Atom::Effect(effect) => {
            effect.perform();
            Number::Int(0)
        }
    };
    match &term.scale {
        Scale::Bare => Ok(value),
        Scale::Plus => Ok(arithmetic::widen(value)),
        Scale::Minus => Ok(arithmetic::negate(value)),
        Scale::Times(factor) => arithmetic::multiply(factor, value),
    }
}
