//! Whether the results of a task are integers, whatever the items: what decides of which type an array is.
//!
//! It is known from the task's text and from whether its items are integers, and from nothing else: neither an item nor a
//! worker changes it. Columns ask a similar question ([`kinds`](super::columns)), but leave aside what is computed
//! otherwise: of `2**n` they see integers, as long as no item is negative.

use super::foreign::Foreign;
use super::tree::{Binary, Node, Tree, Unary};
use crate::value::Number;

/// What the results of a node are, where it has one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    /// Integers, of any size, or `bool`s.
    Whole,
    Float,
    /// One or the other.
    Any,
}

impl Sort {
    fn of(number: &Number) -> Self {
        if matches!(number, Number::Float(_)) { Self::Float } else { Self::Whole }
    }

    /// What is one or the other.
    fn or(self, other: Self) -> Self {
        if self == other { self } else { Self::Any }
    }

    /// What arithmetic makes of both: a float, if one of them is.
    fn meets(self, other: Self) -> Self {
        match (self, other) {
            (Self::Float, _) | (_, Self::Float) => Self::Float,
            (Self::Whole, Self::Whole) => Self::Whole,
            _ => Self::Any,
        }
    }
}

/// Whether all results of `tree` are integers or `bool`s, for items that are integers, or for any.
pub(super) fn is_whole(tree: &Tree, items_are_integers: bool) -> bool {
    let item = if items_are_integers { Sort::Whole } else { Sort::Any };
    let mut sorts: Vec<Sort> = Vec::with_capacity(tree.nodes().len());
    for node in tree.nodes() {
        sorts.push(sort(tree, node, item, &sorts));
    }
    sorts.last() == Some(&Sort::Whole)
}

fn sort(tree: &Tree, node: &Node, item: Sort, sorts: &[Sort]) -> Sort {
    let of = |id: &u32| sorts[*id as usize];
    let all = |ids: &[u32]| ids.iter().map(of).fold(Sort::Whole, Sort::meets);
    match node {
        Node::Constant(number) => Sort::of(number),
        Node::Item => item,
        Node::Index | Node::Compare(..) | Node::Unary(Unary::Not, _) => Sort::Whole,
        // Floats have no bits: they fail.
        Node::Unary(Unary::Invert, _)
        | Node::Binary(
            Binary::BitAnd
            | Binary::BitOr
            | Binary::BitXor
            | Binary::ShiftLeft
            | Binary::ShiftRight,
            ..,
        ) => Sort::Whole,
        Node::Unary(Unary::Plus | Unary::Minus, a) => of(a),
        Node::Binary(Binary::Divide, ..) => Sort::Float,
        Node::Binary(Binary::Power, a, b) => power(of(a), of(b), tree.node(*b)),
        Node::Binary(_, a, b) => of(a).meets(of(b)),
        Node::And(a, b) | Node::Or(a, b) | Node::Choice { then: a, otherwise: b, .. } => {
            of(a).or(of(b))
        }
        Node::Call(function, arguments) => {
            let is_of_whole = all(arguments) == Sort::Whole;
            if function.gives_whole(arguments.len(), is_of_whole) { Sort::Whole } else { Sort::Any }
        }
        Node::CallForeign(which, arguments) => foreign(&tree.foreign()[*which], all(arguments)),
    }
}

/// An integer to the power of a negative one is a float.
fn power(base: Sort, exponent: Sort, node: &Node) -> Sort {
    let is_negative = match node {
        Node::Constant(Number::Int(value)) => Some(*value < 0),
        Node::Constant(Number::Bool(_)) => Some(false),
        _ => None,
    };
    match (base.meets(exponent), is_negative) {
        (Sort::Whole, Some(true)) => Sort::Float,
        (Sort::Whole, None) => Sort::Any,
        (sort, _) => sort,
    }
}

fn foreign(function: &Foreign, arguments: Sort) -> Sort {
    let signature = function.signature();
    match (signature.takes_integers(), signature.takes_reals()) {
        (true, false) => Sort::Whole,
        (true, true) if arguments == Sort::Whole => Sort::Whole,
        (false, true) => Sort::Float,
        _ => Sort::Any,
    }
}

#[cfg(test)]
mod tests;
