//! Whole numbers with a least and a most.

use std::str::FromStr;

use crate::value::whole::parse_whole;

/// A number in `LEAST..=MOST`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Whole<const LEAST: u64, const MOST: u64>(u64);

impl<const LEAST: u64, const MOST: u64> Whole<LEAST, MOST> {
    /// As it is.
    #[must_use]
    pub(super) const fn get(self) -> u64 {
        self.0
    }
}

impl<const LEAST: u64, const MOST: u64> FromStr for Whole<LEAST, MOST> {
    type Err = OutsideError<LEAST, MOST>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let number = parse_whole(text).ok().and_then(|number| u64::try_from(number).ok());
        number.filter(|number| (LEAST..=MOST).contains(number)).map(Self).ok_or(OutsideError)
    }
}

/// The text is no such number; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a whole number from {LEAST} to {MOST}")]
pub(super) struct OutsideError<const LEAST: u64, const MOST: u64>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn borders() {
        for (text, expected) in [("1", Some(1)), ("20", Some(20)), ("0", None), ("21", None)] {
            let number = text.parse::<Whole<1, 20>>().ok();
            assert_eq!(number.map(Whole::get), expected, "{text}");
        }
        for text in ["", "-1", "1.5", "x", "99999999999999999999999"] {
            let error = text.parse::<Whole<1, 20>>().expect_err(text);
            assert_eq!(error.to_string(), "give a whole number from 1 to 20");
        }
    }
}
