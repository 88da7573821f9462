//! The loop of a worker: take a lease, claim a block of it, evaluate, commit.

use std::io;

use super::attach::Attached;
use super::commit::{Link, Outcomes};
use super::evaluate::{Evaluation, Items};
use super::inbox::Inbox;
use super::pace::Pace;
use super::panic;
use crate::error::Violation;
use crate::shm::Claimed;
use crate::wire::{Lease, Payload};

/// The supervisor is gone, or no longer makes sense: nothing is left to do.
pub(super) struct Stop;

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl From<Violation> for Stop {
    fn from(_: Violation) -> Self {
        Self
    }
}

/// Works until the supervisor goes away.
pub fn serve(attached: Attached) {
    panic::remember();
    let Attached { end, socket, welcome } = attached;
    let mut server = Server {
        link: Link::new(end, socket, welcome.spins),
        inbox: Inbox::default(),
        pace: Pace::new(welcome.task.is_pure() && !welcome.one_by_one),
        evaluation: Evaluation::new(welcome.task.compile()),
        outcomes: Outcomes::default(),
    };
    let mut text = Vec::new();
    while let Ok(lease) = server.next_lease(&mut text) {
        if server.run(&lease, &text).is_err() {
            break;
        }
    }
}

struct Server {
    link: Link,
    inbox: Inbox,
    pace: Pace,
    evaluation: Evaluation,
    outcomes: Outcomes,
}

impl Server {
    fn next_lease(&mut self, text: &mut Vec<u8>) -> Result<Lease, Stop> {
        let mut lease = self.inbox.poll(&mut self.link.end, text)?;
        if lease.is_none() {
            let inbox = &mut self.inbox;
            self.link.wait(|end| {
                lease = inbox.poll(end, text)?;
                Ok(lease.is_some())
            })?;
        }
        lease.ok_or(Stop)
    }

    /// Runs what is ours of a lease.
    fn run(&mut self, lease: &Lease, text: &[u8]) -> Result<(), Stop> {
        let mut items = match lease.payload {
            Payload::Range { start, step } => Items::Range { next: start, step },
            Payload::Lines { .. } => Items::Lines(text),
        };
        let end = lease.sequence.wrapping_add(lease.items);
        let mut next = lease.sequence;
        while next != end {
            match self.link.end.claims.claim(next, end, self.pace.block()) {
                Claimed::Items(count) => {
                    let (evaluation, outcomes) = (&mut self.evaluation, &mut self.outcomes);
                    let done = next.wrapping_sub(lease.sequence);
                    let first = lease.first.wrapping_add(done.into());
                    self.pace.timed(count, || evaluation.run(&mut items, first, count, outcomes));
                    self.link.commit(outcomes)?;
                    next = next.wrapping_add(count);
                }
                Claimed::Nothing => {
                    // Not granted yet, or taken back. A lease is sent only when the one before it has been
                    // granted: if there is more in the ring, the rest of this one was taken back for good.
                    let mut is_superseded = false;
                    self.link.wait(|end| {
                        is_superseded = end.downlink.look()?.bytes > 0;
                        Ok(is_superseded || end.claims.any_granted())
                    })?;
                    if is_superseded && !self.link.end.claims.any_granted() {
                        break;
                    }
                }
                Claimed::LeaseIsOver => break,
            }
        }
        Ok(())
    }
}
