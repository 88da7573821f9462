//! Lines on stderr, and the one bar that must not be overwritten by them.

use std::io::Write;
use std::time::Duration;

use super::narrate;
use crate::event::{Event, Listener};

/// Something that occupies the last line of the screen.
pub trait Bar: Listener {
    /// Goes away, or stays as it stands, for good.
    fn finish(&mut self);
}

/// How much is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Detail {
    /// Failures.
    Failures,
    /// Those, and what happens to workers.
    Incidents,
}

/// What stands before each line: our name, so that one knows who speaks.
const NAME: &str = "pmap: ";
/// The same, in bold red.
const COLORED_NAME: &str = "\x1b[1;31mpmap:\x1b[0m ";

/// How lines look, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Screen {
    /// Lines may hold colours.
    pub has_color: bool,
    /// Results appear on the same screen.
    pub has_results: bool,
}

/// Says on stderr what happens.
pub struct Console<'a> {
    detail: Detail,
    bar: Option<&'a mut dyn Bar>,
    screen: Screen,
    /// Lines that were not written yet: a turn's worth goes out at once.
    lines: String,
}

impl<'a> Console<'a> {
    /// Says so much, around `bar`, on such a screen.
    #[must_use]
    pub fn new(detail: Detail, bar: Option<&'a mut dyn Bar>, screen: Screen) -> Self {
        Self { detail, bar, screen, lines: String::new() }
    }

    fn say(&mut self, line: &str) {
        self.lines.push_str(if self.screen.has_color { COLORED_NAME } else { NAME });
        self.lines.push_str(line);
        self.lines.push('\n');
    }

    fn flush(&mut self) {
        if self.lines.is_empty() {
            return;
        }
        let lines = std::mem::take(&mut self.lines);
        // Nobody is left to be told that stderr cannot be written.
        let mut print = || drop(std::io::stderr().write_all(lines.as_bytes()));
        match &mut self.bar {
            Some(bar) => bar.suspend(&mut print),
            None => print(),
        }
    }

    /// Says what is left to say, and leaves the screen to others.
    pub fn finish(&mut self) {
        self.flush();
        if let Some(bar) = &mut self.bar {
            bar.finish();
        }
    }
}

impl Listener for Console<'_> {
    fn hear(&mut self, event: &Event<'_>, now: Duration) {
        if let Some(bar) = &mut self.bar {
            bar.hear(event, now);
        }
        match event {
            Event::Failed { failure, input, line } => {
                self.say(&narrate::failure(failure, input, *line))
            }
            Event::NoTotal { reduction, error } => {
                self.say(&format!("--reduce {reduction}: {error}"));
            }
            Event::Halted { left, all } => self.say(&narrate::halted(*left, *all)),
            Event::Asked { done, dropped, failed, left, workers } => {
                let counts = [*done, *dropped, *failed, *left];
                self.say(&narrate::summary(counts, workers.len(), now));
                workers.iter().for_each(|worker| self.say(&narrate::activity(worker)));
            }
            Event::Resumed { failed, doubtful, lost_output, .. } => {
                let lines = [
                    narrate::failed_before(*failed),
                    narrate::doubtful(*doubtful),
                    narrate::lost_output(*lost_output),
                ];
                lines.iter().flatten().for_each(|line| self.say(line));
                if self.detail >= Detail::Incidents {
                    narrate::incident(event).iter().for_each(|line| self.say(line));
                }
            }
            Event::TurnEnded => self.flush(),
            _ if self.detail >= Detail::Incidents => {
                if let Some(line) = narrate::incident(event) {
                    self.say(&line);
                }
            }
            _ => {}
        }
    }

    fn is_in_the_way(&self) -> bool {
        self.screen.has_results && self.bar.is_some()
    }

    fn suspend(&mut self, action: &mut dyn FnMut()) {
        match &mut self.bar {
            Some(bar) => bar.suspend(action),
            None => action(),
        }
    }

    fn tick(&self) -> Option<Duration> {
        self.bar.as_ref().and_then(|bar| bar.tick())
    }
}
