//! The worker's side: attach to the segment, then claim, evaluate and commit items until the supervisor is
//! gone. A worker decides nothing; it may be killed at any instruction, and the supervisor then knows from the
//! ring alone what was finished.

mod attach;
mod commit;
mod evaluate;
mod guard;
mod inbox;
mod pace;
mod programs;
mod serve;

pub use attach::{Attached, Refusal, attach};
#[doc(hidden)]
pub use serve::serve;

use std::ffi::OsStr;
use std::process::ExitCode;

/// The first argument of every worker process. Not for use by hand.
pub const ARGUMENT: &str = "__worker";

/// The exit status of a process that was asked to be a worker and is none (`EX_USAGE`).
const NOT_A_WORKER: u8 = 64;

/// Whether the process was started to be a worker.
#[must_use]
pub fn is_wanted() -> bool {
    std::env::args_os().nth(1).is_some_and(|first| first == OsStr::new(ARGUMENT))
}

/// Works until the supervisor goes away; what `main` does if [`is_wanted`].
#[must_use]
pub fn run() -> ExitCode {
    match attach() {
        Ok(attached) => {
            serve(attached);
            ExitCode::SUCCESS
        }
        Err(refusal) => {
            // A supervisor that just went away has nobody to tell.
            if !matches!(refusal, Refusal::SupervisorGone) {
                eprintln!("pmap: {refusal}");
            }
            ExitCode::from(NOT_A_WORKER)
        }
    }
}
