//! One function in one process of its own: [`Process`], as `multiprocessing.Process` has it and in the shape of
//! [`std::thread`].
//!
//! ```
//! use pmap::Process;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     pmap::init();
//!     let process = Process::spawn(|(a, b): (i64, i64)| a * b, (6, 7))?;
//!     assert_eq!(process.join()?, 42);
//!     Ok(())
//! }
//! ```
//!
//! # The life of a process
//!
//! It is the running program, started again (never a fork), which turns off in [`init`](crate::init) and runs the
//! function. Environment and folder are its parent's; its arguments are pmap's own. Its standard input is empty; what it
//! prints goes where its parent's output goes. It ends with status 0 when the
//! function has returned, with 101 after a panic, with 65 if argument or result cannot be sent, and else as
//! it pleases.
//!
//! *It leaves nothing behind.* It leads a process group of its own, and whatever its function has started in there ends
//! with it, as do the processes that it has spawned itself. It ends itself with its parent, however that
//! ends: by two roads, a signal of the kernel and the end of a socket. One that has ended is reaped at once, whether
//! or not anybody joins it.
//!
//! *Nobody waits for somebody who waits.* Argument and result travel as sealed files in memory: a result of any size is
//! ready when the process has ended, and the process ends whether or not anybody wants it.
//!
//! # What it needs of the program
//!
//! All of a program's processes are started and watched by one thread of the library, which sleeps while nothing
//! happens. No signal handler is installed and no setting changed in the program. It must leave SIGCHLD alone
//! (where it is ignored, nobody can learn how a process ended, and [`Process::spawn`] refuses) and must not wait for
//! children that it has not started.

mod builder;
mod error;
mod handle;
mod life;
mod once;
mod order;
pub(crate) mod spawner;
mod wait;

pub use crate::call::Passed;
pub use builder::Builder;
pub use error::{ProcessError, SpawnError};
pub use handle::Process;
pub use once::Task;
pub use wait::{wait_all, wait_any};
