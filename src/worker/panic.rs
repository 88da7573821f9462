//! A task that panics fails its item and nothing else.

use std::cell::RefCell;
use std::panic::{self, AssertUnwindSafe};

thread_local! {
    /// Message and place of this thread's last panic.
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on a panic is remembered instead of printed: the supervisor reports it with its item.
pub(super) fn remember() {
    panic::set_hook(Box::new(|info| {
        let message = info
            .payload()
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| info.payload().downcast_ref::<String>().map(String::as_str))
            .unwrap_or("a value that is no text");
        let place = info
            .location()
            .map_or_else(String::new, |at| format!(" at {}:{}", at.file(), at.line()));
        LAST.with_borrow_mut(|last| *last = format!("panicked{place}: {message}"));
    }));
}

/// Runs `f`; what it panicked with, if it did.
pub(super) fn caught<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    // Whatever `f` left half-done is its own scratch memory, which the next item starts afresh.
    panic::catch_unwind(AssertUnwindSafe(f)).map_err(|_| LAST.take())
}
