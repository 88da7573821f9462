//! The end of a run that was halted: nobody runs anything any more, and whatever was finished is written, in order,
//! with gaps where items were not.

use super::run::{Engine, Phase};
use crate::event::Event;

impl Engine<'_, '_> {
    /// Whether the run ends by a halt, and results may still come.
    pub(super) fn is_halting(&self) -> bool {
        self.crew.scheduler.has_halted() && !self.front.has_halted
    }

    /// Once the last worker is dead and drained: lets everything go that was finished.
    pub(super) fn finish_halt(&mut self) {
        let front = &mut self.front;
        let is_flushing = matches!(front.phase, Phase::Flushing);
        let is_due = self.crew.scheduler.has_halted() && !front.has_halted;
        if is_flushing && is_due && self.crew.workers.are_gone() {
            front.has_halted = true;
            front.delivery.flush(&mut front.writer);
            let summary = front.delivery.summary(0);
            let left = front.arrived - summary.done - summary.failed;
            let all = front.input_ended;
            self.tell(&Event::Halted { left, all });
        }
    }
}
