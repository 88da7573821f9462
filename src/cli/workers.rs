//! How many worker processes: a number, a share of the cores, or one per core.

use std::fmt;
use std::num::NonZeroUsize;
use std::str::FromStr;

use crate::value::whole::{WholeError, parse_whole};

/// A number of workers, perhaps one that depends on the machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Workers {
    /// One per core that this process may use.
    #[default]
    Auto,
    /// This many, in `1..=`[`MAX`](Self::MAX) if it was typed.
    Exactly(NonZeroUsize),
    /// This many hundredths of the cores, in `1..=`[`MAX_PERCENT`](Self::MAX_PERCENT) if it was
    /// typed; rounded down, and at least one worker.
    Percent(u32),
}

impl Workers {
    /// The most workers of one pool. Each is a process, two descriptors and a segment, and 1024
    /// descriptors is what a process may open by default.
    pub const MAX: usize = 1024;

    /// Ten workers for each core: beyond that it is a mistyped number.
    pub const MAX_PERCENT: u32 = 1000;

    /// The number, in `1..=`[`MAX`](Self::MAX). The cores are asked for only where they matter,
    /// because the answer takes system calls.
    #[must_use]
    pub fn count(self, cores: impl FnOnce() -> NonZeroUsize) -> NonZeroUsize {
        let count = match self {
            Self::Auto => cores().get(),
            Self::Exactly(count) => count.get(),
            Self::Percent(percent) => cores().get().saturating_mul(percent as usize) / 100,
        };
        NonZeroUsize::new(count.min(Self::MAX)).unwrap_or(NonZeroUsize::MIN)
    }
}

impl FromStr for Workers {
    type Err = WorkersError;

    fn from_str(text: &str) -> Result<Self, WorkersError> {
        if text == "auto" {
            return Ok(Self::Auto);
        }
        if let Some(percent) = text.strip_suffix('%') {
            return match parse_whole(percent).map(u32::try_from) {
                Ok(Ok(percent @ 1..=Self::MAX_PERCENT)) => Ok(Self::Percent(percent)),
                Ok(_) | Err(WholeError::TooLarge) => Err(WorkersError::PercentOutside),
                Err(_) => Err(WorkersError::NotANumber),
            };
        }
        match parse_whole(text).map(usize::try_from) {
            Ok(Ok(count @ 1..=Self::MAX)) => {
                Ok(Self::Exactly(NonZeroUsize::new(count).unwrap_or(NonZeroUsize::MIN)))
            }
            Ok(_) | Err(WholeError::TooLarge) => Err(WorkersError::Outside),
            Err(WholeError::Empty) => Err(WorkersError::Empty),
            Err(WholeError::NotWhole) => Err(WorkersError::NotANumber),
        }
    }
}

impl fmt::Display for Workers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Auto => f.write_str("auto"),
            Self::Exactly(count) => count.fmt(f),
            Self::Percent(percent) => write!(f, "{percent}%"),
        }
    }
}

/// Why a text is not a number of [`Workers`]; each message ends with the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkersError {
    /// There is no text.
    #[error("it is empty; give {FORMS}")]
    Empty,
    /// Not a whole number, in front of a percent sign or without one.
    #[error("it is not a whole number; give {FORMS}")]
    NotANumber,
    /// A number outside `1..=`[`Workers::MAX`].
    #[error("it is outside 1 to {}; give {FORMS}", Workers::MAX)]
    Outside,
    /// A share outside `1..=`[`Workers::MAX_PERCENT`].
    #[error("it is outside 1% to {}%; give {FORMS}", Workers::MAX_PERCENT)]
    PercentOutside,
}

const FORMS: &str = "1 to 1024, a share of the cores such as 50%, or auto";

#[cfg(test)]
mod tests {
    use super::WorkersError::*;
    use super::*;

    fn exactly(count: usize) -> Workers {
        Workers::Exactly(NonZeroUsize::new(count).expect("at least 1"))
    }

    #[test]
    fn forms() {
        let cases = [
            ("auto", Ok(Workers::Auto)),
            ("1", Ok(exactly(1))),
            ("1024", Ok(exactly(Workers::MAX))),
            ("1e3", Ok(exactly(1000))),
            ("1%", Ok(Workers::Percent(1))),
            ("100%", Ok(Workers::Percent(100))),
            ("1000%", Ok(Workers::Percent(Workers::MAX_PERCENT))),
            ("", Err(Empty)),
            ("0", Err(Outside)),
            ("-1", Err(Outside)),
            ("1025", Err(Outside)),
            ("99999999999999999999999999999999999999999", Err(Outside)),
            ("0%", Err(PercentOutside)),
            ("-5%", Err(PercentOutside)),
            ("1001%", Err(PercentOutside)),
            ("1e99%", Err(PercentOutside)),
            ("%", Err(NotANumber)),
            ("50%%", Err(NotANumber)),
            ("1.5", Err(NotANumber)),
            ("abc", Err(NotANumber)),
            ("AUTO", Err(NotANumber)),
            (" 4", Err(NotANumber)),
        ];
        for (text, expected) in cases {
            assert_eq!(text.parse(), expected, "{text:?}");
            if let Ok(workers) = expected {
                assert_eq!(workers.to_string().parse(), Ok(workers));
            }
        }
    }

    #[test]
    fn counts() {
        let cases = [
            (Workers::Auto, 1, 1),
            (Workers::Auto, 64, 64),
            (Workers::Auto, 4096, Workers::MAX),
            (exactly(7), 2, 7),
            (Workers::Percent(50), 1, 1),
            (Workers::Percent(50), 3, 1),
            (Workers::Percent(50), 64, 32),
            (Workers::Percent(1), 64, 1),
            (Workers::Percent(1000), 2, 20),
            (Workers::Percent(1000), 512, Workers::MAX),
            (Workers::Percent(1000), usize::MAX, Workers::MAX),
        ];
        for (workers, cores, expected) in cases {
            let cores = NonZeroUsize::new(cores).expect("a machine has cores");
            assert_eq!(workers.count(|| cores).get(), expected, "{workers} of {cores}");
        }
    }

    #[test]
    fn cores_are_asked_for_only_where_they_matter() {
        let _ = exactly(3).count(|| unreachable!("3 workers need no cores"));
    }
}
