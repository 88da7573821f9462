//! Time that only moves forward.

use std::time::{Duration, Instant};

/// Time since a run began, in nanoseconds, less what was [skipped](Clock::skip). It stops while the machine is
/// suspended.
#[derive(Debug)]
pub struct Clock {
    start: Instant,
    skipped: Duration,
}

impl Clock {
    /// A clock that shows zero now.
    #[must_use]
    pub fn start() -> Self {
        Self { start: Instant::now(), skipped: Duration::ZERO }
    }

    /// Time since the start that counts.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.start.elapsed().saturating_sub(self.skipped)
    }

    /// Puts the clock back by `time`, which shall not count: the run stood still.
    pub fn skip(&mut self, time: Duration) {
        self.skipped += time;
    }
}

/// Processor time that the calling process, without its children, has used.
#[must_use]
pub fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
