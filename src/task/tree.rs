//! What a task is once its text is understood.

use num_bigint::BigInt;

use super::effects::Effect;
use super::kernels::Kernel;
use crate::value::Number;

/// A whole task.
#[derive(Clone, Debug)]
pub(super) enum Tree {
    Sum(Sum),
    /// `then if condition else otherwise`; the branch that is not taken is not evaluated.
    Choice {
        condition: Condition,
        then: Sum,
        otherwise: Sum,
    },
}

impl Tree {
    /// Every term, whether or not it would be evaluated.
    pub(super) fn terms(&self) -> impl Iterator<Item = &Term> {
        let (first, second) = match self {
            Self::Sum(sum) => (sum, None),
            Self::Choice { then, otherwise, .. } => (then, Some(otherwise)),
        };
        first.terms().chain(second.into_iter().flat_map(Sum::terms))
    }

    /// Whether evaluation does nothing but yield a value.
    pub(super) fn is_pure(&self) -> bool {
        !self.terms().any(|term| matches!(term.atom, Atom::Effect(_)))
    }
}

/// Terms added and subtracted from left to right.
#[derive(Clone, Debug)]
pub(super) struct Sum {
    pub(super) first: Term,
    pub(super) rest: Vec<(Join, Term)>,
}

impl Sum {
    pub(super) fn terms(&self) -> impl Iterator<Item = &Term> {
        std::iter::once(&self.first).chain(self.rest.iter().map(|(_, term)| term))
    }

    /// The terms with the sign they are joined by.
    pub(super) fn joined_terms(&self) -> impl Iterator<Item = (Join, &Term)> {
        let rest = self.rest.iter().map(|(join, term)| (*join, term));
        std::iter::once((Join::Plus, &self.first)).chain(rest)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Join {
    Plus,
    Minus,
}

/// An atom and what is done to it within its term.
#[derive(Clone, Debug)]
pub(super) struct Term {
    pub(super) scale: Scale,
    pub(super) atom: Atom,
}

/// What is done to an atom's value. In Python `-` binds tighter than `*` and looser than `**`: in `-2*n` the minus
/// belongs to the factor, which for a float is not the same as negating the product (`-0*1.5` is `0.0`).
#[derive(Clone, Debug)]
pub(super) enum Scale {
    /// The value itself: a `bool` stays one.
    Bare,
    /// `+value`: an `int`, where it was a `bool`.
    Plus,
    /// `-value`.
    Minus,
    /// `factor*value`.
    Times(BigInt),
}

/// What has a value of its own.
#[derive(Clone, Debug)]
pub(super) enum Atom {
    Literal(Number),
    /// The item itself.
    Input,
    /// The item to a power in `0..=1000`.
    Power(u32),
    /// A kernel of the item.
    Kernel(&'static Kernel),
    /// Something that happens to the process; its value is 0.
    Effect(Effect),
}

/// `n == value` or `n % modulus == value`.
#[derive(Clone, Debug)]
pub(super) struct Condition {
    /// Never zero.
    pub(super) modulus: Option<Number>,
    /// An integer.
    pub(super) value: Number,
}
