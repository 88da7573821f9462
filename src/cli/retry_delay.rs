//! How long an item waits before it is tried again: `1s`, or `1s..1m` to double it from try to try.

use std::str::FromStr;

use super::duration::{Span, SpanError};
use crate::sched::Delay;

/// The value of `--retry-delay`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RetryDelay(Delay);

impl RetryDelay {
    /// As the scheduler has it.
    #[must_use]
    pub const fn get(self) -> Delay {
        self.0
    }
}

impl FromStr for RetryDelay {
    type Err = RetryDelayError;

    fn from_str(text: &str) -> Result<Self, RetryDelayError> {
        let Some((first, longest)) = text.split_once("..") else {
            let delay: Span = text.parse()?;
            return Ok(Self(if delay.get().is_zero() {
                Delay::None
            } else {
                Delay::Fixed(delay.get())
            }));
        };
        let (first, longest) = (first.parse::<Span>()?.get(), longest.parse::<Span>()?.get());
        if first.is_zero() || longest < first {
            return Err(RetryDelayError::Order);
        }
        Ok(Self(Delay::Doubling { first, longest }))
    }
}

/// Why a text is no [`RetryDelay`]; each message ends with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RetryDelayError {
    /// What is to be doubled is nothing, or the longest is not the longest.
    #[error("give a delay above zero and then a longer one, as in 1s..1m")]
    Order,
    /// It is no time.
    #[error(transparent)]
    Time(#[from] SpanError),
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn forms() {
        let second = Duration::from_secs(1);
        for (text, expected) in [
            ("0", Ok(Delay::None)),
            ("1s", Ok(Delay::Fixed(second))),
            ("1s..1m", Ok(Delay::Doubling { first: second, longest: 60 * second })),
            ("500ms..1.5", Ok(Delay::Doubling { first: second / 2, longest: 3 * second / 2 })),
            ("1..1", Ok(Delay::Doubling { first: second, longest: second })),
            ("0..1s", Err(RetryDelayError::Order)),
            ("2s..1s", Err(RetryDelayError::Order)),
            ("1s..", Err(RetryDelayError::Time(SpanError::Empty))),
            ("..1s", Err(RetryDelayError::Time(SpanError::Empty))),
            ("1s...2s", Err(RetryDelayError::Time(SpanError::NotADuration))),
            ("-1s", Err(RetryDelayError::Time(SpanError::Negative))),
        ] {
            assert_eq!(text.parse().map(RetryDelay::get), expected, "{text:?}");
        }
    }
}
