//! A bounded pool of worker processes for functions: what is submitted to it, one by one or as a whole map, comes
//! back as a value or as a [`TaskError`] of its own.
//!
//! `README.md` beside this file says how threads share a pool.

mod backlog;
mod batch;
mod buffer;
mod builder;
mod current;
mod error;
mod handle;
mod job;
mod keeper;
mod map;
mod mux;
mod outcome;
mod output;
#[expect(clippy::module_inception, reason = "the pool itself, beside its parts")]
mod pool;
mod program;
mod queue;
mod running;
mod shared;
mod slots;
mod state;

pub use crate::error::Panic;
pub(crate) use batch::{Batch, Filler};
pub use builder::PoolBuilder;
pub use current::default_pool;
pub(crate) use current::run;
pub use error::TaskError;
pub use handle::Handle;
pub(crate) use job::{Feed, JobSpec};
pub use map::Mapped;
pub(crate) use outcome::Outcome;
#[cfg(test)]
pub(crate) use outcome::Values;
pub use pool::{Pool, Shutdown};
