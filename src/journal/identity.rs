//! Which run a journal is of: the facts that its output follows from.

use serde::{Deserialize, Serialize};

/// Facts by name, such as `task` and `n**2`. Two runs with the same facts, and the same input, write the same bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Identity(Vec<(String, String)>);

/// Where two identities differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) what: String,
    pub(super) was: String,
    pub(super) is: String,
}

impl Identity {
    /// With one fact more.
    ///
    /// ```
    /// let run = pmap::journal::Identity::default().with("task", "n**2").with("input", "0..10");
    /// assert_eq!(run.fact("task"), Some("n**2"));
    /// ```
    #[must_use]
    pub fn with(mut self, name: &str, fact: impl Into<String>) -> Self {
        self.0.push((name.to_owned(), fact.into()));
        self
    }

    /// The fact of this name.
    #[must_use]
    pub fn fact(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, fact)| fact.as_str())
    }

    /// The first fact that differs in `other`, which this was before.
    pub(super) fn difference(&self, other: &Self) -> Option<Difference> {
        let shown = |identity: &Self, name: &str| match identity.fact(name) {
            Some(fact) => format!("'{}'", fact.escape_debug()),
            None => "not given".to_owned(),
        };
        let names = self.0.iter().chain(&other.0).map(|(name, _)| name);
        let mut differing = names.filter(|name| self.fact(name) != other.fact(name));
        differing.next().map(|name| Difference {
            what: name.clone(),
            was: shown(self, name),
            is: shown(other, name),
        })
    }
}
