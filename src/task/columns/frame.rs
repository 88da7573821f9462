//! The lanes that instructions run over, and the values that columns have there.

use super::bounds::Bounds;
use super::lanes::{Floats, Operand, Values};

/// The items of a block.
#[derive(Clone, Copy, Debug)]
pub(in crate::task) enum Items<'a> {
    Ints(&'a [i64]),
    Floats(&'a [f64]),
}

/// The indices of a block's items.
#[derive(Clone, Copy, Debug)]
pub enum Indices<'a> {
    /// This one, and each one more than the one before.
    From(i64),
    /// One for each item.
    Each(&'a [i64]),
}

impl Items<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ints(items) => items.len(),
            Self::Floats(items) => items.len(),
        }
    }
}

/// The lanes that instructions run over.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) items: Items<'a>,
    pub(super) bounds: Bounds,
    /// Their indices; empty if the program does not use them.
    pub(super) indices: &'a [i64],
    pub(super) index_bounds: Bounds,
}

impl<'a> Frame<'a> {
    pub(super) fn new(items: Items<'a>, indices: &'a [i64]) -> Self {
        let bounds = match items {
            Items::Ints(items) => Bounds::of(items),
            Items::Floats(_) => Bounds::ALL,
        };
        Self { items, bounds, indices, index_bounds: Bounds::of(indices) }
    }

    pub(super) fn count(&self) -> usize {
        self.items.len()
    }

    pub(super) fn ints<'b>(&self, values: &'b Values<i64>) -> Operand<'b, i64>
    where
        'a: 'b,
    {
        match (values, self.items) {
            (Values::Same(value), _) => Operand::Same(*value),
            (Values::Each(values), _) => Operand::Each(values),
            (Values::Indices, _) => Operand::Each(self.indices),
            (Values::Items, Items::Ints(items)) => Operand::Each(items),
            (Values::Items, Items::Floats(_)) => unreachable!("items have the kind of the program"),
        }
    }

    pub(super) fn floats<'b>(&self, values: &'b Floats) -> Operand<'b, f64>
    where
        'a: 'b,
    {
        match (values, self.items) {
            (Values::Same(value), _) => Operand::Same(*value),
            (Values::Each(values), _) => Operand::Each(values),
            (Values::Items, Items::Floats(items)) => Operand::Each(items),
            (Values::Items | Values::Indices, _) => {
                unreachable!("items have the kind of the program")
            }
        }
    }
}
