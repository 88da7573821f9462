//! How often an item whose worker died is tried again.

use std::str::FromStr;

use crate::value::whole::parse_whole;

/// A number of tries after the first, in `0..=`[`MAX`](Self::MAX).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Retries(u32);

impl Retries {
    /// Each retry of a poison item costs a worker process; more is a mistake.
    pub const MAX: u32 = 1000;

    /// As a number.
    #[must_use]
    pub const fn get(self) -> u32 {
        self.0
    }
}

impl FromStr for Retries {
    type Err = RetriesError;

    fn from_str(text: &str) -> Result<Self, RetriesError> {
        parse_whole(text)
            .ok()
            .and_then(|value| u32::try_from(value).ok())
            .filter(|&value| value <= Self::MAX)
            .map(Self)
            .ok_or(RetriesError(()))
    }
}

/// The text is not a number of [`Retries`]; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a whole number from 0 to {}", Retries::MAX)]
pub struct RetriesError(());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits() {
        for (text, expected) in [("0", 0), ("2", 2), ("1e3", 1000), ("1000", 1000)] {
            assert_eq!(text.parse(), Ok(Retries(expected)), "{text}");
        }
        for text in ["", "-1", "1001", "4294967296", "1.5", "two", "auto", "1e400"] {
            assert_eq!(text.parse::<Retries>(), Err(RetriesError(())), "{text}");
        }
    }
}
