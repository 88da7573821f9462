//! A task made ready: as many items as possible at a time in `i64`, or any one item exactly.

use super::block::Plan;
use super::tree::Tree;
use super::{ItemError, exact};
use crate::value::Number;

/// Applies one task to items; made by [`TaskSpec::compile`](super::TaskSpec::compile).
///
/// Give it a block of integers first, and where that fails each item on its own:
///
/// ```
/// use pmap::task::TaskSpec;
/// use pmap::value::Number;
/// let mut evaluator = TaskSpec::default().compile();
/// let mut squares = Vec::new();
/// assert!(evaluator.block(&[1, 2, 3], &mut squares));
/// assert_eq!(squares, [1, 4, 9]);
/// assert!(!evaluator.block(&[1 << 40], &mut squares));
/// assert_eq!(evaluator.exact(&Number::Int(1 << 40)), Ok(Number::Int(1 << 80)));
/// ```
#[derive(Clone, Debug)]
pub struct Evaluator {
    tree: Tree,
    /// `None` where results are not integers or evaluation is more than computing.
    plan: Option<Plan>,
}

impl Evaluator {
    pub(super) fn new(tree: Tree) -> Self {
        let plan = Plan::of(&tree);
        Self { tree, plan }
    }

    /// Appends the task's result for each of `inputs` to `out`, if the task is pure, its results are integers, and
    /// all of them can be computed in `i64`. Otherwise returns false with `out` as it was; then
    /// [`exact`](Self::exact) gives the result of each. Errors of items are found by that as well.
    pub fn block(&mut self, inputs: &[i64], out: &mut Vec<i64>) -> bool {
        let Some(plan) = &self.plan else { return false };
        let before = out.len();
        let done = plan.append(inputs, out).is_some();
        if !done {
            out.truncate(before);
        }
        done
    }

    /// The task's result for `input`, as Python would compute it. For a task that is not pure, this is where things
    /// happen.
    ///
    /// # Errors
    /// An [`ItemError`] where Python would raise an exception, or where the result is too large to be waited for.
    ///
    /// # Panics
    /// If the task says `panic()`.
    pub fn exact(&mut self, input: &Number) -> Result<Number, ItemError> {
        exact::evaluate(&self.tree, input)
    }
}

#[cfg(test)]
mod tests;
