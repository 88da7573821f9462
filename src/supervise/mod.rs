//! The supervisor's side of a worker: start it, hand it leases, take what it has committed, see it die.
//! `README.md` beside this file has a worker's life and what happens on a death at each point of it.
//!
//! Nothing here decides who gets what or who must die; that is `sched`'s.

mod intake;
mod limits;
mod link;
mod outbox;
mod spawn;

pub use limits::Limits;
pub use link::{Link, News};
pub use spawn::{Spawner, WorkerProgram, layout_for};

#[cfg(test)]
mod tests;
