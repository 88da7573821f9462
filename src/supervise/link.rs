//! A worker as its supervisor sees it: a process, a socket, a segment.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

use super::outbox::Outbox;
use crate::error::{Death, MAX_RESULT, Violation};
use crate::shm::{Depth, SupervisorEnd};
use crate::source::Piece;
use crate::sys::process::{Child, Kill};
use crate::sys::socket::{self, Received};
use crate::wire::{self, DOORBELL, FromWorker, PROTOCOL};

/// How long a worker may take from its start to the end of its handshake. Long enough for a machine that
/// swaps; a worker that dies is noticed at once anyway.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// Messages that are read from a worker in one turn; one that floods us waits for the next.
const MESSAGES: usize = 16;

/// What a look at a worker's socket brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing but doorbells.
    Nothing,
    /// The handshake is done.
    Ready,
}

/// One worker, from its start to its burial.
pub struct Link {
    child: Child,
    socket: OwnedFd,
    end: SupervisorEnd,
    outbox: Outbox,
    /// The begin of an outcome whose end has not come.
    partial: Vec<u8>,
    /// The handshake's deadline; `None` once it is done.
    handshake: Option<Duration>,
    /// Why we killed it, if we did for something it wrote.
    violation: Option<Violation>,
    /// Something in the ring or the claim word has moved since we last looked whether to ring.
    owes_ring: bool,
}

impl Link {
    /// A worker that was just started.
    pub(super) fn new(child: Child, socket: OwnedFd, end: SupervisorEnd, now: Duration) -> Self {
        Self {
            child,
            socket,
            end,
            outbox: Outbox::default(),
            partial: Vec::new(),
            handshake: Some(now + HANDSHAKE),
            violation: None,
            owes_ring: false,
        }
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.pid()
    }

