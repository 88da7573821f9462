//! What piles up in a supervisor, or does not, as `/proc` shows it again and again.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::support::{Process, Run};

/// A zombie, as long as it is one.
struct Sight {
    /// It was one by then.
    since: Instant,
    /// It was one even then.
    until: Instant,
    /// How long its parent had waited for a processor by `since`.
    delay: Duration,
}

impl Sight {
    /// How long it was seen.
    fn age(&self) -> Duration {
        self.until.saturating_duration_since(self.since)
    }
}

/// What was there each time that somebody looked.
#[derive(Default)]
pub(crate) struct Census {
    /// By process id.
    zombies: HashMap<u32, Sight>,
    oldest_zombie: Duration,
    /// The same, without the time in which its parent waited for a processor: what the machine is to blame for.
    oldest_by_fault: Duration,
    /// How many descriptors the supervisor had.
    descriptors: Vec<usize>,
}

impl Census {
    /// Counts once.
    pub(crate) fn take(&mut self, run: &Run) {
        // Whoever is seen was there by the end of the look, and, if he was seen before, at its begin even now.
        let begin = Instant::now();
        let zombies = run.zombies();
        let end = Instant::now();
        // Counted only once the wait is over; so what a zombie's parent has waited is asked when the zombie is gone.
        let delay = Process::time_without_processor(run.pid());
        let (oldest_zombie, oldest_by_fault) = (&mut self.oldest_zombie, &mut self.oldest_by_fault);
        self.zombies.retain(|pid, sight| {
            let is_there = zombies.iter().any(|zombie| zombie.pid == *pid);
            if is_there {
                sight.until = begin;
                *oldest_zombie = sight.age().max(*oldest_zombie);
            } else {
                let excused = delay.saturating_sub(sight.delay);
                *oldest_by_fault = sight.age().saturating_sub(excused).max(*oldest_by_fault);
            }
            is_there
        });
        for zombie in zombies {
            self.zombies.entry(zombie.pid).or_insert(Sight { since: end, until: end, delay });
        }
        // One that has just ended has none.
        let count = Process::of(run.pid()).map_or(0, |supervisor| supervisor.descriptors().len());
        self.descriptors.extend(Some(count).filter(|count| *count > 0));
    }

    /// Whether there was a zombie at the last count.
    pub(crate) fn sees_zombies(&self) -> bool {
        !self.zombies.is_empty()
    }

    /// What the supervisor has open does not become more.
    #[track_caller]
    pub(crate) fn expect_flat(&self, what: &str) {
        let Self { oldest_zombie, oldest_by_fault, .. } = self;
        let third = self.descriptors.len() / 3;
        assert!(third > 2, "{what}: looked too seldom");
        let [mut first, mut last] =
            [&self.descriptors[..third], &self.descriptors[2 * third..]].map(<[_]>::to_vec);
        first.sort_unstable();
        last.sort_unstable();
        let span =
            |sorted: &[usize]| (sorted[0], sorted[sorted.len() / 2], sorted[sorted.len() - 1]);
        let ((_, early, most), (least, late, _)) = (span(&first), span(&last));
        eprintln!(
            "{what}: {} counts of descriptors, at first {:?}, in the end {:?} (least, median, most); the oldest zombie \
             was seen for {oldest_zombie:?}; at most {oldest_by_fault:?} of any while its parent did not wait for a processor",
            self.descriptors.len(),
            span(&first),
            span(&last),
        );
        // Whoever is just being started or buried has some, too, so that a few more or less mean nothing.
        assert!(
            least <= most,
            "{what}: at most {most} descriptors at first, at least {least} in the end"
        );
        assert!(
            late <= early + 1,
            "{what}: mostly {early} descriptors at first, {late} in the end"
        );
    }
}
