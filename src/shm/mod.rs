//! One shared-memory segment between a supervisor and one worker: two byte rings, a claim word, two
//! sleep words. `README.md` beside this file has the protocol, step by step, and why it is safe to die
//! at any of them.
//!
//! A segment knows nothing of items' meaning or of processes; it moves bytes and counts.

mod claim;
mod ends;
mod layout;

mod region;
mod ring;
mod segment;
mod sleep;
mod words;

pub use claim::{Claimed, Claims, Grants};
pub use ends::{SupervisorEnd, WorkerEnd};
pub use layout::{Capacity, Layout};
pub use ring::{Consumer, Fresh, Producer};
pub use segment::{Backing, Segment, sweep_stale_names};
pub use sleep::{Depth, Sleeper, Waker};

#[cfg(all(test, loom))]
mod loom_tests;
#[cfg(all(test, not(loom)))]
mod tests;
