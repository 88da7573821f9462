//! What kind of values each node of a tree has.

use super::forms::form;
use super::op::Kind;
use crate::task::tree::{Binary, Id, Node, Tree, Unary};
use crate::value::Number;

/// The kind of each node; `None` where values may be of more than one, or beyond `i64` in the text, or have an effect.
pub(super) fn kinds(tree: &Tree, item: Kind) -> Vec<Option<Kind>> {
    let mut kinds: Vec<Option<Kind>> = Vec::with_capacity(tree.nodes().len());
    for node in tree.nodes() {
        let of = |id: &Id| kinds[*id as usize];
        let kind = match node {
            Node::Constant(Number::Bool(_)) => Some(Kind::Bool),
            Node::Constant(Number::Int(value)) => i64::try_from(*value).ok().map(|_| Kind::Int),
            Node::Constant(Number::Float(_)) => Some(Kind::Float),
            Node::Constant(Number::Big(_)) => None,
            Node::Item => Some(item),
            Node::Index => Some(Kind::Int),
            Node::Unary(Unary::Not, _) | Node::Compare(..) => Some(Kind::Bool),
            Node::Unary(Unary::Invert, a) => of(a).filter(|kind| kind.is_int()).map(|_| Kind::Int),
            Node::Unary(Unary::Plus | Unary::Minus, a) => of(a).map(widened),
            Node::Binary(operator, a, b) => {
                of(a).zip(of(b)).and_then(|kinds| binary(*operator, kinds, tree.node(*b)))
            }
            Node::And(a, b) | Node::Or(a, b) | Node::Choice { then: a, otherwise: b, .. } => {
                of(a).filter(|kind| of(b) == Some(*kind))
            }
            Node::Call(function, arguments) => {
                let arguments: Option<Vec<Kind>> = arguments.iter().map(of).collect();
                arguments.and_then(|kinds| form(function, &kinds)).map(|form| form.result)
            }
            Node::CallForeign(which, arguments) => {
                let arguments: Option<Vec<Kind>> = arguments.iter().map(of).collect();
                arguments.and_then(|kinds| tree.foreign()[*which].kind(&kinds))
            }
        };
        kinds.push(kind);
    }
    kinds
}

fn widened(kind: Kind) -> Kind {
    if kind.is_int() { Kind::Int } else { Kind::Float }
}

fn binary(operator: Binary, (a, b): (Kind, Kind), right: &Node) -> Option<Kind> {
    let are_ints = a.is_int() && b.is_int();
    match operator {
        Binary::Divide => Some(Kind::Float),
        Binary::Power if are_ints && is_negative(right) => Some(Kind::Float),
        Binary::BitAnd | Binary::BitOr | Binary::BitXor if (a, b) == (Kind::Bool, Kind::Bool) => {
            Some(Kind::Bool)
        }
        Binary::BitAnd
        | Binary::BitOr
        | Binary::BitXor
        | Binary::ShiftLeft
        | Binary::ShiftRight => are_ints.then_some(Kind::Int),
        _ => Some(if are_ints { Kind::Int } else { Kind::Float }),
    }
}

fn is_negative(node: &Node) -> bool {
    matches!(node, Node::Constant(Number::Int(value)) if *value < 0)
}
