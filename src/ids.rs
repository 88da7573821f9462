//! The numbers that name things, each its own type so that they cannot be mixed up.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A place in the pool, `0..workers`. A slot outlives the workers that fill it one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Slot(pub u32);

impl Slot {
    /// The slot as a position in a vector of slots.
    #[must_use]
    pub fn at(self) -> usize {
        self.0 as usize
    }
}

/// Slots are counted from 1 wherever a person reads them, as `ps` shows them.
impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0 + 1)
    }
}

/// Which worker of a slot this is: 0 for the first, one more for each successor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Generation(pub u32);

/// An item's number in input order, from 0.
pub type Index = u64;
