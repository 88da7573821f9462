//! A function that panics fails its item and nothing else.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::wire::Fault;

/// How many of a worker's panics have their calls written down: that takes milliseconds, and whoever fails a
/// million times fails in the same place. With `RUST_BACKTRACE=1`, all of them have.
const BACKTRACES: u32 = 8;

static PANICS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    /// This thread's last panic.
    static LAST: RefCell<Option<Fault>> = const { RefCell::new(None) };
}

/// From now on a panic is remembered instead of printed: the supervisor reports it with its item.
pub fn remember_panics() {
    panic::set_hook(Box::new(remember));
}

/// From now on a panic is remembered as well as printed.
pub fn remember_and_print_panics() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        print(info);
        remember(info);
    }));
}

fn remember(info: &PanicHookInfo<'_>) {
    let message = info
        .payload()
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| info.payload().downcast_ref::<String>().map(String::as_str))
        .unwrap_or("a value that is no text");
    let backtrace = if PANICS.fetch_add(1, Ordering::Relaxed) < BACKTRACES {
        Backtrace::force_capture()
    } else {
        Backtrace::capture()
    };
    let fault = Fault::Panicked {
        message: message.to_owned(),
        place: info.location().map(|at| (at.file().to_owned(), at.line())),
        backtrace: match backtrace.status() {
            BacktraceStatus::Captured => backtrace.to_string(),
            _ => String::new(),
        },
    };
    LAST.with_borrow_mut(|last| *last = Some(fault));
}

/// Runs `f`; what it panicked with, if it did.
///
/// # Errors
/// The panic.
pub fn caught<T>(f: impl FnOnce() -> T) -> Result<T, Fault> {
    // Whatever `f` left half-done is the caller's to throw away.
    panic::catch_unwind(AssertUnwindSafe(f)).map_err(|_| {
        let nameless =
            Fault::Panicked { message: String::new(), place: None, backtrace: String::new() };
        LAST.take().unwrap_or(nameless)
    })
}
