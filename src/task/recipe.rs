//! What is done to the items of a run.

use serde::{Deserialize, Serialize};

use super::{CellForm, Reduction, TaskSpec};
use crate::plugin::{Function, Signature};

/// A task, which items it is for, and what becomes of its results.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// What is done to an item.
    pub task: TaskSpec,
    /// Only items for which this counts as true have a result; the others are dropped.
    pub filter: Option<TaskSpec>,
    /// To what their results are reduced; `None`: each is a result of the run.
    pub reduction: Option<Reduction>,
    /// How they are told if they are binary numbers; `None`: in words.
    pub cells: Option<Cells>,
}

/// How results are told that are binary numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cells {
    /// What they are.
    pub form: CellForm,
    /// Whether it is told which of the items around them are dropped: where every item is logged. Else, of a block, only
    /// how many.
    pub places: bool,
}

impl Recipe {
    /// The length of its texts together, in bytes, with that of the signatures that travel along.
    pub fn text_len(&self) -> usize {
        /// A signature beside its name: two lengths, two answers.
        const BESIDE: usize = 4;
        let signatures = |task: &TaskSpec| -> usize {
            task.plugin_functions().map(|signature| signature.name().len() + BESIDE).sum()
        };
        self.tasks().map(|task| task.source().len() + signatures(task)).sum()
    }

    /// Whether it does something to its process, filter included; see [`TaskSpec::has_effects`].
    pub fn has_effects(&self) -> bool {
        self.tasks().any(TaskSpec::has_effects)
    }

    /// Whether it calls functions of plugins, filter included.
    pub fn calls_plugins(&self) -> bool {
        self.tasks().any(|task| task.plugin_functions().next().is_some())
    }

    /// Looks for the functions of plugins that it calls; see [`TaskSpec::find_functions`].
    ///
    /// # Errors
    /// How one is called that is not there.
    pub fn find_functions(&mut self, loaded: &[Function]) -> Result<(), Signature> {
        self.task.find_functions(loaded)?;
        self.filter.as_mut().map_or(Ok(()), |filter| filter.find_functions(loaded))
    }

    fn tasks(&self) -> impl Iterator<Item = &TaskSpec> {
        std::iter::once(&self.task).chain(&self.filter)
    }
}

/// For all items.
impl From<TaskSpec> for Recipe {
    fn from(task: TaskSpec) -> Self {
        Self { task, filter: None, reduction: None, cells: None }
    }
}
