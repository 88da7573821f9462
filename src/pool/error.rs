//! Why a task has no result.

use std::convert::Infallible;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::error::{Cause, Death, Failure, Panic, PoolError};
use crate::wire::Fault;

/// Why one task, or one item of a map, has no result. All others have theirs.
///
/// `E` is the task's own error, if it returns a `Result`; otherwise nobody can make an
/// [`error`](TaskError::error).
#[derive(Debug, Clone, PartialEq)]
pub struct TaskError<E = Infallible> {
    kind: Kind<E>,
    index: u64,
    attempts: u32,
    pid: u32,
}

#[derive(Debug, Clone)]
enum Kind<E> {
    Failed(E),
    Panicked(Panic),
    Died(Death),
    TimedOut(Duration),
    OutOfMemory,
    Cancelled,
    Codec(String),
    Unavailable(Arc<PoolError>),
}

impl<E: PartialEq> PartialEq for Kind<E> {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Failed(one), Self::Failed(other)) => one == other,
            (Self::Panicked(one), Self::Panicked(other)) => one == other,
            (Self::Died(one), Self::Died(other)) => one == other,
            (Self::TimedOut(one), Self::TimedOut(other)) => one == other,
            (Self::Codec(one), Self::Codec(other)) => one == other,
            (Self::OutOfMemory, Self::OutOfMemory) | (Self::Cancelled, Self::Cancelled) => true,
            (Self::Unavailable(one), Self::Unavailable(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl<E> TaskError<E> {
    /// The task's place: of an item of a map its index in the input, of a submitted task its number since the pool
    /// began; both from 0.
    #[must_use]
    pub fn index(&self) -> u64 {
        self.index
    }

    /// How often it was started; 0 if never.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The process that ran it last; 0 if none did.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// The error that the task itself returned.
    #[must_use]
    pub fn error(&self) -> Option<&E> {
        match &self.kind {
            Kind::Failed(error) => Some(error),
            _ => None,
        }
    }

    /// The error that the task itself returned.
    ///
    /// # Errors
    /// There is none: this one as it was.
    pub fn into_error(self) -> Result<E, Self> {
        match self.kind {
            Kind::Failed(error) => Ok(error),
            kind => Err(Self { kind, ..self }),
        }
    }

    /// What it panicked with.
    #[must_use]
    pub fn panic(&self) -> Option<&Panic> {
        match &self.kind {
            Kind::Panicked(panic) => Some(panic),
            _ => None,
        }
    }

    /// The signal that its process died of, as often as it was tried: a segmentation fault, an abort, a kill.
    #[must_use]
    pub fn signal(&self) -> Option<i32> {
        match self.kind {
            Kind::Died(Death::Signal(signal)) => Some(signal),
            _ => None,
        }
    }

    /// The exit code of its process: the task called `exit`, be it with 0.
    #[must_use]
    pub fn exit_code(&self) -> Option<i32> {
        match self.kind {
            Kind::Died(Death::Exit(code)) => Some(code),
            _ => None,
        }
    }

    /// Whether its process died, in whatever way.
    #[must_use]
    pub fn is_dead(&self) -> bool {
        matches!(self.kind, Kind::Died(_))
    }

    /// Whether it ran longer than it may.
    #[must_use]
    pub fn is_timed_out(&self) -> bool {
        matches!(self.kind, Kind::TimedOut(_))
    }

    /// Whether it wanted more memory than it may have.
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        matches!(self.kind, Kind::OutOfMemory)
    }

    /// Whether it was cancelled, or its pool was shut down before it was done.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        matches!(self.kind, Kind::Cancelled)
    }

    /// Whether an argument or a result refused to be sent.
    #[must_use]
    pub fn is_codec(&self) -> bool {
        matches!(self.kind, Kind::Codec(_))
    }

    /// Why no worker could be had to run it.
    #[must_use]
    pub fn unavailable(&self) -> Option<&PoolError> {
        match &self.kind {
            Kind::Unavailable(error) => Some(error),
            _ => None,
        }
    }
}

