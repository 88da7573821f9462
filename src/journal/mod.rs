//! What of a run is finished, on disk, so that another run can go on where one was killed. `README.md` beside this file
//! says what is written when, and why nothing is lost or delivered twice.

mod check;
mod error;
mod file;
mod identity;
mod keeper;
mod known;
mod ranges;
mod record;
mod scan;

pub use error::JournalError;
pub use file::{Journal, Mode, Session};
pub use identity::Identity;
pub use keeper::Keeper;
pub use known::{Early, Known};
pub use ranges::Ranges;

#[cfg(test)]
mod tests;
