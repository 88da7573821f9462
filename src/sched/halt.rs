//! Ending a run when so many items have failed, succeeded, or either.

use std::fmt;
use std::str::FromStr;

use super::{Action, Scheduler};

/// When to end a run before all of its items are done.
///
/// ```
/// use pmap::sched::Halt;
/// let halt: Halt = "now,fail=10%".parse()?;
/// assert_eq!(halt.to_string(), "now,fail=10%");
/// # Ok::<(), pmap::sched::HaltError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Halt {
    /// What becomes of the items that are being run.
    pub when: When,
    /// What is counted.
    pub of: Counted,
    /// How much of it is enough.
    pub limit: Threshold,
}

/// What becomes of the items that are being run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Their workers are killed.
    Now,
    /// They are finished; none is begun.
    Soon,
}

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Items without a result.
    Failures,
    /// Items with a result.
    Successes,
    /// All items that are done with.
    Both,
}

/// How much of it is enough.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threshold {
    /// So many; at least 1.
    Count(u64),
    /// So many hundredths of the items that are done with, in `1..=100`, and at least three of them. For failures
    /// only.
    Percent(u64),
}

/// Items below which no share is judged: the first item of all is 100 % of them.
const FEWEST: u64 = 3;

impl Halt {
    fn is_reached(&self, done: u64, failed: u64, dropped: u64) -> bool {
        let all = done + failed + dropped;
        let count = match self.of {
            Counted::Failures => failed,
            Counted::Successes => done,
            Counted::Both => all,
        };
        match self.limit {
            Threshold::Count(limit) => count >= limit,
            Threshold::Percent(percent) => {
                count >= FEWEST && u128::from(count) * 100 >= u128::from(all) * u128::from(percent)
            }
        }
    }
}

impl fmt::Display for Halt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let when = match self.when {
            When::Now => "now",
            When::Soon => "soon",
        };
        let of = match self.of {
            Counted::Failures => "fail",
            Counted::Successes => "success",
            Counted::Both => "done",
        };
        match self.limit {
            Threshold::Count(count) => write!(f, "{when},{of}={count}"),
            Threshold::Percent(percent) => write!(f, "{when},{of}={percent}%"),
        }
    }
}

impl FromStr for Halt {
    type Err = HaltError;

    fn from_str(text: &str) -> Result<Self, HaltError> {
        let parse = || {
            let (when, rest) = text.split_once(',')?;
            let (of, limit) = rest.split_once('=')?;
            let when = match when {
                "now" => When::Now,
                "soon" => When::Soon,
                _ => return None,
            };
            let of = match of {
                "fail" => Counted::Failures,
                "success" => Counted::Successes,
                "done" => Counted::Both,
                _ => return None,
            };
            // `parse` would take a plus sign.
            let number = |digits: &str| {
                let is_plain = digits.bytes().all(|byte| byte.is_ascii_digit());
                digits.parse().ok().filter(|&number: &u64| is_plain && number >= 1)
            };
            let limit = match limit.strip_suffix('%') {
                // Of what is done, all is done.
                Some(_) if of != Counted::Failures => return None,
                Some(percent) => Threshold::Percent(number(percent).filter(|&n| n <= 100)?),
                None => Threshold::Count(number(limit)?),
            };
            Some(Self { when, of, limit })
        };
        parse().ok_or(HaltError(()))
    }
}

/// The text is no [`Halt`]; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "give now or soon, a comma, and fail=N, fail=N%, success=N or done=N, as in now,fail=1 or soon,fail=10%"
)]
pub struct HaltError(());

impl Scheduler {
    /// Whether outcomes that are errors must be told apart from results.
    #[must_use]
    pub fn minds_errors(&self) -> bool {
        self.policy.halt.is_some() || self.policy.retry_on.contains(crate::error::Class::Error)
    }

    /// Whether the run is being ended before its time, or has been.
    #[must_use]
    pub fn has_halted(&self) -> bool {
        self.halting
    }

    /// Halts if that is due, once.
    pub(super) fn halt_if_due(&mut self, actions: &mut Vec<Action>) {
        let Some(halt) = self.policy.halt.filter(|_| !self.halting) else { return };
        let done = self.settled - self.failed - self.dropped;
        if halt.is_reached(done, self.failed, self.dropped) {
            self.halting = true;
            if halt.when == When::Now {
                self.stopped = true;
                actions.push(Action::Halt);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        for text in ["now,fail=1", "soon,fail=3", "now,success=1", "soon,done=100", "now,fail=50%"]
        {
            assert_eq!(text.parse::<Halt>().map(|halt| halt.to_string()), Ok(text.to_owned()));
        }
        for text in [
            "",
            "now",
            "now,",
            "now,fail",
            "now,fail=",
            "now,fail=0",
            "now,fail=-1",
            "now,fail=+1",
            "now,fail=1.5",
            "now,fail=0%",
            "now,fail=101%",
            "never,fail=1",
            "now,fails=1",
            "soon, fail=1",
            "now,fail=99999999999999999999",
            "now,done=50%",
            "soon,success=1%",
        ] {
            assert_eq!(text.parse::<Halt>(), Err(HaltError(())), "{text:?}");
        }
    }

    #[test]
    fn thresholds() {
        let reached =
            |text: &str, done, failed| text.parse::<Halt>().unwrap().is_reached(done, failed, 0);
        assert!(!reached("now,fail=2", 9, 1) && reached("now,fail=2", 0, 2));
        assert!(!reached("now,success=2", 1, 9) && reached("now,success=2", 2, 0));
        assert!(!reached("now,done=3", 1, 1) && reached("now,done=3", 1, 2));
        assert!(!reached("now,fail=50%", 0, 2), "too few to tell");
        assert!(reached("now,fail=50%", 3, 3) && !reached("now,fail=50%", 4, 3));
        let halt: Halt = "now,success=2".parse().unwrap();
        assert!(
            !halt.is_reached(1, 0, 9) && halt.is_reached(2, 0, 9),
            "what is dropped is no success"
        );
        assert!("now,done=3".parse::<Halt>().unwrap().is_reached(1, 1, 1), "and yet done with");
    }
}
