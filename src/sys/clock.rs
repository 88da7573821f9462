//! Time that only moves forward.

use std::time::{Duration, Instant};

/// Time since a run began, in nanoseconds. It stops while the machine is suspended.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// A clock that shows zero now.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn now(self) -> Duration {
        self.0.elapsed()
    }
}

/// Processor time that the calling process, without its children, has used.
#[must_use]
pub fn cpu_time() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}
