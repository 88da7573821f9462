//! Why an item has no result, and why a pool cannot run.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::ids::{Index, Slot};

/// How a worker process ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Death {
    /// Ended by a signal (its number).
    Signal(i32),
    /// Ended by itself, with this exit status.
    Exit(i32),
    /// It wrote something into its segment, or did something with its socket, that no correct worker does, and
    /// was killed for it.
    Protocol(Violation),
    /// Ended by itself, since it was refused memory.
    OutOfMemory,
    /// Ended by the system, since it had used as much time on a core as it may.
    CpuTime,
    /// It could not start, and said why.
    Refused(String),
    /// The program that it gave its items to ended, or had to be ended, in the middle of them.
    Program(ProgramEnd),
    /// The same, when there was no line that it had read and not answered: no item has to do with it.
    ProgramAtRest(ProgramEnd),
    /// The same, before it had read anything.
    Stillborn {
        /// Which program.
        program: String,
        /// How it ended.
        end: ProgramEnd,
    },
    /// That program wrote something when every item had its result. So one of those may have been another's.
    OutOfStep,
    /// It is gone, but somebody else has reaped it, so that nobody can say how it ended.
    Unknown,
}

impl fmt::Display for Death {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Signal(number) => match signal_hook::low_level::signal_name(*number) {
                Some(name) => write!(f, "killed by {name}"),
                None => write!(f, "killed by signal {number}"),
            },
            Self::Exit(status) => write!(f, "its worker exited with status {status}"),
            Self::Protocol(violation) => {
                write!(f, "its worker broke the protocol: {violation}")
            }
            Self::OutOfMemory => f.write_str("its worker ran out of memory"),
            Self::CpuTime => f.write_str("used more time on a core than --cpu-time allows"),
            Self::Refused(reason) => f.write_str(reason),
            Self::Program(ProgramEnd::Exited(status)) => {
                write!(f, "exited with code {status} without an answer")
            }
            Self::Program(end) => write!(f, "{end}"),
            Self::ProgramAtRest(end) => write!(f, "{end} between two items"),
            Self::Stillborn { end: ProgramEnd::Stopped(why), .. } => f.write_str(why),
            Self::Stillborn { program, end } => {
                let was = if matches!(end, ProgramEnd::Killed(_)) { "was " } else { "" };
                write!(f, "'{program}' {was}{end} before it had read a line")
            }
            Self::OutOfStep => f.write_str(
                "its program wrote a line that it was not asked for, and so may have done before",
            ),
            Self::Unknown => f.write_str("its worker vanished"),
        }
    }
}

/// How a program ended that was to answer the items of its worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProgramEnd {
    /// By itself, with this exit status, which may be 0.
    Exited(i32),
    /// By this signal.
    Killed(i32),
    /// It could not be started, or its worker has ended it: why.
    Stopped(String),
}

impl fmt::Display for ProgramEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(status) => write!(f, "exited with code {status}"),
            Self::Killed(signal) => write!(f, "{}", Death::Signal(*signal)),
            Self::Stopped(why) => f.write_str(why),
        }
    }
}

/// What a peer wrote into shared memory, or did with the control socket, that no correct one does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Violation {
    /// A ring position outside of what the ring can hold, or one that went backwards.
    #[error("a ring position is out of range")]
    Position,
    /// More items committed than were granted.
    #[error("more results than granted items")]
    ItemCount,
    /// The bytes published do not hold as many results as were committed.
    #[error("results and their count disagree")]
    Framing,
    /// The claim word was moved by somebody who must not move it.
    #[error("the claim word is out of range")]
    Claim,
    /// One result grew past this many bytes.
    #[error("a result exceeds {0} bytes")]
    ResultSize(usize),
    /// Its first message makes no sense, or did not come in time.
    #[error("no handshake")]
    Handshake,
    /// It hung up, and lives on.
    #[error("the control socket was closed")]
    HungUp,
}

/// What a task panicked with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic {
    /// What it said; empty if it panicked with something that is no text.
    pub message: String,
    /// Source file and line.
    pub place: Option<(String, u32)>,
    /// The calls that led there, as text. Of a worker's first panics, and with `RUST_BACKTRACE=1` of all; else empty.
    pub backtrace: String,
}

/// Why an item has no result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The task said so; the text is its message.
    Failed(String),
    /// The item's program ended with this exit status, which is not 0.
    Exited(i32),
    /// The item's program was ended by this signal.
    Killed(i32),
    /// Its worker died while it ran, as often as an item may be tried.
    Died(Death),
    /// It ran longer than an item may.
    TimedOut(Duration),
    /// Nobody wants it any more.
    Cancelled,
}

/// What kind of failure: what decides whether it is worth another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Class {
    /// The worker died.
    Death,
    /// The worker ran out of memory.
    Memory,
    /// The item took too long.
    Timeout,
    /// The task said so.
    Error,
    /// Nobody wants it any more.
    Cancelled,
}

impl Death {
    /// Whether the worker had begun no item, although it may have been given some.
    #[must_use]
    pub fn is_nobodys(&self) -> bool {
        matches!(self, Self::ProgramAtRest(_) | Self::Stillborn { .. } | Self::OutOfStep)
    }

    /// What kind of failure this death is for the item that it is blamed on.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::OutOfMemory => Class::Memory,
            Self::CpuTime => Class::Timeout,
            _ => Class::Death,
        }
    }
}

