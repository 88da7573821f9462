//! The loop of a worker: take a lease, claim a block of it, evaluate, commit.

use std::io;

use super::attach::Attached;
use super::commit::Link;
use super::evaluate::{self, Evaluation};
use super::inbox::Inbox;
use super::pace::Pace;
use super::programs::Programs;
use crate::call::{self, Outcomes, Program, remember_panics};
use crate::error::Violation;
use crate::shm::Claimed;
use crate::wire::{Call, Lease, Payload, Work};

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
    remember_panics();
    let Attached { end, socket, welcome } = attached;
    let (hands, in_blocks) = match welcome.work {
        Work::Expression(task) => {
            let is_pure = task.is_pure();
            (Hands::Expression(Box::new(Evaluation::new(task.compile()))), is_pure)
        }
        Work::Functions { .. } => (Hands::Functions(Programs::default()), true),
    };
    let mut server = Server {
        link: Link::new(end, socket, welcome.spins),
        inbox: Inbox::default(),
        pace: Pace::new(in_blocks && !welcome.one_by_one),
        hands,
        outcomes: Outcomes::default(),
    };
    let mut text = Vec::new();
    while let Ok(lease) = server.next_lease(&mut text) {
        if server.run(&lease, &text).is_err() {
            break;
        }
    }
}

/// What the work is done with.
enum Hands {
    Expression(Box<Evaluation>),
    Functions(Programs),
}

/// A lease's items, with what does them.
enum Batch<'a> {
    Expression(&'a mut Evaluation, evaluate::Items<'a>),
    Function(&'a mut (dyn Program + 'static), call::Items<'a>),
}

impl Hands {
    /// # Errors
    /// The lease is none for a worker of this kind.
    fn take<'a>(&'a mut self, lease: &Lease, text: &'a [u8]) -> Result<Batch<'a>, Stop> {
        use evaluate::Items;
        match (self, lease.payload) {
            (Self::Expression(evaluation), Payload::Range { start, step }) => {
                Ok(Batch::Expression(evaluation, Items::Range { next: start, step }))
            }
            (Self::Expression(evaluation), Payload::Lines { .. }) => {
                Ok(Batch::Expression(evaluation, Items::Lines(text)))
            }
            (Self::Functions(programs), Payload::Call { .. }) => {
                let call = Call::parse(text).ok_or(Stop)?;
                let program = programs.prepare(&call).ok_or(Stop)?;
                Ok(Batch::Function(program, Programs::items(&call)))
            }
            _ => Err(Stop),
        }
    }
}

impl Batch<'_> {
    /// Does the next `count` items.
    fn run(&mut self, count: u32, outcomes: &mut Outcomes) {
        match self {
            Self::Expression(evaluation, items) => evaluation.run(items, count, outcomes),
            Self::Function(program, items) => program.run(items, count, outcomes),
        }
    }
}

struct Server {
    link: Link,
    inbox: Inbox,
    pace: Pace,
    hands: Hands,
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
        let mut batch = self.hands.take(lease, text)?;
        let end = lease.sequence.wrapping_add(lease.items);
        let mut next = lease.sequence;
        while next != end {
            let block = if lease.singly { 1 } else { self.pace.block() };
            match self.link.end.claims.claim(next, end, block) {
                Claimed::Items(count) => {
                    let outcomes = &mut self.outcomes;
                    self.pace.timed(count, || batch.run(count, outcomes));
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
