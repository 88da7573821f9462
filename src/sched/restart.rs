//! When a dead worker's successor may start, and when there is no use in another.

use std::time::Duration;

/// Waits before the next start in a slot whose workers die without having done anything.
const BACK_OFF: [Duration; 4] =
    [Duration::ZERO, Duration::from_millis(10), Duration::from_millis(100), Duration::from_secs(1)];

/// Workers that may fail in a row to even start.
const FAILED_STARTS: u32 = 5;

/// Workers that may die in a row before they have begun anything: they were well, and what they were for is not.
const UNBEGUN: u32 = 3;

/// How long a slot waits after `idle_deaths` deaths in a row that no item can be blamed for.
pub(super) fn back_off(idle_deaths: u32) -> Duration {
    BACK_OFF[(idle_deaths as usize).min(BACK_OFF.len() - 1)]
}

/// Counts deaths between which nothing was settled.
#[derive(Debug)]
pub(super) struct Breaker {
    limit: u32,
    deaths: u32,
    failed_starts: u32,
    /// Workers that got through their handshake, and died before they had begun anything.
    unbegun: u32,
}

impl Breaker {
    /// Every worker may be busy with an item that kills it as often as it is tried, without that meaning more
    /// than so many bad items; hence the limit.
    pub(super) fn new(workers: u32, retries: u32) -> Self {
        let limit = workers.saturating_mul(retries.saturating_add(2)).max(10);
        Self { limit, deaths: 0, failed_starts: 0, unbegun: 0 }
    }

    /// An item was settled, as a result or as a failure.
    pub(super) fn settled(&mut self) {
        self.deaths = 0;
        self.unbegun = 0;
    }

    /// A worker got through its handshake.
    pub(super) fn started(&mut self) {
        self.failed_starts = 0;
    }

    /// A worker died, or could not be started.
    pub(super) fn died(&mut self, was_ready: bool) {
        // A start that fails says nothing of those who have started: where there is room for few, these few do.
        if was_ready {
            self.deaths += 1;
        } else {
            self.failed_starts += 1;
        }
    }

    /// A worker died before it had begun any of its items, and says so.
    pub(super) fn died_unbegun(&mut self) {
        self.unbegun += 1;
    }

    /// How many deaths in a row were too many, if they were; `any_alive`: some worker works, or
    /// is on its way.
    pub(super) fn trips(&self, any_alive: bool) -> Option<u32> {
        if self.deaths > self.limit {
            Some(self.deaths)
        } else {
            let in_vain = [(self.failed_starts, FAILED_STARTS), (self.unbegun, UNBEGUN)];
            let too_many = in_vain.into_iter().find(|(starts, most)| starts >= most);
            too_many.filter(|_| !any_alive).map(|(starts, _)| starts)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_deaths_than_bad_items_can_explain_are_too_many() {
        let mut breaker = Breaker::new(4, 1);
        for _ in 0..2 {
            (0..12).for_each(|_| breaker.died(true));
            assert_eq!(breaker.trips(true), None);
            breaker.settled();
        }
        (0..13).for_each(|_| breaker.died(true));
        assert_eq!(breaker.trips(true), Some(13));
    }

    #[test]
    fn starts_that_fail_in_a_row_are_too_many_where_nobody_is() {
        let mut breaker = Breaker::new(1, 0);
        for _ in 0..2 {
            (0..4).for_each(|_| breaker.died(false));
            assert_eq!(breaker.trips(false), None);
            breaker.started();
        }
        (0..5).for_each(|_| breaker.died(false));
        assert_eq!((breaker.trips(true), breaker.trips(false)), (None, Some(5)));
    }
}