impl Cause {
    /// What kind of failure it is.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Failed(_) | Self::Exited(_) | Self::Killed(_) => Class::Error,
            Self::Died(death) => death.class(),
            Self::TimedOut(_) => Class::Timeout,
            Self::Cancelled => Class::Cancelled,
        }
    }

    /// Whether the item failed by itself, in a worker that lives on: it would do so in any other.
    #[must_use]
    pub fn is_its_own(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Exited(_) | Self::Killed(_))
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Failed(message) => f.write_str(message),
            Self::Exited(status) => write!(f, "exited with code {status}"),
            Self::Killed(signal) => write!(f, "{}", Death::Signal(*signal)),
            Self::Died(death) => write!(f, "{death}"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::TimedOut(limit) => write!(f, "ran longer than --timeout {limit:?}"),
        }
    }
}

/// An item without a result: which, why, and who had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The item.
    pub index: Index,
    /// Why it has no result.
    pub cause: Cause,
    /// The slot that tried it last.
    pub slot: Slot,
    /// The process id of the worker that tried it last.
    pub pid: u32,
    /// How often it was started, the last time included; at least 1.
    pub attempts: u32,
    /// How often it could have been started.
    pub attempts_allowed: u32,
}

/// Why a run could not go on. Items that merely failed are no such error.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// No worker can be kept alive.
    #[error("{0}")]
    Pool(#[from] PoolError),
    /// The input is not the one that the run that is to go on has read.
    #[error(
        "the input is not the one that the journal tells of: it differs within its first {0} bytes; nothing was written"
    )]
    OtherInput(u64),
    /// What is finished could not be noted.
    #[error("cannot keep the journal {}: {source}", .path.display())]
    Journal {
        /// The journal.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// What happened could not be logged.
    #[error("cannot write the job log {to}: {source}")]
    JobLog {
        /// Where to, as a person calls it.
        to: String,
        /// What the system said.
        source: io::Error,
    },
    /// The input could not be read.
    #[error("cannot read {from}: {source}")]
    Input {
        /// What a person calls it.
        from: String,
        /// What the system said.
        source: io::Error,
    },
    /// Results could not be written.
    #[error("cannot write results to {to}, after {written} bytes: {source}")]
    Output {
        /// Where to, as a person calls it.
        to: String,
        /// Bytes of results that were written before.
        written: u64,
        /// What the system said.
        source: io::Error,
    },
    /// The reader of the results went away.
    #[error("the reader of the results went away")]
    ReaderGone,
    /// A signal asked the run to end.
    #[error("ended by signal {0}")]
    Signal(i32),
    /// The wait for events itself failed.
    #[error("cannot wait for workers: {0}")]
    Wait(#[source] io::Error),
}

/// Why the pool cannot run.
#[derive(Debug, thiserror::Error)]
pub enum PoolError {
    /// A worker process could not be started at all.
    #[error("cannot start a worker: {0} (fewer --workers need fewer processes and descriptors)")]
    Spawn(#[source] io::Error),
    /// There is no shared memory to be had.
    #[error(
        "cannot get {bytes} bytes of shared memory for a worker: {source} (fewer --workers need less; see also 'ulimit -a')"
    )]
    Memory {
        /// The size of the segment that was asked for.
        bytes: usize,
        /// What the system said.
        source: io::Error,
    },
    /// A function lies in a shared library.
    #[error(
        "the function is part of a shared library, which a worker may have loaded elsewhere; link it statically"
    )]
    ForeignFunction,
    /// The running process may have no workers.
    #[error(transparent)]
    NotReady(#[from] NotReady),
    /// It has been shut down.
    #[error("the pool has been shut down")]
    ShutDown,
    /// The program that is to answer items ends before it has read any, one start after the other.
    #[error("{death}, {starts} times in a row; no item was given to it")]
    Program {
        /// How often.
        starts: u32,
        /// How it ended the last time.
        death: Death,
    },
    /// A program answers items, and is not in step with them.
    #[error(
        "{0}: its results cannot be trusted (it has to answer each line with exactly one line, and to say everything \
         else on standard error)"
    )]
    OutOfStep(Death),
    /// Workers die, one after the other, before they do anything.
    #[error(
        "cannot keep workers alive: {deaths} in a row died without finishing an item, the last one: {last} (-v shows \
         each of them; fewer --workers need less of everything)"
    )]
    Breaker {
        /// How many.
        deaths: u32,
        /// How the last of them ended.
        last: Death,
    },
}

/// Why the running process may have no workers, of whatever kind. Nothing was started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The program has not called [`init`](crate::init).
    #[error(
        "call `pmap::init()` as the first line of `main` (in tests and benches, write `pmap::init_before_main!();` at the top of the file): workers are this program, started again, and that is where they begin to work"
    )]
    NotInitialised,
    /// It is a worker of a worker of a worker, and so on.
    #[error(
        "this worker is {limit} levels below the program and may have no workers of its own: does a function start itself?"
    )]
    TooDeep {
        /// How many levels of workers there may be.
        limit: u32,
    },
    /// SIGCHLD is ignored, so that nobody can learn how a worker ended.
    #[error(
        "the program ignores SIGCHLD, so that the system throws away how workers end: leave it at its default (what started the program may have set it)"
    )]
    ChildrenIgnored,
}
