//! A task made ready: as many items as possible at a time in columns, or any one item exactly.

use super::ItemError;
use super::code::{self, Code};
use super::columns::{self, Indices, Items, Kind, Plan, Results};
use super::exact;
use super::tree::Tree;
use crate::value::{Number, Value};

/// Applies one task to items; made by [`TaskSpec::compile`](super::TaskSpec::compile).
///
/// Give it a block of items first, and each one whose result is missing on its own:
///
/// ```
/// use pmap::task::{Lanes, Results, TaskSpec};
/// use pmap::value::{Number, Value};
/// let mut evaluator = TaskSpec::default().compile();
/// let mut squares = Results::default();
/// assert!(evaluator.block(&[1, 2, 1 << 40, 3], 0, &mut squares));
/// assert_eq!(squares.run(0), Lanes::Ints(&[1, 4]));
/// assert!(squares.run(2).is_empty());
/// assert_eq!(evaluator.exact(&Number::Int(1 << 40), 2), Ok(Value::Number(Number::Int(1 << 80))));
/// assert_eq!(squares.run(3), Lanes::Ints(&[9]));
/// ```
#[derive(Clone, Debug)]
pub struct Evaluator {
    code: Code,
    machine: exact::Machine,
    /// For integers and for floats; `None` where there is none, or evaluation is more than computing.
    ints: Option<Plan>,
    floats: Option<Plan>,
    columns: columns::Machine,
    smallest_block: usize,
}

impl Evaluator {
    pub(super) fn new(tree: &Tree, plan: fn(&Tree, Kind) -> Option<Plan>) -> Self {
        let has_columns = !tree.has_effects() && tree.calls_foreign_once();
        let plan = |item| if has_columns { plan(tree, item) } else { None };
        Self {
            smallest_block: if tree.foreign().is_empty() { 1 } else { 2 },
            code: code::flatten(tree),
            machine: exact::Machine::default(),
            ints: plan(Kind::Int),
            floats: plan(Kind::Float),
            columns: columns::Machine::default(),
        }
    }

    /// Computes the task's results for `items`, of which the first has the index `first`, where that is possible in 64
    /// bits. For lanes that are missing in `results`, [`exact`](Self::exact) gives the result; errors of items are
    /// found by that as well. Returns false, with `results` as they were, if all are missing.
    ///
    /// Blocks of some hundred items are the fastest: their columns fit the first-level cache.
    pub fn block(&mut self, items: &[i64], first: i64, results: &mut Results) -> bool {
        self.block_at(items, Indices::From(first), results)
    }

    /// Of fewer items no block is to be made. Where functions of plugins are called, what a block does not yield is
    /// computed once more: for an item that nothing may be done twice for, one has to ask [`exact`](Self::exact) at once.
    pub fn smallest_block(&self) -> usize {
        self.smallest_block
    }

    /// As [`block`](Self::block), for items of any indices.
    ///
    /// # Panics
    /// If there are fewer indices than items.
    pub fn block_at(&mut self, items: &[i64], at: Indices<'_>, results: &mut Results) -> bool {
        let Some(plan) = &self.ints else { return false };
        self.columns.run(plan, Items::Ints(items), at, results);
        true
    }

    /// As [`block`](Self::block), for items that are floats.
    pub fn float_block(&mut self, items: &[f64], first: i64, results: &mut Results) -> bool {
        self.float_block_at(items, Indices::From(first), results)
    }

    /// As [`block_at`](Self::block_at), for items that are floats.
    ///
    /// # Panics
    /// If there are fewer indices than items.
    pub fn float_block_at(
        &mut self,
        items: &[f64],
        at: Indices<'_>,
        results: &mut Results,
    ) -> bool {
        let Some(plan) = &self.floats else { return false };
        self.columns.run(plan, Items::Floats(items), at, results);
        true
    }

    /// The task's result for `item`, of this index, as Python would compute it. For a task that is not pure, this is
    /// where things happen.
    ///
    /// # Errors
    /// An [`ItemError`] where Python would raise an exception, or where the result is too large to be waited for.
    ///
    /// # Panics
    /// If the task says `panic()`.
    pub fn exact(&mut self, item: &Number, index: i64) -> Result<Value, ItemError> {
        self.machine.run(&self.code, item, index)
    }
}

#[cfg(test)]
mod tests;
