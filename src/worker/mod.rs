//! The worker's side: attach to the segment, then claim, evaluate and commit items until the supervisor is
//! gone. A worker decides nothing; it may be killed at any instruction, and the supervisor then knows from the
//! ring alone what was finished.

mod attach;
mod cells;
mod command;
mod commit;
mod coprocess;
mod enter;
mod errand;
mod evaluate;
mod guard;
mod inbox;
mod items;
mod lines;
mod pace;
mod part;
mod programs;
mod recorder;
mod reduce;
mod rehearse;
mod relay;
mod serve;
mod sieve;
mod standing;
mod texts;

pub use attach::{Attached, Refusal, attach};
pub use rehearse::{become_program, rehearse};
#[doc(hidden)]
pub use serve::serve;
pub(crate) use standing::{Standing, is_program, standing};

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::process::ExitCode;

/// The first argument of every worker process. Not for use by hand.
pub const ARGUMENT: &str = "__worker";

/// The second argument of one that runs a single function and ends.
pub(crate) const ERRAND: &str = "process";

/// The exit status of a process that was asked to be a worker and is none (`EX_USAGE`).
const NOT_A_WORKER: u8 = 64;

/// Whether the process was started to be a worker.
#[must_use]
pub fn is_wanted() -> bool {
    arguments().nth(1).is_some_and(|first| first == OsStr::new(ARGUMENT))
}

/// What the process was started with, also where nobody has told the standard library yet: that is done by `main`,
/// except with the GNU C library.
fn arguments() -> impl Iterator<Item = OsString> {
    let mut told = std::env::args_os().peekable();
    let all = if told.peek().is_none() {
        std::fs::read("/proc/self/cmdline").unwrap_or_default()
    } else {
        Vec::new()
    };
    let read: Vec<_> = all
        .split_inclusive(|byte| *byte == 0)
        .map(|argument| OsStr::from_bytes(argument.strip_suffix(&[0]).unwrap_or(argument)).into())
        .collect();
    told.chain(read)
}

/// Works until the supervisor goes away; what `main` does if [`is_wanted`].
#[must_use]
pub fn run() -> ExitCode {
    ExitCode::from(work())
}

/// Works until the supervisor goes away, and ends the process.
pub(crate) fn run_and_exit() -> ! {
    std::process::exit(work().into())
}

fn work() -> u8 {
    let is_errand = arguments().nth(2).is_some_and(|second| second == OsStr::new(ERRAND));
    let done = if is_errand {
        errand::run()
    } else {
        attach().map(|attached| {
            serve(attached);
            0
        })
    };
    done.unwrap_or_else(|refusal| {
        // A supervisor that just went away has nobody to tell; one that was told tells it once.
        if !matches!(refusal, Refusal::SupervisorGone | Refusal::Told) {
            // In one piece: others may be saying the same.
            let line = format!("pmap: {refusal}\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
        }
        NOT_A_WORKER
    })
}
