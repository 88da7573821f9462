//! What comes back of a job's items.

use std::convert::Infallible;

use super::TaskError;
use crate::ids::Index;

/// What some consecutive items of a job came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// What they yielded.
    Values(Values),
    /// One item has nothing to show.
    Failed(TaskError<Infallible>),
}

/// The values that consecutive items yielded: as many as the job's program wrote.
#[derive(Debug)]
pub(crate) struct Values {
    /// The first item, counted within its job.
    pub(crate) first: Index,
    /// How many items.
    pub(crate) items: u64,
    /// All of their values, one after the other, in the form of [`crate::call::take`].
    pub(crate) bytes: Vec<u8>,
}
