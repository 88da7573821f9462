//! Outcomes up the ring: whole items where they fit, pieces of one that is larger than the room there is.

use std::os::fd::OwnedFd;

use super::serve::Stop;
use crate::shm::{Depth, WorkerEnd};
use crate::sys::socket::{self, Received};
use crate::task::Lanes;
use crate::value::format;
use crate::wire::DOORBELL;

/// Outcomes of items that are not committed yet.
#[derive(Default)]
pub(super) struct Outcomes {
    /// One line an item.
    pub(super) bytes: Vec<u8>,
    /// Where each item's line ends in `bytes`.
    ends: Vec<usize>,
}

impl Outcomes {
    /// Adds these results, one item each.
    pub(super) fn push(&mut self, results: Lanes<'_>) {
        match results {
            Lanes::Ints(results) => {
                let ends = &mut self.ends;
                format::int_lines(results, &mut self.bytes, |end| ends.push(end));
            }
            Lanes::Bools(results) => {
                for result in results {
                    let text: &[u8] = if *result != 0 { b"True\n" } else { b"False\n" };
                    self.bytes.extend_from_slice(text);
                    self.end_item();
                }
            }
            Lanes::Floats(results) => {
                for result in results {
                    format::float(*result, &mut self.bytes);
                    self.bytes.push(b'\n');
                    self.end_item();
                }
            }
        }
    }

    /// Ends the current item's line here.
    pub(super) fn end_item(&mut self) {
        self.ends.push(self.bytes.len());
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }
}

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
        let (bytes, ends) = (&outcomes.bytes, &outcomes.ends);
        let (mut from, mut items) = (0, 0);
        while items < ends.len() {
            let room = self.end.uplink.room(bytes.len() - from)?;
            // As many whole items as fit; of one that does not, as much as fits.
            let whole = ends[items..].partition_point(|end| end - from <= room);
            let to = match whole {
                0 => from + room.min(ends[items] - from),
                n => ends[items + n - 1],
            };
            self.end.uplink.push(&bytes[from..to]);
            self.end.uplink.publish(u32::try_from(whole).expect("a block is small"));
            (from, items) = (to, items + whole);
            let is_stuck = items < ends.len();
            let urgent = is_stuck || self.end.uplink.is_filling_up()?;
            self.ring(urgent)?;
            if is_stuck {
                self.wait(|end| Ok(end.uplink.room(1)? > 0))?;
            }
        }
        outcomes.clear();
        Ok(())
    }

    fn ring(&mut self, urgent: bool) -> Result<(), Stop> {
        if self.end.waker.must_ring(urgent) {
            // Refused only if the supervisor is gone, or has so many unread messages that it is awake.
            socket::send_now(&self.socket, &DOORBELL)?;
        }
        Ok(())
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
        // Whatever we wait for, the supervisor has to do something for it.
        self.ring(true)?;
        loop {
            self.end.sleeper.announce(Depth::Sleep);
            if is_there(&mut self.end)? {
                self.end.sleeper.rise();
                return Ok(());
            }
            let mut message = [0; DOORBELL.len()];
            if socket::receive_wait(&self.socket, &mut message)? == Received::Gone {
                return Err(Stop);
            }
        }
    }
}
