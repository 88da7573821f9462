//! A worker as its supervisor sees it: a process, a socket, a segment.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::sync::Arc;
use std::time::Duration;

use super::intake::Intake;
use super::limits::Limits;
use super::outbox::Outbox;
use crate::error::{Death, Violation};
use crate::shm::{Depth, SupervisorEnd};
use crate::source::Piece;
use crate::sys::failpoint;
use crate::sys::process::{Child, Kill};
use crate::sys::socket::{self, Received};
use crate::wire::{self, DOORBELL, Encoding, FromWorker, PROTOCOL};

/// Messages that are read from a worker in one turn; one that floods us waits for the next.
const MESSAGES: usize = 16;

/// Characters of a worker's last words that are shown.
const LONGEST_REFUSAL: usize = 300;

/// What a look at a worker's socket brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing but doorbells.
    Nothing,
    /// The handshake is done.
    Ready,
    /// Its program, which was starting until now, has begun with its first item.
    Begun,
}

/// How far a worker is, as its socket tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// Its handshake must be done by then.
    Starting(Duration),
    /// The handshake is done.
    Attached,
    /// The socket is closed, and the process must be dead by then.
    HungUp(Duration),
    /// It was told to end, and must be dead by then.
    Dismissed(Duration),
}

/// One worker, from its start to its burial.
pub struct Link {
    child: Child,
    socket: Arc<OwnedFd>,
    end: SupervisorEnd,
    outbox: Outbox,
    intake: Intake,
    limits: Limits,
    stage: Stage,
    /// Its program has begun with its first item, as it says itself.
    has_begun: bool,
    /// How it ended, as it says itself: what its end as a process cannot tell.
    last_words: Option<Death>,
    /// Why we killed it, if we did for something it wrote.
    violation: Option<Violation>,
    /// Something in the ring or the claim word has moved since we last looked whether to ring.
    owes_ring: bool,
    /// What it says of its program is heard, as it keeps one.
    has_program: bool,
}

impl Link {
    /// A worker that was just started.
    pub(super) fn new(
        child: Child,
        socket: OwnedFd,
        end: SupervisorEnd,
        encoding: Encoding,
        limits: Limits,
        now: Duration,
    ) -> Self {
        Self {
            child,
            socket: Arc::new(socket),
            end,
            outbox: Outbox::default(),
            intake: Intake::new(encoding),
            limits,
            stage: Stage::Starting(now + limits.handshake),
            has_begun: false,
            last_words: None,
            violation: None,
            owes_ring: false,
            has_program: false,
        }
    }

    /// Whether the worker keeps a program for its items. Nobody else has anything to say after the handshake.
    pub(super) fn with_program(mut self, has_program: bool) -> Self {
        self.has_program = has_program;
        self
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

    /// Readable when the worker has rung, or shaken hands. `None` once its other end is closed: that would be
    /// readable for ever.
    #[must_use]
    pub fn bell(&self) -> Option<BorrowedFd<'_>> {
        (!matches!(self.stage, Stage::HungUp(_))).then(|| self.socket.as_fd())
    }

    /// The same, for whoever watches it while others use the link.
    #[must_use]
    pub fn bell_handle(&self) -> Option<Arc<OwnedFd>> {
        (!matches!(self.stage, Stage::HungUp(_))).then(|| self.socket.clone())
    }

    /// As [`Link::death`], for whoever watches it while others use the link.
    #[must_use]
    pub fn death_handle(&self) -> Arc<OwnedFd> {
        self.child.handle()
    }

