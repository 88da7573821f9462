//! `auto`, `always` or `never`: the answer to "colour?" and "progress?".

use std::fmt;
use std::str::FromStr;

/// Whether to do something that depends on who is watching.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum When {
    /// If it makes sense here, which the asker knows.
    #[default]
    Auto,
    /// Yes.
    Always,
    /// No.
    Never,
}

impl When {
    /// Yes or no, with `auto` asked for the case that it matters.
    pub fn decide(self, auto: impl FnOnce() -> bool) -> bool {
        match self {
            Self::Auto => auto(),
            Self::Always => true,
            Self::Never => false,
        }
    }
}

impl FromStr for When {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => Err(WordError::new("auto, always or never")),
        }
    }
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        })
    }
}

/// The text is none of the few words that may stand there; the message names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give {words}")]
pub struct WordError {
    words: &'static str,
}

impl WordError {
    pub(super) const fn new(words: &'static str) -> Self {
        Self { words }
    }
}
