//! What came of a block.

use super::op::Kind;
use crate::value::Number;

/// The results of a block, lane by lane, and which of them are missing.
#[derive(Clone, Debug)]
pub struct Results {
    /// Of all lanes, unless `kinds` says otherwise.
    pub(super) kind: Kind,
    /// Of each lane, where they are of several; else empty.
    kinds: Vec<Kind>,
    /// A value for each lane, of those that have one of this kind.
    pub(super) ints: Vec<i64>,
    pub(super) floats: Vec<f64>,
    /// Empty if no lane is flagged.
    pub(super) flags: Vec<bool>,
}

/// Neighbouring results of one kind.
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
        Self { kind: Kind::Int, kinds: vec![], ints: vec![], floats: vec![], flags: vec![] }
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

    /// The results from lane `from` on, which is one, up to the first that is missing or of another kind: none, if
    /// lane `from` itself is missing.
    pub fn run(&self, from: usize) -> Lanes<'_> {
        self.run_until(from, self.len())
    }

    /// As [`run`](Self::run), no further than to lane `to`.
    pub fn run_until(&self, from: usize, to: usize) -> Lanes<'_> {
        let kind = self.kinds.get(from).copied().unwrap_or(self.kind);
        // No further than need be: runs of one lane each would otherwise take the square of the lanes.
        let end = match self.kinds.get(from..to) {
            None | Some([]) => to,
            Some(kinds) => from + kinds.iter().take_while(|next| **next == kind).count(),
        };
        let flags = self.flags.get(from..end).unwrap_or_default();
        let to = match flags.iter().position(|is_flagged| *is_flagged) {
            Some(length) => from + length,
            None => end,
        };
        match kind {
            Kind::Bool => Lanes::Bools(&self.ints[from..to]),
            Kind::Int => Lanes::Ints(&self.ints[from..to]),
            Kind::Float => Lanes::Floats(&self.floats[from..to]),
        }
    }

    /// Makes room for results of one kind, and forgets the former ones.
    pub(super) fn start(&mut self, kind: Kind) {
        self.kind = kind;
        self.kinds.clear();
        self.ints.clear();
        self.floats.clear();
        self.flags.clear();
    }

    /// Makes room for results of several kinds in so many lanes, some of which are flagged already.
    pub(super) fn start_mixed(&mut self, count: usize, flags: &[bool]) {
        self.start(Kind::Int);
        self.kinds.resize(count, Kind::Int);
        self.ints.resize(count, 0);
        self.floats.resize(count, 0.0);
        self.flags.extend_from_slice(flags);
        self.flags.resize(count, false);
    }

    /// Puts the results of `part` into these lanes, one for each; room was made by [`start_mixed`](Self::start_mixed).
    pub(super) fn scatter(&mut self, part: &Self, lanes: &[usize]) {
        for (from, &to) in lanes.iter().enumerate() {
            let kind = part.kinds.get(from).copied().unwrap_or(part.kind);
            match kind {
                Kind::Float => self.floats[to] = part.floats[from],
                Kind::Int | Kind::Bool => self.ints[to] = part.ints[from],
            }
            self.kinds[to] = kind;
            self.flags[to] |= part.flags.get(from).is_some_and(|is_flagged| *is_flagged);
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

    /// The first one.
    pub fn first(&self) -> Option<Number> {
        match self {
            Self::Ints(values) => values.first().map(|value| (*value).into()),
            Self::Bools(values) => values.first().map(|value| (*value != 0).into()),
            Self::Floats(values) => values.first().map(|value| (*value).into()),
        }
    }

    /// Those behind the first so many, of which there are as many.
    #[must_use]
    pub fn behind(self, count: usize) -> Self {
        match self {
            Self::Ints(values) => Self::Ints(&values[count..]),
            Self::Bools(values) => Self::Bools(&values[count..]),
            Self::Floats(values) => Self::Floats(&values[count..]),
        }
    }
}
