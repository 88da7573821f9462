//! The end of a run that was halted: nobody runs anything any more, and whatever was finished is written, in order,
//! with gaps where items were not.

use super::run::{Engine, Phase};
use crate::event::Event;

impl Engine<'_, '_> {
    /// Whether the run ends by a halt, and results may still come.
    pub(super) fn is_halting(&self) -> bool {
        self.scheduler.has_halted() && !self.has_halted
    }

    /// Once the last worker is dead and drained: lets everything go that was finished.
    pub(super) fn finish_halt(&mut self) {
        if !matches!(self.phase, Phase::Flushing) || !self.is_halting() || !self.workers.are_gone()
        {
            return;
        }
        self.has_halted = true;
        self.delivery.flush(&mut self.writer);
        let summary = self.delivery.summary(0);
        let left = self.arrived - summary.done - summary.failed;
        self.tell(&Event::Halted { left, all: self.input_ended });
    }
}
