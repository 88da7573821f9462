//! Why a process could not be started, and why one has no result.

use std::fmt;
use std::io;

use crate::call::{CodecError, Foreign};
use crate::error::{Death, NotReady, Panic};

/// Why a process could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SpawnError {
    /// The program may have none.
    #[error("cannot start a process: {0}")]
    NotReady(#[from] NotReady),
    /// Its function cannot be named.
    #[error("cannot start a process: {0}")]
    Function(#[from] Foreign),
    /// Its argument cannot be sent.
    #[error("cannot start a process: its argument: {0}")]
    Argument(#[from] CodecError),
    /// Processes, descriptors or memory are used up.
    #[error("cannot start a process: {0}")]
    System(#[from] io::Error),
}

/// Why a process has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessError {
    kind: Kind,
    name: String,
    pid: u32,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    Panicked(Panic),
    Died(Death),
    Codec(String),
}

impl ProcessError {
    pub(super) fn new(kind: Kind, name: &str, pid: u32) -> Self {
        Self { kind, name: name.to_owned(), pid }
    }

    /// What the process is called.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its process id, which may have been given to another process meanwhile.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// What its function panicked with.
    #[must_use]
    pub fn panic(&self) -> Option<&Panic> {
        match &self.kind {
            Kind::Panicked(panic) => Some(panic),
            _ => None,
        }
    }

    /// The signal that it died of: a segmentation fault, an abort, [`Process::kill`](super::Process::kill).
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        match self.kind {
            Kind::Died(Death::Signal(signal)) => Some(signal),
            _ => None,
        }
    }

    /// The status that it exited with before its function returned, be it 0.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        match self.kind {
            Kind::Died(Death::Exit(code)) => Some(code),
            _ => None,
        }
    }

    /// Whether its argument or its result refused to be sent.
    #[must_use]
    pub fn is_codec(&self) -> bool {
        matches!(self.kind, Kind::Codec(_))
    }
}

impl fmt::Display for ProcessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {} (pid {}): ", self.name, self.pid)?;
        match &self.kind {
            Kind::Panicked(panic) => match &panic.place {
                Some((file, line)) => write!(f, "panicked at {file}:{line}: {}", panic.message),
                None => write!(f, "panicked: {}", panic.message),
            },
            Kind::Died(Death::Exit(code)) => {
                write!(f, "exited with status {code} before its function returned")
            }
            Kind::Died(Death::Unknown) => {
                f.write_str("somebody else has waited for it, so that nobody can say how it ended")
            }
            Kind::Died(death) => write!(f, "{death}"),
            Kind::Codec(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for ProcessError {}
