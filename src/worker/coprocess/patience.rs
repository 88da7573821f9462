//! Waiting for something to happen, in time that passes only while somebody looks: a process that is stopped, and what it
//! waits for with it, is not getting on.

use std::time::{Duration, Instant};

/// The longest time between two looks that counts.
pub(super) const TICK: Duration = Duration::from_millis(100);

/// Time spent waiting for one thing.
pub(super) struct Patience {
    limit: Duration,
    waited: Duration,
    since: Option<Instant>,
}

impl Patience {
    pub(super) fn new(limit: Duration) -> Self {
        Self { limit, waited: Duration::ZERO, since: None }
    }

    /// Looks at `now`, when what is waited for is still `missing`; whether it has been for too long. It must be looked again
    /// within a [`TICK`].
    pub(super) fn is_over(&mut self, missing: bool, now: Instant) -> bool {
        if !missing {
            (self.waited, self.since) = (Duration::ZERO, None);
            return false;
        }
        let since = self.since.replace(now).unwrap_or(now);
        self.waited += now.saturating_duration_since(since).min(TICK);
        self.waited >= self.limit
    }

    /// Whether something is waited for, and it is not over yet.
    pub(super) fn is_waiting(&self) -> bool {
        self.since.is_some() && self.waited < self.limit
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_in_which_nobody_looks_does_not_count() {
        let start = Instant::now();
        let mut patience = Patience::new(TICK * 3);
        assert!(!patience.is_over(true, start));
        assert!(!patience.is_over(true, start + TICK * 100), "one tick");
        assert!(!patience.is_over(true, start + TICK * 101), "two");
        assert!(patience.is_waiting());
        assert!(patience.is_over(true, start + TICK * 102), "three");
        assert!(!patience.is_waiting());
    }

    #[test]
    fn what_has_come_is_not_waited_for() {
        let start = Instant::now();
        let mut patience = Patience::new(TICK);
        assert!(!patience.is_over(true, start));
        assert!(!patience.is_over(false, start + TICK));
        assert!(!patience.is_waiting());
        assert!(!patience.is_over(true, start + TICK));
    }
}
