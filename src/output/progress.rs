//! The progress bar: items done of all (if that is known), rate, time left, workers alive, failures.

use std::time::Duration;

use indicatif::{HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::console::Bar;
use crate::event::{Event, Listener};

/// How often it is drawn.
const TICK: Duration = Duration::from_millis(100);

const KNOWN: &str = "{bar:30} {percent:>3}% {human_pos}/{human_len} items, {msg}";
const UNKNOWN: &str = "{spinner} {human_pos} items, {msg}";

/// A bar on stderr.
pub struct Progress {
    /// What is on the screen, if anything is.
    bar: Option<ProgressBar>,
    may_draw: fn() -> bool,
    /// What time it was when something was last heard.
    now: Duration,
    /// When to draw next.
    due: Duration,
    done: u64,
    /// Of all items, once that is known.
    total: Option<u64>,
    workers: u32,
    failed: u64,
}

impl Progress {
    /// A bar that appears once a run has taken longer than `patience`, and is drawn whenever `may_draw` says so:
    /// whether stderr is a terminal, and whether it is ours just now, is for the caller to find out.
    #[must_use]
    pub fn new(patience: Duration, may_draw: fn() -> bool) -> Self {
        Self {
            bar: None,
            may_draw,
            now: Duration::ZERO,
            due: patience,
            done: 0,
            total: None,
            workers: 0,
            failed: 0,
        }
    }

    fn draw(&mut self, now: Duration) {
        self.due = now + TICK;
        if !(self.may_draw)() {
            return self.forget();
        }
        let message = self.message(now);
        let bar = self.bar.get_or_insert_with(|| {
            let target = ProgressDrawTarget::stderr_with_hz(10);
            ProgressBar::with_draw_target(None, target).with_style(style(UNKNOWN))
        });
        if let Some(total) = self.total.filter(|_| bar.length().is_none()) {
            bar.set_length(total);
            bar.set_style(style(KNOWN));
        }
        bar.set_position(self.done);
        bar.set_message(message);
        bar.tick();
    }

    /// Takes the bar from the screen.
    fn clear(&mut self) {
        if (self.may_draw)() {
            if let Some(bar) = self.bar.take() {
                bar.finish_and_clear();
            }
        }
        self.forget();
    }

    /// Touches the screen no more: it is somebody else's.
    fn forget(&mut self) {
        if let Some(bar) = self.bar.take() {
            // Or it would be drawn once more when it is dropped.
            bar.set_draw_target(ProgressDrawTarget::hidden());
        }
    }

    /// Rate, time and workers. The bar could reckon the first two, but not without the time in which the run stood
    /// still.
    #[expect(clippy::cast_precision_loss, reason = "for people")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    fn message(&self, now: Duration) -> String {
        let elapsed = now.max(TICK);
        let rate = self.done as f64 / elapsed.as_secs_f64();
        let time = match self.total {
            // Before anything is done, nobody knows.
            Some(_) if self.done == 0 => "? left".to_owned(),
            Some(total) => {
                let left = total.saturating_sub(self.done) as f64 / rate;
                let left = Duration::try_from_secs_f64(left.ceil()).unwrap_or(Duration::MAX);
                format!("{:#} left", HumanDuration(left))
            }
            None => format!("{:#}", HumanDuration(elapsed)),
        };
        let workers =
            if self.workers == 1 { "1 worker".into() } else { format!("{} workers", self.workers) };
        let message = format!("{}/s, {time}, {workers}", HumanCount(rate.round() as u64));
        match self.failed {
            0 => message,
            n => format!("{message}, {n} failed"),
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the templates above are well formed")
}

impl Listener for Progress {
    fn hear(&mut self, event: &Event<'_>, now: Duration) {
        self.now = now;
        match event {
            Event::Arrived { total, ended: true } => self.total = Some(*total),
            Event::Spawned { .. } => self.workers += 1,
            Event::Died { .. } | Event::Retired { .. } => {
                self.workers = self.workers.saturating_sub(1)
            }
            Event::Resumed { settled, .. } => self.done += settled,
            Event::Settled { items, .. } => self.done += items,
            Event::Failed { .. } => self.failed += 1,
            // The screen is the shell's until we go on.
            Event::Stopping => self.clear(),
            Event::TurnEnded if now >= self.due => self.draw(now),
            _ => {}
        }
    }

    fn suspend(&mut self, action: &mut dyn FnMut()) {
        match &self.bar {
            Some(bar) if (self.may_draw)() => bar.suspend(action),
            _ => action(),
        }
    }

    fn tick(&self) -> Option<Duration> {
        Some(TICK)
    }
}

impl Bar for Progress {
    fn finish(&mut self) {
        if (self.may_draw)() {
            let message = self.message(self.now);
            if let Some(bar) = self.bar.take() {
                bar.set_position(self.done);
                bar.set_message(message);
                bar.abandon();
            }
        }
        self.forget();
    }
}
