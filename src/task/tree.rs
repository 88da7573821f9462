//! What a task is once its text is understood: an arena in which operands stand before what uses them.

use super::ItemError;
use super::arithmetic::{self, Comparison, bit_length};
use super::foreign::Foreign;
use super::functions::{Body, Function};
use crate::plugin::Signature;
use crate::value::{Number, Value};

/// A node of a [`Tree`], by its place in the arena.
pub(super) type Id = u32;

#[derive(Clone, Debug)]
pub(super) enum Node {
    Constant(Number),
    /// `n`.
    Item,
    /// `i`.
    Index,
    Unary(Unary, Id),
    Binary(Binary, Id, Id),
    /// `a < b <= c`: the first operand, and each comparison with its right one.
    Compare(Id, Box<[(Comparison, Id)]>),
    And(Id, Id),
    Or(Id, Id),
    /// `then if condition else otherwise`.
    Choice {
        condition: Id,
        then: Id,
        otherwise: Id,
    },
    Call(&'static Function, Box<[Id]>),
    /// A call of one of the tree's [foreign](Tree::foreign) functions.
    CallForeign(usize, Box<[Id]>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unary {
    Plus,
    Minus,
    Invert,
    Not,
}

impl Unary {
    pub(super) fn apply(self, value: Number) -> Result<Number, ItemError> {
        Ok(match self {
            Self::Plus => arithmetic::widen(value),
            Self::Minus => arithmetic::negate(value),
            Self::Invert => arithmetic::invert(value)?,
            Self::Not => Number::Bool(!value.is_true()),
        })
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
    ShiftLeft,
    ShiftRight,
    BitAnd,
    BitXor,
    BitOr,
}

impl Binary {
    /// The result for two integers if it is one and there is a short way to it.
    #[inline]
    pub(super) fn apply_small(self, a: i128, b: i128) -> Option<i128> {
        let halves = || Some((i64::try_from(a).ok()?, i64::try_from(b).ok()?));
        match self {
            Self::Add => a.checked_add(b),
            Self::Subtract => a.checked_sub(b),
            // What 64 bits hold has a product that 128 hold.
            Self::Multiply => halves().map(|(a, b)| i128::from(a) * i128::from(b)),
            Self::Power if b == 2 => i64::try_from(a).ok().map(|a| i128::from(a) * i128::from(a)),
            Self::FloorDivide => {
                halves().filter(|(_, b)| *b > 0).map(|(a, b)| i128::from(a.div_euclid(b)))
            }
            Self::Remainder => {
                halves().filter(|(_, b)| *b > 0).map(|(a, b)| i128::from(a.rem_euclid(b)))
            }
            Self::BitAnd => Some(a & b),
            Self::BitOr => Some(a | b),
            Self::BitXor => Some(a ^ b),
            Self::Power | Self::Divide | Self::ShiftLeft | Self::ShiftRight => None,
        }
    }

    pub(super) fn apply(self, a: Number, b: Number) -> Result<Number, ItemError> {
        let operation = match self {
            Self::Add => arithmetic::add,
            Self::Subtract => arithmetic::subtract,
            Self::Multiply => arithmetic::multiply,
            Self::Divide => arithmetic::divide,
            Self::FloorDivide => arithmetic::floor_divide,
            Self::Remainder => arithmetic::remainder,
            Self::Power => arithmetic::power,
            Self::ShiftLeft => arithmetic::shift_left,
            Self::ShiftRight => arithmetic::shift_right,
            Self::BitAnd => arithmetic::and,
            Self::BitXor => arithmetic::xor,
            Self::BitOr => arithmetic::or,
        };
        operation(a, b)
    }
}

/// A whole task. Its last node is its root.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    /// The functions of plugins that it calls, each once.
    foreign: Vec<Foreign>,
}

/// Constants are folded only into results of at most about so many bits, and only from such operands: reading a task
/// takes no time that anyone could notice.
const FOLDED_BITS: u64 = 4096;

impl Tree {
    /// Adds a node and says where it is. What has only constant operands, and a value that is cheap to find, becomes a
    /// constant; what Python would raise stays as it is, for the items to fail.
    pub(super) fn push(&mut self, node: Node) -> Id {
        let node = self.folded(&node).map_or(node, Node::Constant);
        self.nodes.push(node);
        // A node takes a byte of text at least, and texts are shorter than this.
        Id::try_from(self.nodes.len() - 1).expect("fewer than 2^32 nodes")
    }

    fn folded(&self, node: &Node) -> Option<Number> {
        match node {
            Node::Unary(operator, a) => operator.apply(self.small(*a)?.clone()).ok(),
            Node::Binary(operator, a, b) => {
                let (a, b) = (self.small(*a)?, self.small(*b)?);
                let is_cheap = match operator {
                    Binary::Power => match b {
                        Number::Int(exponent) => {
                            exponent.unsigned_abs()
                                <= u128::from(FOLDED_BITS / bit_length(a).max(1))
                        }
                        Number::Bool(_) | Number::Float(_) => true,
                        Number::Big(_) => false,
                    },
                    Binary::ShiftLeft => match b {
                        Number::Int(count) => *count <= i128::from(FOLDED_BITS),
                        other => !matches!(other, Number::Big(_)),
                    },
                    _ => true,
                };
                if is_cheap { operator.apply(a.clone(), b.clone()).ok() } else { None }
            }
            Node::Call(function, arguments) if !matches!(function.body, Body::Effect(_)) => {
                let cheap = matches!(
                    function.body,
                    Body::Real(..) | Body::RealPair(_) | Body::Total(_) | Body::Question(_)
                );
                let arguments: Option<Vec<Number>> =
                    arguments.iter().map(|id| self.small(*id).cloned()).collect();
                match function.call(&arguments.filter(|_| cheap)?) {
                    Ok(Value::Number(number)) => Some(number),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// The node's value, if it is a constant that is not too large to be folded.
    fn small(&self, id: Id) -> Option<&Number> {
        match self.node(id) {
            Node::Constant(number) if bit_length(number) <= FOLDED_BITS => Some(number),
            _ => None,
        }
    }

    pub(super) fn node(&self, id: Id) -> &Node {
        &self.nodes[id as usize]
    }

    /// All nodes, operands before what uses them. Operands of folded nodes are among them, though nothing uses them.
    pub(super) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    pub(super) fn root(&self) -> Id {
        Id::try_from(self.nodes.len() - 1).expect("fewer than 2^32 nodes, and one")
    }

    /// What it may yield beside a number, in words. What yields that is never an operand.
    pub(super) fn gives_several(&self) -> Option<&'static str> {
        self.nodes.iter().find_map(|node| match node {
            Node::Call(function, _) => function.gives_several(),
            _ => None,
        })
    }

    /// Whether evaluation does nothing but yield a value.
    pub(super) fn is_pure(&self) -> bool {
        self.foreign.is_empty() && !self.has_effects()
    }

    /// Whether it calls a function of ours that does something to its process.
    pub(super) fn has_effects(&self) -> bool {
        self.nodes.iter().any(|node| matches!(node, Node::Call(function, _) if !function.is_pure()))
    }

    /// The functions of plugins that it calls.
    pub(super) fn foreign(&self) -> &[Foreign] {
        &self.foreign
    }

    pub(super) fn foreign_mut(&mut self) -> &mut [Foreign] {
        &mut self.foreign
    }

    /// Notes that a function of a plugin is called; its place among those.
    pub(super) fn call_foreign(&mut self, signature: &Signature) -> usize {
        let known = self.foreign.iter().position(|known| known.signature() == signature);
        known.unwrap_or_else(|| {
            self.foreign.push(Foreign::new(signature.clone()));
            self.foreign.len() - 1
        })
    }

    /// Whether every call of a plugin's function is made for every item, and once: none stands where a condition decides
    /// whether it is evaluated, since columns evaluate such operands for other items, too, or twice.
    pub(super) fn calls_foreign_once(&self) -> bool {
        if self.foreign.is_empty() {
            return true;
        }
        let mut calls: Vec<bool> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let any = |ids: &[Id]| ids.iter().any(|id| calls[*id as usize]);
            let (of_operands, is_conditional) = match node {
                Node::Constant(_) | Node::Item | Node::Index => (false, false),
                Node::Unary(_, a) => (any(&[*a]), false),
                Node::Binary(_, a, b) => (any(&[*a, *b]), false),
                Node::Compare(first, rest) => {
                    let calls = any(&[*first]) || rest.iter().any(|(_, id)| any(&[*id]));
                    (calls, rest.len() > 1)
                }
                Node::And(a, b) | Node::Or(a, b) => (any(&[*a, *b]), true),
                Node::Choice { condition, then, otherwise } => {
                    (any(&[*condition, *then, *otherwise]), true)
                }
                Node::Call(_, arguments) => (any(arguments), false),
                Node::CallForeign(_, arguments) => (any(arguments), false),
            };
            if of_operands && is_conditional {
                return false;
            }
            calls.push(of_operands || matches!(node, Node::CallForeign(..)));
        }
        true
    }
}
