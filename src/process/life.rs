//! A process as its parent sees it, from its start to its burial.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread::{self, Thread};

use super::error::{Kind, ProcessError};
use super::spawner::Ward;
use crate::call::{Value, take, with_incoming};
use crate::error::{Death, Panic};
use crate::sys::passing;
use crate::sys::process::{Child, Kill};
use crate::sys::sealed;
use crate::sys::socket::Received;
use crate::wire::{self, Fault, Report, packet};

/// The largest report, in bytes; what else there is to say comes as a file.
const REPORT: usize = 4096;

/// One process, and whoever waits for its end.
#[derive(Debug)]
pub(super) struct Life {
    child: Child,
    name: String,
    /// Set once, with the lock held, when the process is reaped: its number is nobody's from then on.
    end: OnceLock<End>,
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    /// The control socket, as long as the process may live.
    socket: Option<OwnedFd>,
    waiting: Vec<Thread>,
}

/// How a process ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) death: Death,
    said: Said,
}

/// What it said before.
#[derive(Debug)]
enum Said {
    Nothing,
    Failed(String),
    Done { outcome: File, descriptors: Vec<OwnedFd> },
}

impl Life {
    pub(super) fn new(child: Child, socket: OwnedFd, name: String) -> Self {
        let inner = Mutex::new(Inner { socket: Some(socket), waiting: Vec::new() });
        Self { child, name, end: OnceLock::new(), inner }
    }

    pub(super) fn pid(&self) -> u32 {
        self.child.pid()
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// How it ended, once it has.
    pub(super) fn end(&self) -> Option<&End> {
        self.end.get()
    }

    /// Sends a signal to it and its group, unless it has ended.
    pub(super) fn kill(&self, kill: Kill) {
        let _inner = self.lock();
        if self.end().is_none() {
            self.child.kill_group(kill);
        }
    }

    /// Has the calling thread unparked at the end, which must not have come already.
    pub(super) fn expect_end(&self) {
        let mut inner = self.lock();
        if self.end().is_none() {
            inner.waiting.push(thread::current());
        }
    }

    /// The calling thread no longer waits.
    pub(super) fn forget_waiting(&self) {
        let me = thread::current().id();
        self.lock().waiting.retain(|thread| thread.id() != me);
    }

    /// What came out, of a process that has ended.
    pub(super) fn outcome<R: Value>(&self, end: &End) -> Result<R, ProcessError> {
        self.read(end).map_err(|kind| ProcessError::new(kind, &self.name, self.pid()))
    }

    fn read<R: Value>(&self, end: &End) -> Result<R, Kind> {
        let (outcome, descriptors) = match &end.said {
            Said::Nothing => return Err(Kind::Died(end.death.clone())),
            Said::Failed(message) => return Err(Kind::Codec(message.clone())),
            Said::Done { outcome, descriptors } => (outcome, descriptors),
        };
        let unreadable = |error: &dyn std::fmt::Display| {
            Kind::Codec(format!("its result cannot be read: {error}"))
        };
        let bytes = sealed::read(outcome).map_err(|error| unreadable(&error))?;
        let Some((packet, _)) = packet::split_first(&bytes) else {
            return Err(unreadable(&"it is garbled"));
        };
        match (packet.kind, &end.death) {
            (packet::Kind::Fault, _) => Err(match Fault::from_bytes(packet.payload) {
                Fault::Panicked { message, place, backtrace } => {
                    Kind::Panicked(Panic { message, place, backtrace })
                }
                Fault::Codec(message) => Kind::Codec(message),
            }),
            (packet::Kind::Values, Death::Exit(0) | Death::Unknown) => {
                // Copies, so that the result can be asked for again.
                let copies: Result<Vec<_>, _> =
                    descriptors.iter().map(OwnedFd::try_clone).collect();
                let copies = copies.map_err(|error| unreadable(&error))?;
                with_incoming(copies, || take(&mut &*packet.payload))
                    .map_err(|error| unreadable(&error))
            }
            // It was killed, or crashed, after its function had returned.
            (packet::Kind::Values, death) => Err(Kind::Died(death.clone())),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What lies in the socket of a process that has ended.
fn last_words(socket: &OwnedFd) -> Said {
    let mut message = [0; REPORT];
    let Ok((Received::Message(length), mut descriptors)) =
        passing::receive_now(socket, &mut message)
    else {
        return Said::Nothing;
    };
    match wire::decode(&message[..length]) {
        Ok(Report::Done) if !descriptors.is_empty() => {
            Said::Done { outcome: descriptors.remove(0).into(), descriptors }
        }
        Ok(Report::Failed(message)) => Said::Failed(message),
        _ => Said::Nothing,
    }
}

impl Ward for Life {
    fn death(&self) -> BorrowedFd<'_> {
        self.child.as_fd()
    }

    fn has_ended(&self) -> bool {
        self.child.has_ended().is_some()
    }

    fn bury(&self) {
        let mut inner = self.lock();
        // While it is a zombie, its group's number is its own.
        self.child.kill_group(Kill::Kill);
        let said = inner.socket.take().map_or(Said::Nothing, |socket| last_words(&socket));
        let death = self.child.reap().unwrap_or(Death::Unknown);
        let _ = self.end.set(End { death, said });
        for thread in inner.waiting.drain(..) {
            thread.unpark();
        }
    }
}
