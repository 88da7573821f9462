//! Why a run cannot be gone on with.

use std::io;
use std::path::PathBuf;

/// A journal that is of no use, or another run's.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// It cannot be read or written.
    #[error("cannot keep the journal {}: {source}", .path.display())]
    Io {
        /// The journal.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Another run writes to it.
    #[error("the journal {} is in use by another run; give each run a --joblog of its own", .path.display())]
    Busy {
        /// The journal.
        path: PathBuf,
    },
    /// It begins as no journal does.
    #[error("{} is no journal of pmap; give another --joblog, or remove it", .path.display())]
    Foreign {
        /// What is not one.
        path: PathBuf,
    },
    /// A record in its middle is not what was written.
    #[error(
        "the journal {} is damaged at byte {offset}; what it says cannot be relied on: remove it to start anew",
        .path.display()
    )]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// Where the record begins.
        offset: u64,
    },
    /// It is of another run than the one that is to go on.
    #[error(
        "the journal {} is of another run: {what} was {was}, and is {is}; go on with what it was, or give another --joblog",
        .path.display()
    )]
    Differs {
        /// The journal.
        path: PathBuf,
        /// What differs.
        what: String,
        /// What the journal says.
        was: String,
        /// What was asked for.
        is: String,
    },
    /// It is of a run that was not finished, and that nobody wants to go on with.
    #[error(
        "the journal {} is of a run that has not finished: add --resume to go on with it, or remove it to start anew",
        .path.display()
    )]
    Unfinished {
        /// The journal.
        path: PathBuf,
    },
    /// The file of results is not the one that the journal tells of.
    #[error(
        "{} does not hold the results that the journal {} tells of; nothing was changed in it", .output.display(), .path.display()
    )]
    OtherOutput {
        /// The journal.
        path: PathBuf,
        /// The file of results.
        output: PathBuf,
    },
}

impl JournalError {
    /// Whether the system is to blame, and not what was asked for.
    #[must_use]
    pub fn is_io(&self) -> bool {
        matches!(self, Self::Io { .. })
    }
}
