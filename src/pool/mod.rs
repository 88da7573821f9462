//! A bounded pool of worker processes for functions: what is submitted to it, one by one or as a whole map, comes
//! back as a value or as a [`TaskError`] of its own.

mod error;
mod job;
mod outcome;

pub use crate::error::Panic;
pub use error::TaskError;
pub(crate) use job::{Batch, Feed, JobSpec, run};
pub(crate) use outcome::{Outcome, Values};
