//! pmap
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod engine;
pub mod error;
pub mod event;
pub mod ids;
pub mod output;
pub mod sched;
pub mod shm;
pub mod source;
pub mod supervise;
pub mod sys;
pub mod task;
pub mod value;
pub mod wire;
pub mod worker;
