//! The loop of a run: tells `sched` what happened, does what it says, and sleeps in between.
//!
//! One thread, one `poll`. Nothing in here waits for a worker, for a reader or for input anywhere else.

mod array;
mod attempts;
mod cells;
mod crew;
mod deliver;
mod front;
mod halt;
mod ledger;
mod order;
mod packets;
mod partials;
mod progress;
mod rest;
mod resume;
mod run;
mod signals;
mod workers;
mod writer;

pub(crate) use crew::{Author, Commit, Crew, Host, Next};
pub(crate) use rest::{Heard, NAP, WATCHFUL};
pub use run::{Job, Summary, run};
