//! How a program comes to have workers: they are the program itself, started once more, and [`init`] is where they
//! turn off from its `main`.
//!
//! A program that never calls it has no workers: whatever needs one fails with
//! [`NotReady::NotInitialised`], before anything is started. So a forgotten call is neither a second run of `main`
//! nor a process that starts processes without end.
//!
//! Tests, benches and other programs whose `main` is not one's own write [`init_before_main!`](crate::init_before_main)
//! instead.

use crate::error::NotReady;
use crate::sys::signals;
use crate::worker::{self, Standing};

/// How deep workers may have workers. The program that the user started may have some, and so may they; those eight
/// levels below it may not, so that a function that starts itself comes to an end.
pub const MAX_DEPTH: u32 = 8;

/// Makes a program one that may have workers: the first line of its `main`.
///
/// In the program itself it notes that it was called and returns. In a process that was started as a worker, it
/// works, and never returns; so nothing that comes before it should have an effect, as that happens in every
/// worker again. (A worker is told by its first argument, `__worker`, and by a socket that only pmap can have given
/// it: by hand no worker can be started.)
///
/// It may be called more than once.
///
/// ```
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     // Only the program itself gets here.
///     let process = pmap::Process::spawn(|n: u64| n * n, 12)?;
///     assert_eq!(process.join()?, 144);
///     Ok(())
/// }
/// ```
pub fn init() {
    if worker::is_wanted() && worker::standing() == Standing::Unknown {
        worker::run_and_exit();
    }
    worker::is_program();
}

/// How many workers are above those that the running process starts.
///
/// # Errors
/// It may start none.
pub(crate) fn depth_of_workers() -> Result<u32, NotReady> {
    let depth = match worker::standing() {
        Standing::Unknown => return Err(NotReady::NotInitialised),
        Standing::Program => 0,
        Standing::Worker { depth } => depth + 1,
    };
    if depth >= MAX_DEPTH {
        return Err(NotReady::TooDeep { limit: MAX_DEPTH });
    }
    if signals::ends_of_children_are_lost() {
        return Err(NotReady::ChildrenIgnored);
    }
    Ok(depth)
}

/// What [`init_before_main!`](crate::init_before_main) has the C library call.
#[doc(hidden)]
pub extern "C" fn before_main() {
    init();
}

/// [`init`], before `main`: for tests, benches and other programs whose `main` is not one's own.
///
/// One line at the top of a file is enough for all the tests in it; for the unit tests of a library, one in its root:
///
/// ```
/// # #![allow(unused)]
/// #[cfg(test)]
/// pmap::init_before_main!();
/// # fn main() {}
/// ```
///
/// It puts a pointer to [`init`] where the C library looks for functions to call before `main`. There is nothing else
/// that a test can do: the harness's `main` would take a worker for itself and run all tests again, and a worker
/// must not come back from [`init`].
///
/// In a program that has the line, that costs one look at its first argument. In a worker, functions then run before
/// `main` would have been entered. Nearly everything works there, threads, printing and panics included; but
///
/// * what other code has put there to be run before `main` may not have been run yet, if it is linked into the same
///   program (that of shared libraries has been);
/// * a stack overflow is a segmentation fault without a message, since it is `main` that the standard library
///   prepares for more;
/// * `SIGPIPE` is as the system has it, so that a write to a pipe without a reader ends the worker.
///
/// A `main` of one's own should therefore call [`init`].
#[macro_export]
macro_rules! init_before_main {
    () => {
        const _: () = {
            #[allow(unsafe_code)]
            #[used]
            #[unsafe(link_section = ".init_array")]
            static INIT: extern "C" fn() = $crate::entry::before_main;
        };
    };
}
