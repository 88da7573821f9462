//! One sleep over many descriptors.

use std::io;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;

use super::failpoint;

/// What to wait for on a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Interest {
    /// Bytes to read, or end of file.
    Read,
    /// Room to write.
    Write,
    /// Nothing but the other end's going away.
    HangUp,
}

/// What a wait found on a descriptor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Found {
    /// It can be read (or is at its end).
    pub readable: bool,
    /// It can be written.
    pub writable: bool,
    /// The other end is gone, or the descriptor is broken.
    pub gone: bool,
}

/// Descriptors to watch in one sleep; filled anew for each.
#[derive(Default)]
pub struct Watch<'fd> {
    fds: Vec<PollFd<'fd>>,
}

impl<'fd> Watch<'fd> {
    /// Room for `n` descriptors.
    #[must_use]
    pub fn with_capacity(n: usize) -> Self {
        Self { fds: Vec::with_capacity(n) }
    }

    /// Adds a descriptor and returns its place, for [`Watch::found`].
    pub fn add(&mut self, fd: BorrowedFd<'fd>, interest: Interest) -> usize {
        let events = match interest {
            Interest::Read => PollFlags::IN,
            Interest::Write => PollFlags::OUT,
            Interest::HangUp => PollFlags::empty(),
        };
        self.fds.push(PollFd::from_borrowed_fd(fd, events));
        self.fds.len() - 1
    }

    /// Sleeps until something is found, a signal arrives or the time is over (`None`: no limit).
    ///
    /// # Errors
    /// The kernel has no memory for the wait.
    pub fn sleep(&mut self, limit: Option<Duration>) -> io::Result<()> {
        let limit = limit.map(|limit| Timespec {
            tv_sec: i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: i64::from(limit.subsec_nanos()) as _,
        });
        let mut slept =
            failpoint::call("poll", || rustix::event::poll(&mut self.fds, limit.as_ref()));
        if slept == Err(Errno::INTR) {
            // What the signal's handler has written shall be found now, and not one sleep later.
            slept = rustix::event::poll(&mut self.fds, Some(&Timespec::default()));
        }
        match slept {
            Ok(_) | Err(Errno::INTR | Errno::AGAIN) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// What the last sleep found at `place`.
    #[must_use]
    pub fn found(&self, place: usize) -> Found {
        let events = self.fds[place].revents();
        Found {
            readable: events.contains(PollFlags::IN) || events.contains(PollFlags::HUP),
            writable: events.contains(PollFlags::OUT),
            gone: events.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL),
        }
    }
}
