//! What came of a block.

use super::op::Kind;

/// The results of a block, lane by lane, and which of them are missing.
#[derive(Clone, Debug)]
pub struct Results {
    pub(super) kind: Kind,
    pub(super) ints: Vec<i64>,
    pub(super) floats: Vec<f64>,
    /// Empty if no lane is flagged.
    pub(super) flags: Vec<bool>,
}

/// Neighbouring results.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Lanes<'a> {
    /// Integers.
    Ints(&'a [i64]),
    /// `False` as 0, `True` as 1.
    Bools(&'a [i64]),
    /// Floats.
    Floats(&'a [f64]),
}

impl Default for Results {
    fn default() -> Self {
        Self { kind: Kind::Int, ints: vec![], floats: vec![], flags: vec![] }
    }
}

impl Results {
    /// How many items there were.
    pub fn len(&self) -> usize {
        if self.kind == Kind::Float { self.floats.len() } else { self.ints.len() }
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The results from lane `from` on up to the first that is missing: none, if that is `from` itself.
    pub fn run(&self, from: usize) -> Lanes<'_> {
        let flags = self.flags.get(from..).unwrap_or_default();
        let to = match flags.iter().position(|is_flagged| *is_flagged) {
            Some(length) => from + length,
            None => self.len(),
        };
        match self.kind {
            Kind::Bool => Lanes::Bools(&self.ints[from..to]),
            Kind::Int => Lanes::Ints(&self.ints[from..to]),
            Kind::Float => Lanes::Floats(&self.floats[from..to]),
        }
    }
}

impl Lanes<'_> {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Ints(values) | Self::Bools(values) => values.len(),
            Self::Floats(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
