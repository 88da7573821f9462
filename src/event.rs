//! What happens in a run, told to whoever listens. Everything that is shown is made from these.

use std::time::Duration;

use crate::error::{Cause, Class, Death, Failure};
use crate::ids::{Generation, Index, Slot};

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event<'a> {
    /// The source has so many items, counted from the first.
    Arrived {
        /// All items so far.
        total: u64,
        /// Whether these are all.
        ended: bool,
    },
    /// A worker process was started.
    Spawned {
        /// Where.
        slot: Slot,
        /// Which one of this slot.
        generation: Generation,
        /// Its process id.
        pid: u32,
    },
    /// No worker could be started.
    SpawnFailed {
        /// Where.
        slot: Slot,
        /// Why not.
        reason: &'a str,
    },
    /// A worker's handshake is done.
    Ready {
        /// Where.
        slot: Slot,
        /// Its process id.
        pid: u32,
    },
    /// A worker has items in its hands (true), or no more (false).
    Busy {
        /// Whose.
        slot: Slot,
        /// Which of the two.
        busy: bool,
    },
    /// A worker died, or was killed by us for a reason that was told before.
    Died {
        /// Where.
        slot: Slot,
        /// Its process id.
        pid: u32,
        /// How.
        death: &'a Death,
        /// Items in its hands that it had not committed.
        lost: u64,
    },
    /// An item that has failed is to be run again, alone.
    Retried {
        /// Who had it.
        slot: Slot,
        /// The process id of that worker.
        pid: u32,
        /// The item.
        index: Index,
        /// How often it was started.
        attempts: u32,
        /// What kind of failure it was.
        class: Class,
        /// Since when it had run.
        since: Duration,
    },
    /// An item was run, and how that ended. Told only if somebody [wants](Listener::wants_attempts) it.
    Attempted(Attempt<'a>),
    /// The run goes on with an earlier one.
    Resumed {
        /// Items that are done with, failures included.
        settled: u64,
        /// Items that have failed.
        failed: u64,
        /// Items whose results may have been written before the earlier run was killed, and are written now: the first
        /// of them, and the last.
        doubtful: Option<(Index, Index)>,
        /// The file of results had lost some of them, which are made again.
        lost_output: bool,
    },
    /// A worker has run as many items as it may, and makes room for another.
    Retired {
        /// Where.
        slot: Slot,
        /// Its process id.
        pid: u32,
    },
    /// An item ran too long, and its worker is killed.
    TimedOut {
        /// Whose.
        slot: Slot,
        /// Its process id.
        pid: u32,
    },
    /// Items that a slow worker had not begun go to another.
    TakenBack {
        /// Whose.
        slot: Slot,
        /// How many.
        items: u64,
    },
    /// Items are done with: a worker has committed them, or has died or been killed for one and it is not tried again.
    Settled {
        /// Whose.
        slot: Slot,
        /// How many, failures included.
        items: u64,
    },
    /// Items of a commit were not wanted.
    Dropped {
        /// How many.
        items: u64,
    },
    /// An item has no result.
    Failed {
        /// Which and why.
        failure: &'a Failure,
        /// Its text.
        input: &'a str,
        /// Its line in the input, from 1, if it came as a line.
        line: Option<u64>,
    },
    /// Results were to be reduced to one, and none comes out.
    NoTotal {
        /// To what: `sum`, `min` and so on.
        reduction: &'a str,
        /// Why not, as Python would say it.
        error: &'a str,
    },
    /// Results were written.
    Written {
        /// How many bytes of them.
        bytes: u64,
    },
    /// The run was ended before all items were done with, as was asked for.
    Halted {
        /// Items that have arrived and are not done with.
        left: u64,
        /// Whether all of the input has arrived.
        all: bool,
    },
    /// The run is about to stand still, since somebody has stopped it (Ctrl-Z).
    Stopping,
    /// The run goes on.
    Continued {
        /// For how long it stood still. The time that listeners are told does not count this.
        after: Duration,
    },
    /// Somebody asked who does what.
    Asked {
        /// Items with a result so far.
        done: u64,
        /// Items that were not wanted.
        dropped: u64,
        /// Items that should have one and have none.
        failed: u64,
        /// Items that have arrived and are none of that.
        left: u64,
        /// Of every worker that is there.
        workers: &'a [Activity],
    },
    /// A turn of the loop is over; what was said shall be seen.
    TurnEnded,
    /// The run is over, however it ended.
    Ended {
        /// Processor time that the supervisor has used.
        supervisor: Duration,
    },
}

/// One run of an item.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Attempt<'a> {
    /// The item.
    pub index: Index,
    /// Its text, all of it.
    pub input: &'a [u8],
    /// Who has run it.
    pub slot: Slot,
    /// The process id of that worker.
    pub pid: u32,
    /// Which time it was, from 1.
    pub attempt: u32,
    /// When it began. Of an item that was run in a block with others, a share of the block.
    pub started: Duration,
    /// How long it took, likewise.
    pub time: Duration,
    /// Why it came to nothing, if it did.
    pub cause: Option<&'a Cause>,
    /// Bytes of its result.
    pub received: u64,
    /// Bytes of memory that its worker has used at most so far, if that was looked at.
    pub peak: Option<u64>,
}

/// What a worker is doing.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Where.
    pub slot: Slot,
    /// Its process id.
    pub pid: u32,
    /// What it runs, as far as is known; `None`: nothing.
    pub running: Option<Running>,
}

/// An item that is being run: the first that its worker has not committed.
#[derive(Debug, Clone, PartialEq)]
pub struct Running {
    /// The item.
    pub index: Index,
    /// Its text.
    pub input: String,
    /// Its line in the input, from 1, if it came as a line.
    pub line: Option<u64>,
    /// Which time it is that it runs, from 1.
    pub attempt: u32,
    /// For how long.
    pub time: Duration,
    /// How many items its worker has behind it.
    pub behind: u64,
}

/// Somebody who is told.
pub trait Listener {
    /// `event` happened at `now`, counted from the start of the run.
    fn hear(&mut self, event: &Event<'_>, now: Duration);

    /// Whether results that are written now would land on what this listener shows.
    fn is_in_the_way(&self) -> bool {
        false
    }

    /// Makes way while `action` writes to the same screen.
    fn suspend(&mut self, action: &mut dyn FnMut()) {
        action();
    }

    /// Whether it wants to be told of every single [attempt](Event::Attempted), which takes time.
    fn wants_attempts(&self) -> bool {
        false
    }

    /// How often this listener wants a turn even if nothing happens.
    fn tick(&self) -> Option<Duration> {
        None
    }
}
