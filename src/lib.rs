//! Map a task over items on a bounded pool of worker processes: rayon's speed and shape, a process's isolation.
//! One bad item costs one item.
//!
//! Every program that uses it begins with one line, [`init`], since workers are the program itself, started again. Then
//! there are three ways in:
//!
//! ```
//! use pmap::prelude::*;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     pmap::init();
//!
//!     // Iterators in rayon's shape, on a pool that the program has by default.
//!     let squares: Vec<u64> = (0..10_u64).into_proc_iter().map(|n| n * n).collect();
//!     assert_eq!(squares, [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
//!
//!     // Tasks one by one, on a pool of one's own; one that crashes costs itself.
//!     let pool = pmap::Pool::builder().workers(2).build()?;
//!     let fine = pool.submit(|n: u64| n + 1, 41);
//!     let crash = pool.submit(|(): ()| std::process::abort(), ());
//!     assert_eq!(fine.result()?, 42);
//!     assert!(crash.result().map(|()| ()).unwrap_err().signal().is_some());
//!
//!     // One function in one process of its own.
//!     let process = pmap::Process::spawn(|n: u64| n * n, 12)?;
//!     assert_eq!(process.join()?, 144);
//!     Ok(())
//! }
//! ```
//!
//! `docs/GUIDE.md` goes from there to C libraries with global state. Beneath is the engine under the command `pmap`;
//! what is not named on this page may change.
//!
//! The modules, from the bottom up; an import never points upward:
//!
//! * [`error`], [`ids`]: what can go wrong, and what things are called
//! * [`sys`], [`value`], [`digest`], [`event`]: the operating system, numbers as text, what a stream of bytes was, what
//!   happens in a run
//! * [`shm`], [`task`], [`source`], [`sched`], [`journal`]: shared memory, tasks, input, who gets what, and what is finished
//! * [`wire`], [`call`], [`shared`]: what supervisor and worker must agree on; functions and values on their way; numbers
//!   that stay where they are
//! * [`worker`] and [`supervise`]: the two sides, which share nothing else
//! * [`engine`], [`output`]: the loop of a run, and what is shown of it
//! * [`entry`], [`process`], [`pool`]: where workers turn off from `main`; one function in one process; many tasks on a
//!   bounded number of them
//! * [`iter`], [`prelude`]: iterators in rayon's shape
//!
//! `docs/ARCHITECTURE.md` has the picture, and the life of one item.

/// Its examples are tests.
#[cfg(doctest)]
#[doc = include_str!("../docs/GUIDE.md")]
struct Guide;

// Tests that are shared with the black-box ones name the crate.
#[cfg(test)]
extern crate self as pmap;

pub mod call;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod digest;
pub mod engine;
pub mod entry;
pub mod error;
pub mod event;
pub mod ids;
pub mod iter;
pub mod journal;
pub mod output;
pub mod pool;
pub mod prelude;
pub mod process;
pub mod sched;
pub mod shared;
pub mod shm;
pub mod source;
pub mod supervise;
pub mod sys;
pub mod task;
pub mod value;
pub mod wire;
pub mod worker;

pub use entry::init;
pub use pool::{Handle, Pool, PoolBuilder, TaskError};
pub use process::Process;
pub use shared::{SharedSlice, SharedVec};
pub use sys::allocator::Watched as Allocator;
