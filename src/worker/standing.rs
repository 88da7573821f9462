//! What the running process is: a program like any other, or a worker, and how deep below its program.
//!
//! This is the only thing that the library remembers about a process without being handed it.

use std::sync::atomic::{AtomicU32, Ordering};

/// Nobody has said anything yet.
const UNKNOWN: u32 = 0;
/// A program that is no worker.
const PROGRAM: u32 = 1;
/// This and more: a worker, with so many workers above it.
const WORKER: u32 = 2;

/// Nothing but this number is read through it, so that no order is needed.
static STANDING: AtomicU32 = AtomicU32::new(UNKNOWN);

/// What a process is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It has not been asked.
    Unknown,
    /// No worker: the program that the user started.
    Program,
    /// A worker.
    Worker {
        /// How many workers are above it: 0 if it was started by a program that is none itself.
        depth: u32,
    },
}

/// What the running process is known to be.
pub(crate) fn standing() -> Standing {
    match STANDING.load(Ordering::Relaxed) {
        UNKNOWN => Standing::Unknown,
        PROGRAM => Standing::Program,
        worker => Standing::Worker { depth: worker - WORKER },
    }
}

/// Notes that the running process is no worker; one that is known to be one stays one.
pub(crate) fn is_program() {
    let _ = STANDING.compare_exchange(UNKNOWN, PROGRAM, Ordering::Relaxed, Ordering::Relaxed);
}

/// Notes that the running process is a worker.
pub(super) fn is_worker(depth: u32) {
    STANDING.store(depth.saturating_add(WORKER), Ordering::Relaxed);
}
