//! What an item costs, as far as commits have shown; from that, how many make a chunk.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Kind;

/// Work in one chunk: enough that handing it out, some microseconds, is nothing beside it; little enough that
/// several fit a ring and that there is something to share out at the end.
const CHUNK: Duration = Duration::from_micros(500);

/// Chunks in the hands of a worker that nobody keeps waiting.
pub(super) const CHUNKS_AHEAD: u32 = 5;

/// Work in a worker's hands: while it runs, its supervisor may nap, look at others or write.
const AHEAD: Duration = CHUNK.saturating_mul(CHUNKS_AHEAD);

/// Time over which an estimate is formed; older observations lose half of their weight each such time.
const MEMORY: Duration = Duration::from_millis(20);

/// The running estimate of an item's cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    time: Duration,
    items: f64,
}

/// Nothing is known.
const UNKNOWN: Cost = Cost { time: Duration::ZERO, items: 0.0 };

/// How many kinds are remembered.
const KINDS: usize = 64;

/// The estimates for each kind of items.
#[derive(Debug, Default)]
pub(super) struct Costs(BTreeMap<Kind, Cost>);

impl Costs {
    /// Takes note that a worker took `time` for `items` of a kind.
    pub(super) fn observe(&mut self, kind: Kind, time: Duration, items: u64) {
        if self.0.len() == KINDS && !self.0.contains_key(&kind) {
            self.0.pop_first();
        }
        self.0.entry(kind).or_insert(UNKNOWN).observe(time, items);
    }

    /// What is known of a kind.
    pub(super) fn of(&self, kind: Kind) -> &Cost {
        self.0.get(&kind).unwrap_or(&UNKNOWN)
    }
}

impl Cost {
    /// Takes note that a worker took `time` for `items`.
    fn observe(&mut self, time: Duration, items: u64) {
        if self.time + time > MEMORY {
            let keep = (MEMORY.as_secs_f64() / (self.time + time).as_secs_f64()).max(0.01);
            self.time = self.time.mul_f64(keep / 2.0);
            self.items *= keep / 2.0;
        }
        self.time += time;
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let items = items as f64;
        self.items += items;
    }

    /// How many items take `time`; `None` before the first observation.
    fn items_in(&self, time: Duration) -> Option<u64> {
        if self.items == 0.0 {
            return None;
        }
        let each = self.time.max(Duration::from_nanos(1)).as_secs_f64() / self.items;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let items = (time.as_secs_f64() / each) as u64;
        Some(items)
    }

    /// Items in a chunk of `largest` at most.
    pub(super) fn chunk(&self, largest: u64) -> u64 {
        self.items_in(CHUNK).map_or(1, |items| items.clamp(1, largest))
    }

    /// Items that a worker should have in its hands, in chunks of `chunk`.
    pub(super) fn ahead(&self, chunk: u64) -> u64 {
        self.items_in(AHEAD).unwrap_or(2).max(chunk.saturating_mul(2))
    }

    /// What so many items will take, if that is known.
    pub(super) fn time(&self, items: u64) -> Option<Duration> {
        if self.items == 0.0 {
            return None;
        }
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let seconds = self.time.as_secs_f64() / self.items * items as f64;
        Duration::try_from_secs_f64(seconds).ok()
    }
}

#[cfg(test)]
mod tests;
