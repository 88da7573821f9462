//! The median of run times, in memory that does not grow with their number.

use std::time::Duration;

/// Each doubling of the time is cut into so many steps: the median is right to 1/64 of itself.
const STEPS: usize = 32;

/// 2^64 ns is 584 years.
const DOUBLINGS: usize = 64;

/// Times before which there is no median: a few tell nothing.
const WARM_UP: u64 = 5;

/// Counts times, each in the step that it belongs to.
#[derive(Debug)]
pub(super) struct Median {
    /// Made with the first time: most runs need none.
    counts: Vec<u64>,
    total: u64,
}

impl Median {
    pub(super) fn new() -> Self {
        Self { counts: Vec::new(), total: 0 }
    }

    /// Takes note that each of `items` took so long.
    pub(super) fn observe(&mut self, each: Duration, items: u64) {
        self.counts.resize(STEPS * DOUBLINGS, 0);
        self.counts[step(each)] += items;
        self.total += items;
    }

    /// The lower median of all, in the middle of its step; `None` before there are enough.
    pub(super) fn get(&self) -> Option<Duration> {
        if self.total < WARM_UP {
            return None;
        }
        let mut left = self.total.div_ceil(2);
        let at = self.counts.iter().position(|&count| {
            let is_here = count >= left;
            left = left.saturating_sub(count);
            is_here
        })?;
        Some(Duration::from_nanos(middle(at)))
    }
}

/// The step of a time: its doubling, and its place in that.
fn step(time: Duration) -> usize {
    let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX).max(1);
    let doubling = nanos.ilog2() as usize;
    let place = ((u128::from(nanos) * STEPS as u128) >> doubling) as usize - STEPS;
    doubling * STEPS + place
}

/// The time in the middle of a step, in ns.
fn middle(step: usize) -> u64 {
    let (doubling, place) = (step / STEPS, step % STEPS);
    let halves = 2 * (STEPS + place) as u128 + 1;
    u64::try_from((halves << doubling) / (2 * STEPS as u128)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The exact median of the same times.
    fn exact(mut times: Vec<u64>) -> u64 {
        times.sort_unstable();
        times[times.len().div_ceil(2) - 1]
    }

    #[test]
    fn it_is_near_the_median_of_all() {
        let mut state = 1_u64;
        for spread in [1, 8, 20, 40, 60] {
            let mut median = Median::new();
            let mut times = Vec::new();
            for _ in 0..999 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let time = (state >> 32) << (state % spread) >> (spread / 2);
                times.push(time);
                median.observe(Duration::from_nanos(time), 1);
            }
            let (got, want) = (median.get().unwrap().as_nanos() as f64, exact(times) as f64);
            assert!((got - want).abs() <= want / 64.0 + 1.0, "{got} is not {want}");
        }
    }

    #[test]
    fn extremes_have_a_place() {
        for time in [0, 1, 2, 3, 31, 32, 33, u64::MAX - 1, u64::MAX] {
            let mut median = Median::new();
            median.observe(Duration::from_nanos(time), WARM_UP);
            let got = median.get().unwrap().as_nanos() as f64;
            assert!((got - time as f64).abs() <= time as f64 / 64.0 + 1.0, "{got} is not {time}");
        }
        assert_eq!(step(Duration::MAX), STEPS * DOUBLINGS - 1);
    }

    #[test]
    fn a_few_times_have_none() {
        let mut median = Median::new();
        assert_eq!(median.get(), None);
        median.observe(Duration::from_millis(1), WARM_UP - 1);
        assert_eq!(median.get(), None);
        median.observe(Duration::from_millis(1), 1);
        assert!(median.get().is_some());
    }
}
