//! Map a task over items on a bounded pool of worker processes: rayon's speed and shape, a process's isolation.
//! One bad item costs one item.
//!
//! [`Process`] runs one function in one process of its own. Every program that uses it begins with [`init`]:
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
//! Beneath it is the engine under the command `pmap`, usable from a program of one's own as `examples/embed.rs`
//! shows; pools and iterators in rayon's shape are to come, and nothing here is stable before they have.
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
