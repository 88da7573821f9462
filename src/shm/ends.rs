//! The two ends of a segment: which process writes and reads which of its words.

use super::claim::{Claims, Grants};
use super::layout::{Layout, WORDS, down, up};
use super::region::{Region, SharedBytes, SharedWord};
use super::ring::{Consumer, Producer};
use super::sleep::{Sleeper, Waker};

/// The supervisor's end.
pub struct SupervisorEnd {
    /// Leases to the worker.
    pub downlink: Producer<SharedWord, SharedBytes>,
    /// Results from the worker.
    pub uplink: Consumer<SharedWord, SharedBytes>,
    /// What the worker may run.
    pub grants: Grants<SharedWord>,
    /// Our own sleep.
    pub sleeper: Sleeper<SharedWord>,
    /// The worker's sleep.
    pub waker: Waker<SharedWord>,
}

impl SupervisorEnd {
    /// Over a fresh segment, mapped whole.
    pub(super) fn new(region: &Region, layout: Layout) -> Self {
        let second = layout.down_len();
        let down_word = |offset| region.word(offset);
        let up_word = |offset| region.word(second + offset);
        Self {
            downlink: Producer::new(
                down_word(down::TAIL),
                up_word(up::DOWNLINK_HEAD),
                region.bytes(WORDS, layout.down),
            ),
            uplink: Consumer::new(
                up_word(up::TAIL),
                down_word(down::UPLINK_HEAD),
                region.bytes(second + WORDS, layout.up),
            ),
            grants: Grants::new(up_word(up::CLAIM)),
            sleeper: Sleeper::new(up_word(up::SUPERVISOR_SLEEP)),
            waker: Waker::new(up_word(up::WORKER_SLEEP)),
        }
    }
}

/// The worker's end.
pub struct WorkerEnd {
    /// Leases from the supervisor.
    pub downlink: Consumer<SharedWord, SharedBytes>,
    /// Results to the supervisor.
    pub uplink: Producer<SharedWord, SharedBytes>,
    /// What we may run.
    pub claims: Claims<SharedWord>,
    /// Our own sleep.
    pub sleeper: Sleeper<SharedWord>,
    /// The supervisor's sleep.
    pub waker: Waker<SharedWord>,
    up: Region,
}

impl WorkerEnd {
    /// Over a fresh segment's halves: the first one can be read only.
    pub(super) fn new(first: &Region, second: &Region, layout: Layout) -> Self {
        Self {
            downlink: Consumer::new(
                first.word(down::TAIL),
                second.word(up::DOWNLINK_HEAD),
                first.bytes(WORDS, layout.down),
            ),
            uplink: Producer::new(
                second.word(up::TAIL),
                first.word(down::UPLINK_HEAD),
                second.bytes(WORDS, layout.up),
            ),
            claims: Claims::new(second.word(up::CLAIM)),
            sleeper: Sleeper::new(second.word(up::WORKER_SLEEP)),
            waker: Waker::new(second.word(up::SUPERVISOR_SLEEP)),
            up: second.clone(),
        }
    }

    /// The half that a worker can write, as bytes: for test doubles that break every rule.
    #[must_use]
    pub fn writable_half(&self) -> (*mut u8, usize) {
        self.up.raw()
    }
}
