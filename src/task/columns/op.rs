//! The instructions for columns.

use crate::plugin::Function;
use crate::task::arithmetic::Comparison;

/// What all values of a node are, whatever the items are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::task) enum Kind {
    /// Kept as 0 and 1.
    Bool,
    Int,
    Float,
}

impl Kind {
    /// Whether it is kept as an integer.
    pub(super) fn is_int(self) -> bool {
        self != Self::Float
    }
}

/// A task that can be computed by columns.
#[derive(Clone, Debug)]
pub(in crate::task) struct Program {
    pub(super) ops: Vec<Op>,
    pub(super) result: Kind,
    /// Whether the index of an item matters.
    pub(super) uses_index: bool,
    /// The functions of plugins, by the numbers that [`Op::CallForeign`] gives.
    pub(super) foreign: Box<[Function]>,
}

/// One instruction: takes columns from a stack and puts one there.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Item,
    Index,
    Int(i64),
    Float(f64),
    /// An integer as the nearest double.
    ToFloat,
    /// An integer as the double that it is; others are flagged.
    ToSameFloat,
    /// Whether an integer is not zero.
    IntTruth,
    FloatTruth,
    /// 1 for 0 and 0 for 1.
    Not,
    Negate,
    Invert,
    NegateFloat,
    IntPair(IntPair),
    /// To a power that is small.
    Power(u32),
    FloatPair(FloatPair),
    /// `/` of integers.
    Quotient,
    CompareInts(Comparison),
    CompareFloats(Comparison),
    Call(Call),
    /// A function of a plugin, for arguments of this kind.
    CallForeign(usize, Kind),
    /// Takes a column of 0 and 1. What follows up to `then` is for the lanes that have 1, and what follows that up to
    /// `otherwise` for the others; there the result is on the stack.
    Choose {
        then: usize,
        otherwise: usize,
        /// Whether the sides are so costly that each is computed for its own lanes only.
        gathers: bool,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum IntPair {
    Add,
    Subtract,
    Multiply,
    FloorDivide,
    Remainder,
    Power,
    ShiftLeft,
    ShiftRight,
    And,
    Xor,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FloatPair {
    Add,
    Subtract,
    Multiply,
    Divide,
    FloorDivide,
    Remainder,
    Power,
}

/// A function, in the form that is called for each lane. Where there is no `Option`, a result that is not finite flags its
/// lane, but for `Total` and `Question`, which are never wrong.
#[derive(Clone, Copy, Debug)]
pub(super) enum Call {
    Int(fn(i64) -> Option<i64>),
    IntPair(fn(i64, i64) -> Option<i64>),
    Float(fn(f64) -> Option<f64>),
    FloatPair(fn(f64, f64) -> Option<f64>),
    FloatToInt(fn(f64) -> Option<i64>),
    Real(fn(f64) -> f64),
    RealPair(fn(f64, f64) -> f64),
    Total(fn(f64) -> f64),
    Question(fn(f64) -> bool),
}

impl Op {
    /// About what it costs for a lane, in additions.
    pub(super) fn cost(self) -> usize {
        match self {
            Self::Call(_) | Self::CallForeign(..) => 20,
            Self::IntPair(IntPair::Power) | Self::FloatPair(FloatPair::Power) => 20,
            Self::IntPair(IntPair::FloorDivide | IntPair::Remainder) => 3,
            Self::FloatPair(FloatPair::FloorDivide | FloatPair::Remainder) => 10,
            Self::Quotient | Self::FloatPair(FloatPair::Divide) => 4,
            Self::Power(exponent) => exponent.ilog2().max(1) as usize,
            _ => 1,
        }
    }
}
