//! How long items run: who has had his time, and what does not count.

use std::time::Duration;

use super::policy::TimeLimit;
use super::scheduler::{Scheduler, slot};
use super::slot::Phase;
use super::{Action, Now};

/// A share of a median below this is none: so little may pass before a worker is so much as woken.
const LEAST: Duration = Duration::from_millis(10);

impl Scheduler {
    /// How long an item may run, as things stand.
    fn time_limit(&self) -> Option<Duration> {
        match self.policy.timeout? {
            TimeLimit::Fixed(limit) => Some(limit),
            TimeLimit::OfMedian(percent) => {
                let limit = self.median.get()?.saturating_mul(percent) / 100;
                // In whole microseconds, since it is shown.
                let micros = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX);
                Some(Duration::from_micros(micros).max(LEAST))
            }
        }
    }

    /// Takes note that `items` have run for `time`, one after the other.
    pub(super) fn observe_time(&mut self, time: Duration, items: u64) {
        if let Some(TimeLimit::OfMedian(_)) = self.policy.timeout {
            let each = time / u32::try_from(items.max(1)).unwrap_or(u32::MAX);
            self.median.observe(each, items);
        }
    }

    pub(super) fn kill_overdue(&mut self, now: Now, actions: &mut Vec<Action>) {
        let Some(limit) = self.time_limit() else { return };
        for (at, state) in self.slots.iter_mut().enumerate() {
            let Some(first) = state.first().filter(|_| state.phase == Phase::Ready) else {
                continue;
            };
            if now >= state.timed_since() + limit {
                state.phase = Phase::Overdue(first, limit);
                actions.push(Action::Kill { slot: slot(at) });
            }
        }
    }

    /// When the first item will have had its time.
    pub(super) fn next_deadline(&self) -> Option<Now> {
        let limit = self.time_limit()?;
        let busy = self.slots.iter().filter(|s| s.phase == Phase::Ready && s.is_busy());
        busy.map(|state| state.timed_since() + limit).min()
    }

    /// Lets `time`, in which nobody was looking, count for no item.
    pub(super) fn excuse(&mut self, time: Duration, now: Now) {
        for state in self.slots.iter_mut().filter(|state| state.is_busy()) {
            state.since = (state.since + time).min(now);
        }
    }
}
