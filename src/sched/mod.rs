//! Who gets which items, when to start, kill and give up. Pure: no clock, no process, no payload; a step takes
//! what happened and what time it is, and says what to do. `README.md` beside this file has the states and
//! the proof that every index is settled exactly once.

mod cancel;
mod cost;
mod deaths;
mod dispatch;
mod halt;
mod holes;
mod median;
pub mod policy;
mod restart;
mod retry;
mod scheduler;
mod slot;
mod timing;

pub use halt::{Counted, Halt, HaltError, Threshold, When};
pub use policy::{ChunkSize, Policy, TimeLimit, Window};
pub use retry::{Classes, ClassesError, Delay};
pub use scheduler::Scheduler;

use std::time::Duration;

use crate::error::{Cause, Class, Death};
use crate::ids::{Index, Slot};

/// Time since the run began.
pub type Now = Duration;

/// Which items are alike in what they cost; of a run with one task, all of them.
pub type Kind = u32;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The source has so many further items.
    Arrived {
        /// How many.
        items: u64,
        /// What they are: items of one kind cost about the same. Of another kind than those that arrived before, only
        /// when all of those have been handed out.
        kind: Kind,
    },
    /// The source has so many further items that an earlier run has settled.
    Passed {
        /// How many.
        items: u64,
    },
    /// The source has no further items.
    Ended,
    /// The slot's worker has finished its handshake.
    Ready {
        /// Whose.
        slot: Slot,
    },
    /// The slot's worker has committed its next `items` items.
    Committed {
        /// Whose.
        slot: Slot,
        /// How many: at most [`Scheduler::outstanding`].
        items: u64,
        /// How many of them are not wanted, so that they are no successes. Need not be told unless
        /// [`Scheduler::minds_errors`].
        dropped: u64,
    },
    /// The slot's worker has committed its next item, and its outcome is an error. Need not be told apart from
    /// the others unless [`Scheduler::minds_errors`].
    Erred {
        /// Whose.
        slot: Slot,
    },
    /// A part of an outcome has come from the slot's worker, as much as it could send: it does not run that item any
    /// more, but has waited for us to take it.
    Heard {
        /// Whose.
        slot: Slot,
    },
    /// What the slot's worker needs for its items has started, and it has begun with the first of them only now.
    Begun {
        /// Whose.
        slot: Slot,
    },
    /// Nobody was looking for so long: what workers have done meanwhile was not seen, and what they waited for was
    /// not done.
    Unwatched {
        /// How long.
        time: Duration,
    },
    /// The slot's worker has given up so many of its last items; the answer to [`Action::TakeBack`].
    TakenBack {
        /// Whose.
        slot: Slot,
        /// How many, possibly none.
        items: u64,
    },
    /// The slot's worker has done what no correct one does and is being killed: it must get nothing more, or an
    /// item that it never saw would be blamed for its death.
    Condemned {
        /// Whose.
        slot: Slot,
    },
    /// The slot's worker is dead, and what it had committed has been told.
    Died {
        /// Whose.
        slot: Slot,
        /// How.
        death: Death,
        /// How many of its first items it had claimed and not committed: the block it was in the middle of.
        begun: u64,
    },
    /// No worker could be started for the slot.
    SpawnFailed {
        /// Whose.
        slot: Slot,
    },
    /// Nobody wants this item any more: it fails at once, or when it has come back from a worker who has not begun it, or
    /// when whoever runs it is dead.
    Cancel {
        /// Which; one that is settled does not matter.
        index: Index,
    },
    /// Every index below this one has been delivered.
    Delivered {
        /// The first undelivered index.
        next: Index,
    },
    /// Whether so many bytes wait for delivery that nothing further should be started.
    Congested(bool),
    /// Everything that happened in this turn has been told: hand out work, look at the time.
    Turn,
    /// Start nothing any more.
    Stop,
}

/// Something to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Start a worker in this slot.
    Spawn {
        /// Where.
        slot: Slot,
    },
    /// Give items to the slot's worker, behind those it has.
    Lease {
        /// To whom.
        slot: Slot,
        /// The first item.
        first: Index,
        /// How many: at least 1, at most [`u32::MAX`].
        items: u64,
        /// How often they were started before.
        attempt: u32,
        /// Whether it must run them one by one, since a worker died in a block that held them.
        singly: bool,
    },
    /// Take back some of the items that the slot's worker has not begun, the last ones.
    TakeBack {
        /// From whom.
        slot: Slot,
        /// About how many; more where they were sent in one piece.
        items: u64,
    },
    /// The next outcomes that the slot's worker has committed are those of these items.
    Settle {
        /// Whose.
        slot: Slot,
        /// The first item.
        first: Index,
        /// How many.
        items: u64,
        /// How often each of them was started.
        attempts: u32,
    },
    /// This item has no result, for good.
    Fail {
        /// Who had it last.
        slot: Slot,
        /// The item.
        index: Index,
        /// Why.
        cause: Cause,
        /// How often it was started.
        attempts: u32,
    },
    /// An item that has failed will be run again, alone. If it follows from [`Input::Erred`], its outcome is to be
    /// thrown away.
    Retry {
        /// Who had it.
        slot: Slot,
        /// The item.
        index: Index,
        /// How often it was started.
        attempts: u32,
        /// What kind of failure it was.
        class: Class,
    },
    /// The slot's worker, which has nothing in its hands, has run as many items as it may: end it. The slot is free
    /// for its successor at once.
    Retire {
        /// Whose.
        slot: Slot,
    },
    /// Kill the slot's worker and everything it has started.
    Kill {
        /// Whose.
        slot: Slot,
    },
    /// No worker lives long enough to do anything: end the run.
    GiveUp {
        /// How many died in a row.
        deaths: u32,
        /// How the last one died; `None`: it could not even be started.
        last: Option<Death>,
    },
    /// Every item is settled and there will be no more; or the run was halted and nobody runs anything.
    Finish,
    /// End the run here and now, as [`Halt`] asks for.
    Halt,
}

#[cfg(test)]
mod tests;
