//! The text of a task that has been found good.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::columns::Plan;
use super::foreign::Foreign;
use super::tree::Tree;
use super::whole::is_whole;
use super::{Evaluator, TaskError, syntax};
use crate::plugin::{Function, Signature};

/// A task: what the user wrote, and the promise that it is understood.
///
/// It travels as its text, with the signatures of the plugins' functions that it calls, and is checked again where it
/// arrives. Two are equal if their texts are, apart from the
/// amount of whitespace. The default is `n**2`.
///
/// ```
/// use pmap::task::TaskSpec;
/// use pmap::value::{Number, Value};
/// let task: TaskSpec = " 3*n**2  - 7".parse()?;
/// assert_eq!(task.to_string(), "3*n**2 - 7");
/// assert_eq!(task.compile().exact(&Number::Int(10), 0), Ok(Value::Number(Number::Int(293))));
/// # Ok::<(), pmap::task::TaskError>(())
/// ```
#[derive(Clone)]
pub struct TaskSpec {
    source: Box<str>,
    tree: Tree,
}

impl TaskSpec {
    /// The text, trimmed, with one space for each run of whitespace.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether the task only computes. One that [has effects](Self::has_effects) is to be given one item at a time, so
    /// that what happens is known to have happened to that item; so is one that calls plugins, once somebody has died.
    pub fn is_pure(&self) -> bool {
        self.tree.is_pure()
    }

    /// Reads a task that may call these functions of plugins beside ours. Where it is to be run, it has to
    /// [find](Self::find_functions) them first; until then, calls of them fail their items.
    ///
    /// # Errors
    /// As for [`FromStr`].
    pub fn parse_with(text: &str, plugins: &[Signature]) -> Result<Self, TaskError> {
        let tree = syntax::parse(text, plugins)?;
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        Ok(Self { source: words.join(" ").into(), tree })
    }

    /// Whether it calls functions of ours that do something to its process: it may sleep, exit, crash or hang.
    pub fn has_effects(&self) -> bool {
        self.tree.has_effects()
    }

    /// The functions of plugins that it calls.
    pub fn plugin_functions(&self) -> impl Iterator<Item = &Signature> {
        self.tree.foreign().iter().map(Foreign::signature)
    }

    /// Looks for those among the functions of the plugins that are loaded; the first that is not there.
    ///
    /// # Errors
    /// How that one is called.
    pub fn find_functions(&mut self, loaded: &[Function]) -> Result<(), Signature> {
        for foreign in self.tree.foreign_mut() {
            if !foreign.find(loaded) {
                return Err(foreign.signature().clone());
            }
        }
        Ok(())
    }

    /// Makes the task ready to be applied to items.
    pub fn compile(&self) -> Evaluator {
        Evaluator::new(&self.tree, Plan::new)
    }

    /// Makes it ready to be asked of items whether they are wanted: blocks yield only whether its results count as
    /// true, as [`Lanes::Bools`](super::Lanes::Bools), which is possible for more tasks.
    ///
    /// ```
    /// use pmap::task::{Lanes, Results, TaskSpec};
    /// let filter: TaskSpec = "n / 2 if n % 3 else 0".parse()?;
    /// let mut truth = Results::default();
    /// assert!(filter.compile_filter().block(&[0, 1, 2, 3], 0, &mut truth));
    /// assert_eq!(truth.run(0), Lanes::Bools(&[0, 1, 1, 0]));
    /// # Ok::<(), pmap::task::TaskError>(())
    /// ```
    pub fn compile_filter(&self) -> Evaluator {
        Evaluator::new(&self.tree, Plan::of_truth)
    }

    /// Whether all of its results are integers or `bool`s, for items that are integers, or for any.
    ///
    /// ```
    /// use pmap::task::TaskSpec;
    /// let of_integers = |text: &str| text.parse().map(|task: TaskSpec| task.gives_integers(true));
    /// assert_eq!([of_integers("n**2")?, of_integers("n / 2")?, of_integers("2**n")?], [true, false, false]);
    /// assert!(!"n**2".parse::<TaskSpec>()?.gives_integers(false));
    /// # Ok::<(), pmap::task::TaskError>(())
    /// ```
    pub fn gives_integers(&self, items_are_integers: bool) -> bool {
        is_whole(&self.tree, items_are_integers)
    }

    /// What its result is if that is more than a number, in words.
    pub fn gives_several(&self) -> Option<&'static str> {
        self.tree.gives_several()
    }
}

impl Default for TaskSpec {
    fn default() -> Self {
        "n**2".parse().expect("the default is a task")
    }
}

impl FromStr for TaskSpec {
    type Err = TaskError;

    fn from_str(text: &str) -> Result<Self, TaskError> {
        Self::parse_with(text, &[])
    }
}

impl PartialEq for TaskSpec {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for TaskSpec {}

impl fmt::Display for TaskSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.source)
    }
}

impl fmt::Debug for TaskSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TaskSpec").field(&self.source).finish()
    }
}

impl Serialize for TaskSpec {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plugins: Vec<&Signature> = self.plugin_functions().collect();
        (self.source(), plugins).serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for TaskSpec {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (text, plugins) = <(String, Vec<Signature>)>::deserialize(deserializer)?;
        Self::parse_with(&text, &plugins).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
