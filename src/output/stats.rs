//! The summary of a run: how long, how fast, who did how much, what it cost.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

use crate::event::{Event, Listener};
use crate::ids::Slot;

/// What one slot's workers did.
#[derive(Debug, Clone, Copy, Default)]
struct PerWorker {
    items: u64,
    busy: Duration,
    busy_since: Option<Duration>,
    starts: u64,
}

/// Counts what happens, for the end.
#[derive(Debug, Default)]
pub struct Stats {
    workers: BTreeMap<Slot, PerWorker>,
    items: u64,
    dropped: u64,
    failed: u64,
    retries: u64,
    taken_back: u64,
    bytes: u64,
    wall: Duration,
    /// Processor time of this process.
    supervisor: Duration,
}

impl Stats {
    /// Nothing has happened.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn seconds(&self) -> f64 {
        self.wall.as_secs_f64()
    }

    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn rate(&self) -> f64 {
        if self.wall.is_zero() { 0.0 } else { self.items as f64 / self.seconds() }
    }

    fn restarts(&self) -> u64 {
        self.workers.values().map(|worker| worker.starts.saturating_sub(1)).sum()
    }

    /// Processor time of the supervisor for each item: what handing out, collecting and ordering it costs.
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    fn overhead(&self) -> f64 {
        if self.items == 0 { 0.0 } else { self.supervisor.as_secs_f64() / self.items as f64 }
    }

    fn share(&self, worker: &PerWorker) -> f64 {
        if self.wall.is_zero() { 0.0 } else { worker.busy.as_secs_f64() / self.seconds() }
    }

    /// For people: some lines.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!(
            "{} items in {:.3} s, {:.0} items/s; {} failed",
            self.items,
            self.seconds(),
            self.rate(),
            self.failed
        );
        if self.dropped > 0 {
            let _ = write!(text, ", {} dropped", self.dropped);
        }
        text.push('\n');
        for (slot, worker) in &self.workers {
            let share = 100.0 * self.share(worker);
            let _ = writeln!(text, "worker {slot}: {} items, busy {share:.0} %", worker.items);
        }
        let _ = writeln!(
            text,
            "overhead {:.3} us an item; {} restarts, {} retries, {} items taken back, {} bytes of results",
            1e6 * self.overhead(),
            self.restarts(),
            self.retries,
            self.taken_back,
            self.bytes
        );
        text
    }

    /// For programs: one JSON object. Times in seconds.
    #[must_use]
    pub fn json(&self) -> String {
        let workers: Vec<String> = self
            .workers
            .iter()
            .map(|(slot, worker)| {
                format!(
                    r#"{{"worker":{slot},"items":{},"busy_share":{:.4},"starts":{}}}"#,
                    worker.items,
                    self.share(worker),
                    worker.starts
                )
            })
            .collect();
        format!(
            r#"{{"wall_s":{:.6},"items":{},"dropped":{},"failed":{},"items_per_s":{:.1},"overhead_per_item_s":{:.9},"restarts":{},"retries":{},"items_taken_back":{},"result_bytes":{},"workers":[{}]}}"#,
            self.seconds(),
            self.items,
            self.dropped,
            self.failed,
            self.rate(),
            self.overhead(),
            self.restarts(),
            self.retries,
            self.taken_back,
            self.bytes,
            workers.join(",")
        )
    }
}

impl Listener for Stats {
    fn hear(&mut self, event: &Event<'_>, now: Duration) {
        self.wall = now;
        match event {
            Event::Spawned { slot, .. } => self.workers.entry(*slot).or_default().starts += 1,
            Event::Busy { slot, busy } => {
                let worker = self.workers.entry(*slot).or_default();
                match (busy, worker.busy_since) {
                    (true, None) => worker.busy_since = Some(now),
                    (false, Some(since)) => {
                        worker.busy += now.saturating_sub(since);
                        worker.busy_since = None;
                    }
                    _ => {}
                }
            }
            Event::Settled { slot, items } => {
                self.items += items;
                self.workers.entry(*slot).or_default().items += items;
            }
            Event::Failed { .. } => self.failed += 1,
            Event::Dropped { items } => self.dropped += items,
            Event::Retried { .. } => self.retries += 1,
            Event::TakenBack { items, .. } => self.taken_back += items,
            Event::Written { bytes } => self.bytes += bytes,
            Event::Ended { supervisor } => self.supervisor = *supervisor,
            _ => {}
        }
    }
}
