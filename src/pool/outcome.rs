//! What comes back of a job's items.

use std::convert::Infallible;

use super::TaskError;
use super::buffer::Bytes;
use crate::ids::Index;

/// What some consecutive items of a job came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// What they yielded.
    Values(Values),
    /// One item has nothing to show.
    Failed(TaskError<Infallible>),
}

impl Outcome {
    /// The first item, counted within its job, and how many there are.
    pub(super) fn items(&self) -> (Index, u64) {
        match self {
            Self::Values(values) => (values.first, values.items),
            Self::Failed(error) => (error.index(), 1),
        }
    }

    /// What it takes to keep it, in bytes, about.
    pub(super) fn size(&self) -> usize {
        const ENTRY: usize = 128;
        match self {
            Self::Values(values) => ENTRY + values.bytes.len(),
            Self::Failed(_) => 2 * ENTRY,
        }
    }
}

/// The values that consecutive items yielded: as many as the job's program wrote.
#[derive(Debug)]
pub(crate) struct Values {
    /// The first item, counted within its job.
    pub(crate) first: Index,
    /// How many items.
    pub(crate) items: u64,
    /// The process that ran them.
    pub(crate) pid: u32,
    /// All of their values, one after the other, in the form of [`crate::call::take`].
    pub(crate) bytes: Bytes,
}
