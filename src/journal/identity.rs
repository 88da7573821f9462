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
        let names = self.0.iter().chain(&other.0).map(|(name, _)| name);
        let mut differing = names.filter(|name| self.fact(name) != other.fact(name));
        differing.next().map(|name| {
            let (was, is) = (self.fact(name), other.fact(name));
            let from = shared(was.unwrap_or_default(), is.unwrap_or_default());
            Difference { what: name.clone(), was: shown(was, from), is: shown(is, from) }
        })
    }
}

/// Characters of a fact that are shown, and so many of them before the first that differs.
const SHOWN: usize = 120;
const BEFORE: usize = 30;

/// With how many characters both begin.
fn shared(one: &str, other: &str) -> usize {
    one.chars().zip(other.chars()).take_while(|(one, other)| one == other).count()
}

/// A fact, fit for a line: of a long one, what is about its `from`-th character.
fn shown(fact: Option<&str>, from: usize) -> String {
    let Some(fact) = fact else { return "not given".to_owned() };
    let skipped = if fact.chars().count() > SHOWN { from.saturating_sub(BEFORE) } else { 0 };
    let mut rest = fact.chars().skip(skipped);
    let part: String = rest.by_ref().take(SHOWN).collect();
    let [before, behind] = [skipped > 0, rest.next().is_some()].map(|is| if is { "…" } else { "" });
    format!("'{before}{}{behind}'", part.escape_debug())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_long_facts_the_place_is_shown_where_they_differ() {
        let run = |items: String| Identity::default().with("task", "n").with(":::", items);
        let difference = |one: String, other: String| {
            let Difference { what, was, is } = run(one).difference(&run(other)).expect("another");
            assert_eq!(what, ":::");
            (was, is)
        };
        let short = difference("1 2".to_owned(), "1 3".to_owned());
        assert_eq!(short, ("'1 2'".to_owned(), "'1 3'".to_owned()));
        let items = |last: &str| format!("{}{last}", "1 ".repeat(5000));
        let (was, is) = difference(items("2"), items("3 4"));
        assert_eq!(was, format!("'…{}2'", "1 ".repeat(15)));
        assert_eq!(is, format!("'…{}3 4'", "1 ".repeat(15)));
        let (_, is) = difference(String::new(), items(""));
        assert_eq!(is, format!("'{}…'", "1 ".repeat(60)));
        assert_eq!(run(items("")).difference(&run(items(""))), None);
    }
}
