//! What a person asks of a run by signals: to end, to stand still for a while, to say who does what.

use std::time::Duration;

use super::rest::Woken;
use super::run::{Engine, Phase, Summary};
use crate::error::RunError;
use crate::event::{Activity, Event, Running};
use crate::sys::process::Kill;
use crate::sys::signals::{self, Request};

impl Engine<'_, '_> {
    pub(super) fn hear_signals(&mut self, woken: &Woken) {
        let requests = self.requests();
        for request in &requests {
            match *request {
                Request::End(signal) => self.hear_end(signal),
                // It came after a stop that could not be caught, and of which nobody knows how long it was.
                Request::Continue => self.forget(woken.unwatched),
                Request::Report => self.report_activity(),
                Request::Stop => {}
            }
        }
        // Nobody knows which of the two came first. Whoever stands still although he was told to go on waits
        // for ever; so he goes on.
        if requests.contains(&Request::Stop) && !requests.contains(&Request::Continue) {
            self.stand_still();
        }
    }

    fn requests(&mut self) -> Vec<Request> {
        self.signals.as_mut().map(|signals| signals.pending().collect()).unwrap_or_default()
    }

    fn hear_end(&mut self, signal: i32) {
        match &mut self.front.phase {
            // A second signal: at once.
            Phase::Ending { deadline, .. } => *deadline = self.crew.now,
            _ => self.end(RunError::Signal(signal)),
        }
    }

    /// Ends the run before its time: nothing is started any more, workers are asked to end, what is finished
    /// is written.
    pub(super) fn end(&mut self, why: RunError) {
        self.crew.end(Kill::Term);
        self.front.end(why, self.crew.now);
    }

    /// Stops everybody, us last, until somebody says to go on. No clock of the run counts the time.
    fn stand_still(&mut self) {
        self.tell(&Event::Stopping);
        self.crew.workers.kill_all(Kill::Stop);
        let since = self.clock.now();
        signals::stand_still();
        self.crew.workers.kill_all(Kill::Continue);
        let after = self.clock.now().saturating_sub(since);
        self.clock.skip(after);
        self.tell(&Event::Continued { after });
        // What made us go on is heard; what came with it is not.
        for request in self.requests() {
            if let Request::End(signal) = request {
                self.hear_end(signal);
            }
        }
    }

    /// Lets the time since the last turn began not count, in which nobody was looking.
    fn forget(&mut self, time: Duration) {
        self.clock.skip(time);
        self.crew.now = self.crew.now.saturating_sub(time);
    }

    fn report_activity(&mut self) {
        let slots: Vec<_> =
            self.crew.workers.slots().map(|(slot, link)| (slot, link.pid())).collect();
        let workers: Vec<_> = slots
            .into_iter()
            .map(|(slot, pid)| {
                let running = self.crew.scheduler.running(slot).map(|(index, attempt, since)| {
                    let item = self.front.source.describe(index);
                    Running {
                        index,
                        input: item.text,
                        line: item.line,
                        attempt,
                        time: self.crew.now.saturating_sub(since),
                        behind: self.crew.scheduler.outstanding(slot) - 1,
                    }
                });
                Activity { slot, pid, running }
            })
            .collect();
        let summary = self.front.delivery.summary(0);
        let left = self.front.arrived.saturating_sub(summary.done_with());
        let Summary { done, dropped, failed, .. } = summary;
        self.tell(&Event::Asked { done, dropped, failed, left, workers: &workers });
    }
}
