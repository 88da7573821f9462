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
        let is_flushing = matches!(self.front.phase, Phase::Flushing);
        if is_flushing && self.is_halting() && self.crew.workers.are_gone() {
            let front = &mut self.front;
            front.has_halted = true;
            // Results behind a gap go into a file all the same, but a run that goes on cuts them off, and finds them in
            // the journal. Elsewhere, what is written is written.
            if front.writer.output().can_be_cut() {
                if let Err(error) = front.close_ledger() {
                    front.end(error, self.crew.now);
                    return;
                }
            }
            front.delivery.flush(&mut front.writer);
            let summary = front.delivery.summary(0);
            let left = front.arrived.saturating_sub(summary.done_with());
            let all = front.input_ended;
            self.tell(&Event::Halted { left, all });
        }
    }
}
