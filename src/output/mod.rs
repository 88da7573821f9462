//! What a run shows beside its results, all of it on stderr: failures, a narration of what happens to workers
//! (`-v`), a progress bar, a summary (`--stats`). Each is made from the events of the run and from nothing else.

mod console;
pub mod joblog;
mod narrate;
#[cfg(feature = "cli")]
mod progress;
mod stats;

pub use console::{Bar, Console, Detail, Screen};
#[cfg(feature = "cli")]
pub use progress::Progress;
pub use stats::Stats;
