//! What a task can do to its own process, to show what becomes of an item that does it.

use std::thread;
use std::time::Duration;

use super::ItemError;
use crate::sys::process;

/// The longest `sleep`: some 32 years, which every clock can still represent.
pub(super) const SLEEP_MAX_SECONDS: f64 = 1e9;

/// How long `hang` sleeps at a time.
const NAP: Duration = Duration::from_secs(3600);

/// Something that happens when a function is called. Its value is 0, if there is anyone left to use it.
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
    /// Takes so many bytes of memory, writes to all of it, and never gives it back.
    Alloc(usize),
    /// Unwinds the thread.
    Panic,
}

impl Effect {
    /// Makes it happen; returns after a sleep, and when memory has been taken.
    ///
    /// # Errors
    /// [`ItemError::Memory`] where the system has not so much memory to promise.
    ///
    /// # Panics
    /// For [`Effect::Panic`], always.
    pub(super) fn perform(self) -> Result<(), ItemError> {
        match self {
            Self::Sleep(duration) => thread::sleep(duration),
            Self::Alloc(bytes) => take_memory(bytes)?,
            Self::Abort => std::process::abort(),
            Self::Segv => process::die_of_segv(),
            Self::Exit(status) => std::process::exit(status.into()),
            Self::Hang => loop {
                thread::sleep(NAP);
            },
            Self::Panic => panic!("the task called panic()"),
        }
        Ok(())
    }
}

fn take_memory(bytes: usize) -> Result<(), ItemError> {
    let mut memory: Vec<u8> = Vec::new();
    let message = || ItemError::Memory(format!("there are no {bytes} bytes to be had").into());
    memory.try_reserve_exact(bytes).map_err(|_| message())?;
    // Not zeros: those the system gives without any memory behind them.
    memory.resize(bytes, 1);
    std::hint::black_box(memory.leak());
    Ok(())
}

#[cfg(test)]
mod tests;
