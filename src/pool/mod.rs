//! A bounded pool of worker processes for functions: what is submitted to it, one by one or as a whole map, comes
//! back as a value or as a [`TaskError`] of its own.

mod error;
mod outcome;

pub use error::{Panic, TaskError};
pub(crate) use outcome::{Outcome, Values};
