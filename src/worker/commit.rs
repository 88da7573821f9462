//! Outcomes up the ring: whole ones where they fit, pieces of one that is larger than the room there is.

use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::serve::Stop;
use crate::call::Outcomes;
use crate::shm::{Depth, WorkerEnd};
use crate::sys::failpoint;
use crate::sys::socket::{self, Received};
use crate::wire::{self, DOORBELL, FromWorker};

/// Our end of the segment, with the means to wait for the other.
pub(super) struct Link {
    pub(super) end: WorkerEnd,
    socket: OwnedFd,
    spins: u32,
}

impl Link {
    pub(super) fn new(end: WorkerEnd, socket: OwnedFd, spins: u32) -> Self {
        Self { end, socket, spins }
    }

    /// Commits all of `outcomes`, and empties it.
    pub(super) fn commit(&mut self, outcomes: &mut Outcomes) -> Result<(), Stop> {
        let (bytes, ends) = (outcomes.bytes(), outcomes.ends());
        let (mut from, mut done) = (0, 0);
        while done < ends.len() {
            let room = self.end.uplink.room(bytes.len() - from)?;
            // As many whole outcomes as fit; of one that does not, as much as fits.
            let whole = ends[done..].partition_point(|end| end.at - from <= room);
            let to = match whole {
                0 => from + room.min(ends[done].at - from),
                n => ends[done + n - 1].at,
            };
            failpoint::pass("evaluated");
            self.end.uplink.push(&bytes[from..to]);
            failpoint::pass("pushed");
            let items = ends[done..done + whole].iter().map(|end| end.items).sum();
            self.end.uplink.publish(items);
            failpoint::pass("committed");
            (from, done) = (to, done + whole);
            let is_stuck = done < ends.len();
            let urgent = is_stuck || self.end.uplink.is_filling_up()?;
            self.ring(urgent)?;
            if is_stuck {
                self.wait(|end| Ok(end.uplink.room(1)? > 0))?;
            }
        }
        outcomes.clear();
        Ok(())
    }

    /// Wakes the supervisor if it sleeps; from a nap, if it is `urgent`.
    pub(super) fn ring(&mut self, urgent: bool) -> Result<(), Stop> {
        if self.end.waker.must_ring(urgent) {
            failpoint::pass("bell");
            // Refused only if the supervisor is gone, or has so many unread messages that it is awake.
            socket::send_now(&self.socket, &DOORBELL)?;
        }
        Ok(())
    }

    /// Readable when the supervisor has rung, or is gone.
    pub(super) fn socket(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }

    /// Says that we are about to sleep, and want to be rung for. What we wait for must be looked for once more then.
    pub(super) fn announce(&self) {
        self.end.sleeper.announce(Depth::Sleep);
        failpoint::pass("asleep");
    }

    /// Says that we are awake.
    pub(super) fn rise(&self) {
        self.end.sleeper.rise();
    }

    /// Takes note that the supervisor has rung.
    ///
    /// # Errors
    /// It wants no more, or is gone.
    pub(super) fn hear_bell(&self) -> Result<(), Stop> {
        let mut message = [0; DOORBELL.len()];
        loop {
            match socket::receive_now(&self.socket, &mut message)? {
                Received::Message(_) => {}
                Received::Nothing => return Ok(()),
                Received::Gone => return Err(Stop),
            }
        }
    }

    /// Says more than a bell can.
    ///
    /// # Errors
    /// The supervisor is gone.
    pub(super) fn say(&self, message: &FromWorker) -> Result<(), Stop> {
        let message = wire::encode(message).map_err(|_| Stop)?;
        Ok(socket::send_wait(&self.socket, &message)?)
    }

    /// Sleeps until `is_there` says that what is waited for is there.
    pub(super) fn wait(
        &mut self,
        mut is_there: impl FnMut(&mut WorkerEnd) -> Result<bool, Stop>,
    ) -> Result<(), Stop> {
        for _ in 0..self.spins {
            if is_there(&mut self.end)? {
                return Ok(());
            }
            std::hint::spin_loop();
        }
        loop {
            self.announce();
            if is_there(&mut self.end)? {
                self.rise();
                return Ok(());
            }
            // Whatever we wait for, the supervisor has to do something for it, and may wait for the room of what that look
            // has taken: of a large lease, every look takes a part.
            self.ring(true)?;
            let mut message = [0; DOORBELL.len()];
            if socket::receive_wait(&self.socket, &mut message)? == Received::Gone {
                return Err(Stop);
            }
        }
    }
}

#[cfg(test)]
mod tests;
