//! How long an item may take: a time, or a share of what items usually take.

use std::str::FromStr;

use super::duration::{SpanError, Timeout};
use crate::sched::TimeLimit;
use crate::value::whole::parse_whole;

/// The value of `--timeout`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit(TimeLimit);

impl Limit {
    /// Below it, half of all items would take too long.
    const LEAST_PERCENT: u32 = 101;
    /// A thousand times the median: beyond that it is a mistyped number.
    const MOST_PERCENT: u32 = 100_000;

    /// As the scheduler has it.
    #[must_use]
    pub const fn get(self) -> TimeLimit {
        self.0
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let Some(percent) = text.strip_suffix('%') else {
            let span: Timeout = text.parse()?;
            return Ok(Self(span.get().into()));
        };
        let percent = parse_whole(percent).ok().and_then(|percent| u32::try_from(percent).ok());
        percent
            .filter(|percent| (Self::LEAST_PERCENT..=Self::MOST_PERCENT).contains(percent))
            .map(|percent| Self(TimeLimit::OfMedian(percent)))
            .ok_or(LimitError::Percent)
    }
}

/// Why a text is no [`Limit`]; each message ends with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LimitError {
    /// It is no share of a median that makes sense.
    #[error(
        "give a whole number from {}% to {}%, as in 300%",
        Limit::LEAST_PERCENT,
        Limit::MOST_PERCENT
    )]
    Percent,
    /// It is no time above zero.
    #[error(transparent)]
    Time(#[from] SpanError),
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn forms() {
        let second = TimeLimit::Fixed(Duration::from_secs(1));
        for (text, expected) in [
            ("1s", Ok(second)),
            ("1", Ok(second)),
            ("101%", Ok(TimeLimit::OfMedian(101))),
            ("300%", Ok(TimeLimit::OfMedian(300))),
            ("1e5%", Ok(TimeLimit::OfMedian(100_000))),
            ("100%", Err(LimitError::Percent)),
            ("100001%", Err(LimitError::Percent)),
            ("-300%", Err(LimitError::Percent)),
            ("%", Err(LimitError::Percent)),
            ("2.5%", Err(LimitError::Percent)),
            ("0", Err(LimitError::Time(SpanError::Zero))),
        ] {
            assert_eq!(text.parse().map(Limit::get), expected, "{text:?}");
        }
    }
}