    /// When [`Link::check_deadline`] must be called at the latest.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        match self.stage {
            Stage::Starting(deadline) | Stage::HungUp(deadline) | Stage::Dismissed(deadline)
                if !self.is_condemned() =>
            {
                Some(deadline)
            }
            _ => None,
        }
    }

    /// Kills a worker that has not shaken hands in time, or lives on after it hung up, or was dismissed.
    pub fn check_deadline(&mut self, now: Duration) {
        if self.deadline().is_some_and(|deadline| now >= deadline) {
            self.condemn(match self.stage {
                Stage::Starting(_) => Violation::Handshake,
                Stage::Attached | Stage::HungUp(_) | Stage::Dismissed(_) => Violation::HungUp,
            });
        }
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

    /// Tells the worker that nothing more will come, and to end by itself before `deadline`; until then it may commit.
    pub fn dismiss(&mut self, deadline: Duration) {
        socket::end_sending(&*self.socket);
        if !matches!(self.stage, Stage::HungUp(_)) {
            self.stage = Stage::Dismissed(deadline);
        }
    }

    /// Reads what lies in the socket.
    pub fn listen(&mut self, now: Duration) -> News {
        failpoint::pass("listen");
        let mut news = News::Nothing;
        let mut is_gone = false;
        let mut message = [0; 4096];
        for _ in 0..MESSAGES {
            match socket::receive_now(&*self.socket, &mut message) {
                Ok(Received::Message(length)) if matches!(self.stage, Stage::Starting(_)) => {
                    match wire::decode(&message[..length]) {
                        Ok(FromWorker::Ready { protocol: PROTOCOL, pid }) if pid == self.pid() => {
                            failpoint::pass("welcomed");
                            self.stage = Stage::Attached;
                            news = News::Ready;
                        }
                        // Its end follows; what it says goes on a screen.
                        Ok(FromWorker::Refused(reason)) => {
                            let plain =
                                reason.chars().map(|c| if c.is_control() { ' ' } else { c });
                            let plain = plain.take(LONGEST_REFUSAL).collect();
                            self.last_words = Some(Death::Refused(plain));
                        }
                        _ => self.condemn(Violation::Handshake),
                    }
                }
                Ok(Received::Message(length))
                    if self.has_program && message[..length] != DOORBELL =>
                {
                    match wire::decode(&message[..length]) {
                        Ok(FromWorker::Parting(parting)) => {
                            self.last_words = Some(parting.into_death());
                        }
                        // More than once, it would be more time for an item that has had its time.
                        Ok(FromWorker::Begun) if !self.has_begun => {
                            self.has_begun = true;
                            news = News::Begun;
                        }
                        _ => {}
                    }
                }
                Ok(Received::Message(_)) => {}
                Ok(Received::Nothing) => break,
                Ok(Received::Gone) | Err(_) => {
                    is_gone = true;
                    break;
                }
            }
        }
        // Of a death, the process handle will tell, and how.
        if is_gone && !matches!(self.stage, Stage::HungUp(_)) {
            let hung_up = now + self.limits.hang_up;
            self.stage = Stage::HungUp(match self.stage {
                Stage::Dismissed(deadline) => deadline.min(hung_up),
                _ => hung_up,
            });
        }
        news
    }

    /// Puts a lease behind those the worker has.
    pub fn lease(&mut self, piece: Piece<'_>, attempt: u32, singly: bool) {
        if self.violation.is_some() {
            return;
        }
        match self.outbox.put(piece, attempt, singly, &mut self.end) {
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

    /// Takes back about `items` of the `outstanding` items, such as the worker has not begun; how many it
    /// got, possibly none.
    ///
    /// # Errors
    /// The worker has scribbled over its words.
    pub fn take_back(&mut self, items: u64, outstanding: u64) -> Result<u64, Violation> {
        failpoint::pass("take_back");
        self.check_claims(outstanding)?;
        let mut taken = self.outbox.take_back(items);
        if taken < items && self.outbox.is_empty() {
            let wanted = u32::try_from(items - taken).unwrap_or(u32::MAX);
            taken += u64::from(self.end.grants.take_back(wanted)?);
        }
        Ok(taken)
    }

    /// Checks the claim word against what is `outstanding`. A worker that commits what it has not claimed would
    /// otherwise wait with us, for a grant that is made once everything before it is claimed.
    ///
    /// # Errors
    /// More is unclaimed than is outstanding, or the word makes no sense.
    pub fn check_claims(&mut self, outstanding: u64) -> Result<(), Violation> {
        let granted = outstanding.saturating_sub(self.outbox.items());
        // What is outstanding was counted before: since then, a correct worker can only have claimed.
        if u64::from(self.end.grants.unclaimed()?) > granted {
            return Err(Violation::Claim);
        }
        Ok(())
    }

    /// How many of the `outstanding` items it had claimed: those it was in the middle of. 0 if the claim word makes
    /// no sense.
    pub fn begun(&mut self, outstanding: u64) -> u64 {
        let unclaimed = self.end.grants.unclaimed().map_or(u64::MAX, u64::from);
        outstanding.saturating_sub(self.outbox.items()).saturating_sub(unclaimed)
    }

    /// Copies what the worker has published out of the ring: appends complete outcomes to `outcomes`, and says
    /// how many items they are, at most `outstanding`. 0 stands for a part of an outcome, so large that the worker
    /// could only wait for us to take it; `None` for nothing, or next to nothing.
    ///
    /// # Errors
    /// What it has published cannot be right.
    pub fn drain(
        &mut self,
        outstanding: u64,
        outcomes: &mut Vec<u8>,
    ) -> Result<Option<u64>, Violation> {
        // What it was not granted yet it cannot have run, even if it is to run it.
        let granted = outstanding.saturating_sub(self.outbox.items());
        let before = self.intake.begun();
        let drained = self.intake.drain(&mut self.end, granted, self.limits.result, outcomes)?;
        let Some(items) = drained else { return Ok(None) };
        self.owes_ring = true;
        // Less than that is no reason to wait, but what somebody trickles who never comes to an end.
        let has_waited =
            self.intake.begun().saturating_sub(before) > self.end.uplink.capacity() / 2;
        Ok((items > 0 || has_waited).then_some(items))
    }

    /// Wakes the worker if it sleeps and something has changed for it.
    pub fn ring(&mut self) {
        if std::mem::take(&mut self.owes_ring) && self.end.waker.must_ring(true) {
            failpoint::pass("doorbell");
            // A full socket wakes it as well; a closed one is a death, told elsewhere.
            let _ = socket::send_now(&*self.socket, &DOORBELL);
        }
    }

    /// Wakes the worker, whatever it says of its sleep.
    pub fn nudge(&self) {
        let _ = socket::send_now(&*self.socket, &DOORBELL);
    }

    /// Says that we are about to sleep so deep; whether something has come, before the worker could see it, for
    /// which we would have been rung: results, or room for what waits in the outbox.
    ///
    /// # Errors
    /// As [`Link::drain`].
    pub fn announce(&mut self, depth: Depth) -> Result<bool, Violation> {
        self.end.sleeper.announce(depth);
        failpoint::pass("announce");
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
        failpoint::pass("post_mortem");
        // While the leader is an unreaped zombie, its group's number is nobody else's.
        self.child.kill_group(Kill::Kill);
        let death = self.violation.map_or(death, Death::Protocol);
        Some(match (death, self.last_words.take()) {
            (Death::Exit(_), Some(words)) => words,
            (death, _) => death,
        })
    }
}

/// No worker outlives its link, and no zombie does.
impl Drop for Link {
    fn drop(&mut self) {
        self.child.kill_group(Kill::Kill);
        self.child.reap();
    }
}
