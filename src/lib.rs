//! Map a task over items on a bounded pool of worker processes: rayon's speed and shape, a process's isolation.
//! One bad item costs one item.
//!
//! Today this is the engine under the command `pmap`, usable from a program of one's own as `examples/embed.rs`
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
//!
//! `docs/ARCHITECTURE.md` has the picture, and the life of one item.

pub mod call;
#[cfg(feature = "cli")]
#[doc(hidden)]
pub mod cli;
pub mod engine;
pub mod error;
pub mod event;
pub mod ids;
pub mod output;
pub mod pool;
pub mod sched;
pub mod shm;
pub mod source;
pub mod supervise;
pub mod sys;
pub mod task;
pub mod value;
pub mod wire;
pub mod worker;
