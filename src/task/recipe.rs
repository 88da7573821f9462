//! What is done to the items of a run.

use serde::{Deserialize, Serialize};

use super::{Reduction, TaskSpec};

/// A task, which items it is for, and what becomes of its results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// What is done to an item.
    pub task: TaskSpec,
    /// Only items for which this counts as true have a result; the others are dropped.
    pub filter: Option<TaskSpec>,
    /// To what their results are reduced; `None`: each is a result of the run.
    pub reduction: Option<Reduction>,
}

impl Recipe {
    /// The length of its texts together, in bytes.
    pub fn text_len(&self) -> usize {
        self.task.source().len() + self.filter.as_ref().map_or(0, |filter| filter.source().len())
    }

    /// Whether it only computes, filter included; see [`TaskSpec::is_pure`].
    pub fn is_pure(&self) -> bool {
        self.task.is_pure() && self.filter.as_ref().is_none_or(TaskSpec::is_pure)
    }
}

/// For all items.
impl From<TaskSpec> for Recipe {
    fn from(task: TaskSpec) -> Self {
        Self { task, filter: None, reduction: None }
    }
}
