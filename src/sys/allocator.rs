//! An allocator that tells lack of memory apart from every other death.
//!
//! Rust ends a process that is refused memory by SIGABRT, as it ends one that aborts for any other reason; what it
//! says before on stderr, nobody can be made to parse. There is no stable hook for that moment. So a program that wants
//! to know has this allocator: it is the system's, but in a [worker](watch) a refusal ends the process by a signal of
//! its own. Its supervisor knows the signal and calls the death [`OutOfMemory`](crate::error::Death::OutOfMemory).
//!
//! What it cannot do: notice memory that is refused to somebody who does not ask here, such as a C library, which then
//! does what it does; and let a task in a worker live on that can do without the memory (`try_reserve`).

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicBool, Ordering};

use super::process;

/// Whether a refusal ends the process.
static IS_WATCHED: AtomicBool = AtomicBool::new(false);

/// From now on a refusal ends the process, if its program has the [`Watched`] allocator.
pub fn watch() {
    IS_WATCHED.store(true, Ordering::Relaxed);
}

/// The system's allocator, watched. For the `#[global_allocator]` of a program whose workers have a limit on their
/// memory:
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: pmap::sys::allocator::Watched = pmap::sys::allocator::Watched;
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Watched;

/// Passes `memory` on, unless there is none and that shall be the end.
#[inline]
fn check(memory: *mut u8) -> *mut u8 {
    if memory.is_null() && IS_WATCHED.load(Ordering::Relaxed) {
        process::die_out_of_memory();
    }
    memory
}

#[expect(unsafe_code, reason = "the trait is unsafe")]
// SAFETY: every call goes to the system's allocator as it is, and so does what that returns.
unsafe impl GlobalAlloc for Watched {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to the same contract.
        check(unsafe { System.alloc(layout) })
    }

    #[inline]
    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps to the same contract.
        check(unsafe { System.alloc_zeroed(layout) })
    }

    #[inline]
    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller keeps to the same contract.
        check(unsafe { System.realloc(memory, layout, size) })
    }

    #[inline]
    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps to the same contract.
        unsafe { System.dealloc(memory, layout) }
    }
}
