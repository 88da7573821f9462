//! The progress bar: items done of all (if that is known), rate, time left, workers alive, failures.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::console::Bar;
use crate::event::{Event, Listener};

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

const KNOWN: &str =
    "{bar:30} {percent:>3}% {human_pos}/{human_len} items, {per_sec}, {eta} left, {msg}";
const UNKNOWN: &str = "{spinner} {human_pos} items, {per_sec}, {elapsed}, {msg}";

/// A bar on stderr.
pub struct Progress {
    bar: ProgressBar,
    /// When to draw next.
    due: Duration,
    is_drawn: bool,
    done: u64,
    workers: u32,
    failed: u64,
}

impl Progress {
    /// A bar that appears once a run has taken longer than `patience`, whether or not stderr is a terminal:
    /// that is for the caller to decide.
    #[must_use]
    pub fn new(patience: Duration) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
        bar.set_style(style(UNKNOWN));
        Self { bar, due: patience, is_drawn: patience.is_zero(), done: 0, workers: 0, failed: 0 }
    }

    fn draw(&mut self, now: Duration) {
        self.due = now + TICK;
        self.is_drawn = true;
        self.bar.set_position(self.done);
        self.bar.set_message(self.message());
        self.bar.tick();
    }

    fn message(&self) -> String {
        let workers =
            if self.workers == 1 { "1 worker".into() } else { format!("{} workers", self.workers) };
        match self.failed {
            0 => workers,
            n => format!("{workers}, {n} failed"),
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates above are well formed")
}

impl Listener for Progress {
    fn hear(&mut self, event: &Event<'_>, now: Duration) {
        match event {
            Event::Arrived { total, ended: true } => {
                self.bar.set_length(*total);
                self.bar.set_style(style(KNOWN));
            }
            Event::Spawned { .. } => self.workers += 1,
            Event::Died { .. } => self.workers = self.workers.saturating_sub(1),
            Event::Settled { items, .. } => self.done += items,
            Event::Failed { failure, .. } => {
                self.failed += 1;
                // A death is no commit, and yet its item is done with.
                self.done += u64::from(!matches!(failure.cause, crate::error::Cause::Failed(_)));
            }
            Event::TurnEnded if now >= self.due => self.draw(now),
            _ => {}
        }
    }

    fn suspend(&mut self, action: &mut dyn FnMut()) {
        self.bar.suspend(action);
    }

    fn tick(&self) -> Option<Duration> {
        Some(TICK)
    }
}

impl Bar for Progress {
    fn finish(&mut self) {
        if self.is_drawn {
            self.bar.set_position(self.done);
            self.bar.set_message(self.message());
            self.bar.abandon();
        }
    }
}
