//! Map a task over items on a bounded pool of worker processes: rayon's speed and shape, a process's isolation.
//! One bad item costs one item.
//!
//! Every program that uses it begins with [`init`]. Then there are three ways in. Iterators in rayon's shape come with
//! the [`prelude`]:
//!
//! ```
//! use pmap::prelude::*;
//!
//! fn main() {
//!     pmap::init();
//!     let squares: Vec<u64> = (0..10_u64).into_proc_iter().map(|n| n * n).collect();
//!     assert_eq!(squares, [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
//! }
//! ```
//!
//! A [`Pool`] runs tasks that are submitted to it, and maps:
//!
//! ```
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     pmap::init();
//!     let pool = pmap::Pool::builder().workers(2).build()?;
//!     let handle = pool.submit(|text: String| text.len(), "hello".to_owned());
//!     assert_eq!(handle.result()?, 5);
//!     Ok(())
//! }
//! ```
//!
//! [`Process`] runs one function in one process of its own:
//!
//! ```
//! use pmap::Process;
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     pmap::init();
//!     let process = Process::spawn(|n: u64| n * n, 12)?;
//!     assert_eq!(process.join()?, 144);
//!     Ok(())
//! }
//! ```
//!
//! `docs/GUIDE.md` tells more, from the beginning. Beneath them is the engine under the command `pmap`.
//!
//! The modules, from the bottom up; an import never points upward:
//!
//! * [`error`], [`ids`]: what can go wrong, and what things are called
//! * [`sys`], [`value`], [`event`]: the operating system, numbers as text, what happens in a run
//! * [`shm`], [`task`], [`source`], [`sched`]: shared memory, tasks, input, and who gets what
//! * [`wire`]: what supervisor and worker must agree on
//! * [`worker`] and [`supervise`]: the two sides, which share nothing else
//! * [`engine`], [`output`]: the loop of a run, and what is shown of it
//! * [`entry`], [`process`]: where workers turn off from `main`; one function in one process
//! * [`pool`]: many functions on a bounded number of processes
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
pub mod engine;
pub mod entry;
pub mod error;
pub mod event;
pub mod ids;
pub mod iter;
pub mod output;
pub mod pool;
pub mod prelude;
pub mod process;
pub mod sched;
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
pub use sys::allocator::Watched as Allocator;
