//! How far a worker is trusted before it is killed.

use std::time::Duration;

/// What a worker may use up at most: of our time, and of our memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The time from a worker's start to the end of its handshake. Long enough for a machine that swaps; a worker
    /// that dies is noticed at once anyway.
    pub handshake: Duration,
    /// The bytes of one result. They are counted by the supervisor, whose memory a worker gone mad would fill.
    pub result: usize,
    /// The time from the end of a worker's socket to its own end. The kernel closes a dying process's socket
    /// shortly before it tells of the death, and only that tells how it died.
    pub hang_up: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            handshake: Duration::from_secs(10),
            result: 1 << 30,
            hang_up: Duration::from_secs(1),
        }
    }
}
