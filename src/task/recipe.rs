//! What is done to the items of a run.

use serde::{Deserialize, Serialize};

use super::TaskSpec;

/// A task, and which items it is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// What is done to an item.
    pub task: TaskSpec,
    /// Only items for which this counts as true have a result; the others are dropped.
    pub filter: Option<TaskSpec>,
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
        Self { task, filter: None }
    }
}
