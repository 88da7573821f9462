//! Results reduced to one: their sum, the least or the greatest of them, how many there are, their mean.
//!
//! Workers reduce the results of some items to a [`Partial`], and the supervisor merges those into the [`Total`], in
//! whatever order they come. What comes out does not depend on who had which items: integers and floats are added
//! exactly, and rounded once at the end; which of equal results is the first is known from the items' indices.

mod doubles;
mod extreme;
mod partial;
mod portable;
mod sum;
mod total;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use partial::Partial;
pub use total::{Garbled, Total};

/// What results are reduced to.
///
/// ```
/// use pmap::task::Reduction;
/// assert_eq!("sum".parse(), Ok(Reduction::Sum));
/// assert_eq!(Reduction::Mean.to_string(), "mean");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Reduction {
    /// Their exact sum; if one of them is a float, rounded once to a float.
    Sum,
    /// The least; of equal ones, the first.
    Min,
    /// The greatest; of equal ones, the first.
    Max,
    /// How many there are.
    Count,
    /// Their exact sum divided by their number, rounded once to a float.
    Mean,
}

impl Reduction {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Sum, "sum"),
        (Self::Min, "min"),
        (Self::Max, "max"),
        (Self::Count, "count"),
        (Self::Mean, "mean"),
    ];

    /// Whether it can be made of numbers only, and not of tuples and lists.
    pub fn needs_numbers(self) -> bool {
        self != Self::Count
    }
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::ALL.iter().find(|(reduction, _)| reduction == self).map(|(_, name)| *name);
        f.pad(name.unwrap_or_default())
    }
}

impl FromStr for Reduction {
    type Err = ReductionError;

    fn from_str(text: &str) -> Result<Self, ReductionError> {
        let found = Self::ALL.iter().find(|(_, name)| *name == text);
        found.map(|(reduction, _)| *reduction).ok_or(ReductionError(()))
    }
}

/// The text is no [`Reduction`]; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give sum, min, max, count or mean")]
pub struct ReductionError(());

#[cfg(test)]
mod tests;