impl TaskError<Infallible> {
    /// Of an item that failed in a worker that lives on.
    pub(crate) fn of_fault(fault: Fault, index: u64, attempts: u32, pid: u32) -> Self {
        let kind = match fault {
            Fault::Panicked { message, place, backtrace } => {
                Kind::Panicked(Panic { message, place, backtrace })
            }
            Fault::Codec(message) => Kind::Codec(message),
        };
        Self { kind, index, attempts, pid }
    }

    /// Of an item that the pool has given up.
    pub(crate) fn of_failure(failure: &Failure, index: u64) -> Self {
        let kind = match &failure.cause {
            Cause::Died(Death::OutOfMemory) => Kind::OutOfMemory,
            Cause::Died(death) => Kind::Died(death.clone()),
            Cause::TimedOut(limit) => Kind::TimedOut(*limit),
            Cause::Failed(_) | Cause::Exited(_) | Cause::Killed(_) => {
                Kind::Codec(failure.cause.to_string())
            }
            Cause::Cancelled => Kind::Cancelled,
        };
        let pid = if failure.attempts == 0 { 0 } else { failure.pid };
        Self { kind, index, attempts: failure.attempts, pid }
    }

    /// Of values that came back and cannot be read.
    pub(crate) fn unreadable(error: &impl fmt::Display, index: u64, pid: u32) -> Self {
        let attempts = u32::from(pid != 0);
        Self { kind: Kind::Codec(error.to_string()), index, attempts, pid }
    }

    /// Of a task that will not be run any more.
    pub(crate) fn cancelled(index: u64) -> Self {
        Self { kind: Kind::Cancelled, index, attempts: 0, pid: 0 }
    }

    /// Of a task for which there is no worker.
    pub(crate) fn no_worker(error: &Arc<PoolError>, index: u64) -> Self {
        Self { kind: Kind::Unavailable(error.clone()), index, attempts: 0, pid: 0 }
    }

    /// The same, of a task with another number.
    pub(super) fn at(self, index: u64) -> Self {
        Self { index, ..self }
    }

    /// The same, of a task that returns errors of its own.
    pub(crate) fn widen<E>(self) -> TaskError<E> {
        let kind = match self.kind {
            Kind::Failed(never) => match never {},
            Kind::Panicked(panic) => Kind::Panicked(panic),
            Kind::Died(death) => Kind::Died(death),
            Kind::TimedOut(limit) => Kind::TimedOut(limit),
            Kind::OutOfMemory => Kind::OutOfMemory,
            Kind::Cancelled => Kind::Cancelled,
            Kind::Codec(message) => Kind::Codec(message),
            Kind::Unavailable(error) => Kind::Unavailable(error),
        };
        TaskError { kind, index: self.index, attempts: self.attempts, pid: self.pid }
    }
}

impl<E> TaskError<E> {
    /// Of a task that returned an error.
    pub(crate) fn failed(error: E, index: u64) -> Self {
        Self { kind: Kind::Failed(error), index, attempts: 1, pid: 0 }
    }
}

impl<E: fmt::Display> fmt::Display for TaskError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "item {}: ", self.index)?;
        match &self.kind {
            Kind::Failed(error) => write!(f, "{error}"),
            Kind::Panicked(panic) => match &panic.place {
                Some((file, line)) => write!(f, "panicked at {file}:{line}: {}", panic.message),
                None => write!(f, "panicked: {}", panic.message),
            },
            Kind::Died(death) => write!(f, "{death}"),
            Kind::TimedOut(limit) => write!(f, "ran longer than {limit:?}"),
            Kind::OutOfMemory => f.write_str("out of memory"),
            Kind::Cancelled => f.write_str("cancelled"),
            Kind::Codec(message) => f.write_str(message),
            Kind::Unavailable(error) => write!(f, "{error}"),
        }?;
        match (self.pid, self.attempts) {
            (0, _) => Ok(()),
            (pid, 0 | 1) => write!(f, " (pid {pid})"),
            (pid, attempts) => write!(f, " (pid {pid}, {attempts} attempts)"),
        }
    }
}

impl<E: Error + 'static> Error for TaskError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            Kind::Failed(error) => Some(error),
            Kind::Unavailable(error) => Some(&**error),
            _ => None,
        }
    }
}