    /// Readable once the process has ended.
    #[must_use]
    pub fn death(&self) -> BorrowedFd<'_> {
        self.child.as_fd()
    }

    /// Readable when the worker has rung, or shaken hands.
    #[must_use]
    pub fn bell(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// When the handshake must be done.
    #[must_use]
    pub fn handshake_deadline(&self) -> Option<Duration> {
        self.handshake
    }

    /// Whether it was killed for something it wrote; it then is only waited for.
    #[must_use]
    pub fn is_condemned(&self) -> bool {
        self.violation.is_some()
    }

    /// Kills the worker and all of its group for something it wrote.
    pub fn condemn(&mut self, violation: Violation) {
        self.violation.get_or_insert(violation);
        self.child.kill_group(Kill::Kill);
    }

    /// Sends a signal to the worker and all of its group.
    pub fn kill(&self, kill: Kill) {
        self.child.kill_group(kill);
    }

    /// Reads what lies in the socket.
    pub fn listen(&mut self) -> News {
        let mut news = News::Nothing;
        let mut message = [0; 4096];
        for _ in 0..MESSAGES {
            match socket::receive_now(&self.socket, &mut message) {
                Ok(Received::Message(length)) if self.handshake.is_some() => {
                    match wire::decode(&message[..length]) {
                        Ok(FromWorker::Ready { protocol: PROTOCOL, pid }) if pid == self.pid() => {
                            self.handshake = None;
                            news = News::Ready;
                        }
                        // It has said on stderr why, or makes no sense; either way it is of no use.
                        _ => self.child.kill_group(Kill::Kill),
                    }
                }
                Ok(Received::Message(_)) => {}
                // Of the end, the process handle tells too, and how.
                Ok(Received::Nothing | Received::Gone) | Err(_) => break,
            }
        }
        news
    }

    /// Puts a lease behind those the worker has.
    pub fn lease(&mut self, piece: Piece<'_>, attempt: u32) {
        if self.violation.is_some() {
            return;
        }
        match self.outbox.put(piece, attempt, &mut self.end) {
            Ok(moved) => self.owes_ring |= moved,
            Err(violation) => self.condemn(violation),
        }
    }

    /// Moves leases into the ring as far as there is room.
    ///
    /// # Errors
    /// The worker has scribbled over its words.
    pub fn pump(&mut self) -> Result<(), Violation> {
        if !self.outbox.is_empty() {
            self.owes_ring |= self.outbox.pump(&mut self.end)?;
        }
        Ok(())
    }

    /// Takes back about `items` of what the worker has not begun; how many it got, possibly none.
    ///
    /// # Errors
    /// The worker has scribbled over its words.
    pub fn take_back(&mut self, items: u64) -> Result<u64, Violation> {
        let mut taken = self.outbox.take_back(items);
        if taken < items && self.outbox.is_empty() {
            let wanted = u32::try_from(items - taken).unwrap_or(u32::MAX);
            taken += u64::from(self.end.grants.take_back(wanted)?);
        }
        Ok(taken)
    }

    /// Copies what the worker has published out of the ring: appends complete outcomes to `outcomes`, and says
    /// how many items they are, at most `outstanding`.
    ///
    /// # Errors
    /// What it has published cannot be right.
    pub fn drain(&mut self, outstanding: u64, outcomes: &mut Vec<u8>) -> Result<u64, Violation> {
        let fresh = self.end.uplink.look()?;
        if fresh.bytes == 0 {
            return if fresh.items == 0 { Ok(0) } else { Err(Violation::Framing) };
        }
        let items = u64::from(fresh.items);
        if items > outstanding {
            return Err(Violation::ItemCount);
        }
        if items == 0 {
            self.end.uplink.pull(fresh.bytes, &mut self.partial);
            if self.partial.len() > MAX_RESULT {
                return Err(Violation::ResultSize);
            }
        } else {
            outcomes.append(&mut self.partial);
            let start = outcomes.len();
            self.end.uplink.pull(fresh.bytes, outcomes);
            // Behind the last complete outcome, the begin of one that is too large for the ring.
            let whole =
                memchr::memrchr(b'\n', &outcomes[start..]).map_or(start, |at| start + at + 1);
            self.partial.extend_from_slice(&outcomes[whole..]);
            outcomes.truncate(whole);
        }
        self.end.uplink.release();
        self.owes_ring = true;
        Ok(items)
    }

    /// Wakes the worker if it sleeps and something has changed for it.
    pub fn ring(&mut self) {
        if std::mem::take(&mut self.owes_ring) && self.end.waker.must_ring(true) {
            // A full socket wakes it as well; a closed one is a death, told elsewhere.
            let _ = socket::send_now(&self.socket, &DOORBELL);
        }
    }

    /// Says that we are about to sleep so deep; whether something has come, before the worker could see it, for
    /// which we would have been rung: results, or room for what waits in the outbox.
    ///
    /// # Errors
    /// As [`Link::drain`].
    pub fn announce(&mut self, depth: Depth) -> Result<bool, Violation> {
        self.end.sleeper.announce(depth);
        let fresh = self.end.uplink.look()?;
        let has_news = fresh.bytes > 0 || self.outbox.can_move(&mut self.end)?;
        Ok(match depth {
            Depth::Sleep => has_news,
            Depth::Nap => {
                let is_filling_up = fresh.bytes > self.end.uplink.capacity() / 2;
                is_filling_up || (has_news && self.end.waker.is_asleep())
            }
        })
    }

    /// Says that we are awake.
    pub fn rise(&self) {
        self.end.sleeper.rise();
    }

    /// How the worker ended, if it has. From here on nothing of its group lives, and what it has committed
    /// still lies in the ring.
    pub fn post_mortem(&mut self) -> Option<Death> {
        let death = self.child.has_ended()?;
        // While the leader is an unreaped zombie, its group's number is nobody else's.
        self.child.kill_group(Kill::Kill);
        Some(self.violation.map_or(death, Death::Protocol))
    }
}

/// No worker outlives its link, and no zombie does.
impl Drop for Link {
    fn drop(&mut self) {
        self.child.kill_group(Kill::Kill);
        self.child.reap();
    }
}
