//! Going on with an earlier run, and leaving what a later one needs.

use super::front::Front;
use super::ledger::Ledger;
use crate::error::RunError;
use crate::event::Event;
use crate::ids::Index;
use crate::journal::{Known, Session};
use crate::sched::Now;
use crate::sys::failpoint;

impl Front<'_, '_> {
    /// Begins where an earlier run has ended; or anew at `first`, if there was none.
    pub(super) fn begin(&mut self, session: Option<Session>, first: Index) -> Result<(), RunError> {
        let Some(Session { journal, known }) = session else {
            let mut known = Known::default();
            known.delivered.insert(0, first);
            self.settled = known.settled();
            self.delivery.go_on(known, first, &mut self.writer);
            return self.cut_output(0);
        };
        self.writer.keep_account(known.output.clone());
        self.cut_output(known.output.bytes())?;
        failpoint::pass("go_on");
        self.ledger = Some(Ledger::new(journal, self.writer.output())?);
        self.settled = known.settled();
        if !self.settled.is_empty() || !known.doubtful.is_empty() || known.lost_output {
            self.tell_resumed(&known);
        }
        self.delivery.go_on(known, self.settled.len(), &mut self.writer);
        Ok(())
    }

    /// What the file of results holds from there on is of no use.
    fn cut_output(&mut self, length: u64) -> Result<(), RunError> {
        self.unseal()?;
        let output = self.writer.output();
        let to = || output.name().to_owned();
        output.cut(length).map_err(|source| RunError::Output { to: to(), written: 0, source })
    }

    fn tell_resumed(&mut self, known: &Known) {
        let first = known.doubtful.iter().next().map(|(first, _)| first);
        let event = Event::Resumed {
            settled: self.settled.len(),
            failed: known.failed.len() as u64,
            doubtful: first.map(|first| (first, known.doubtful.end() - 1)),
            lost_output: known.lost_output,
        };
        self.hear_all(&event, Now::ZERO);
    }

    /// An item has failed for good.
    pub(super) fn note_failed(&mut self, index: Index) {
        if let Some(ledger) = &mut self.ledger {
            if let Err(error) = ledger.failed(index) {
                self.trouble.get_or_insert(error);
            }
        }
    }

    /// The end of a turn: notes what is due.
    pub(super) fn note(&mut self, now: Now) -> Result<(), RunError> {
        let Some(ledger) = &mut self.ledger else { return Ok(()) };
        let trouble = self.trouble.take().map_or(Ok(()), Err);
        let input = self.source.fingerprint();
        let order = self.delivery.order();
        let noted = trouble.and_then(|()| ledger.note(order, &mut self.writer, input, now));
        noted.map_err(|error| ledger.error(error))
    }

    /// Notes everything that is finished.
    pub(super) fn close_ledger(&mut self) -> Result<(), RunError> {
        let Some(ledger) = &mut self.ledger else { return Ok(()) };
        let input = self.source.fingerprint();
        let closed = ledger.close(self.delivery.order(), &mut self.writer, input);
        closed.map_err(|error| ledger.error(error))
    }

    /// The run is over; whether every item was done with.
    pub(super) fn finish_ledger(&mut self, is_finished: bool) -> Result<(), RunError> {
        self.close_ledger()?;
        self.ledger.take().map_or(Ok(()), |ledger| ledger.finish(is_finished))
    }
}
