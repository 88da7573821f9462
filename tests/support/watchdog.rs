//! A test's watchdog.

use std::sync::mpsc;
use std::time::Duration;
use std::{process, thread};

/// Runs a test, and ends the whole program if it takes longer than `limit`: its processes end with it.
pub(crate) fn watched(limit: Duration, test: impl FnOnce()) {
    let (over, is_over) = mpsc::channel::<()>();
    thread::spawn(move || {
        if is_over.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
            eprintln!("a test hangs");
            process::abort();
        }
    });
    test();
    drop(over);
}
