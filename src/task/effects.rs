//! What a task can do to its own process, to show what becomes of an item that does it.

use std::thread;
use std::time::Duration;

use crate::sys::process;

/// The longest `sleep`: some 32 years, which every clock can still represent.
pub(super) const SLEEP_MAX_SECONDS: f64 = 1e9;

/// How long `hang` sleeps at a time.
const NAP: Duration = Duration::from_secs(3600);

/// Something that happens when a term is evaluated. The term's value is 0, if there is anyone left to use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// Waits.
    Sleep(Duration),
    /// Ends the process by SIGABRT.
    Abort,
    /// Ends the process by SIGSEGV.
    Segv,
    /// Ends the process with this status.
    Exit(u8),
    /// Never returns, at no cost in CPU time.
    Hang,
    /// Unwinds the thread.
    Panic,
}

impl Effect {
    /// Makes it happen; returns after a sleep only.
    ///
    /// # Panics
    /// For [`Effect::Panic`], always.
    pub(super) fn perform(self) {
        match self {
            Self::Sleep(duration) => thread::sleep(duration),
            Self::Abort => std::process::abort(),
            Self::Segv => process::die_of_segv(),
            Self::Exit(status) => std::process::exit(status.into()),
            Self::Hang => loop {
                thread::sleep(NAP);
            },
            Self::Panic => panic!("the task called panic()"),
        }
    }
}

#[cfg(test)]
mod tests;
