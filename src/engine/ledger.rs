//! The journal of a run, from the loop's side: what is written there and when. `journal/README.md` says why that is
//! enough.

use std::io;
use std::time::Duration;

use super::order::Order;
use super::writer::Writer;
use crate::digest::Fingerprint;
use crate::error::RunError;
use crate::ids::Index;
use crate::journal::{Journal, Keeper};
use crate::sched::Now;
use crate::sys::stdio::Output;
use crate::sys::{failpoint, files};

/// How long what is written to a file may wait to be noted. What a kill finds not noted is run again.
const UNNOTED: Duration = Duration::from_millis(50);

/// How often results that wait for their turn are saved, those that have waited as long, and all is put on the disk.
const ROUND: Duration = Duration::from_secs(1);

/// Notes what is finished.
pub(super) struct Ledger {
    journal: Journal,
    keeper: Keeper,
    /// What is written can be taken back: it is in a file that the next run cuts.
    may_cut: bool,
    /// What was noted of the input.
    input: Fingerprint,
    /// When something was noted last.
    noted: Now,
    /// When the last round was.
    round: Now,
    /// Something was noted since the last round.
    is_dirty: bool,
    /// Nothing is noted any more.
    is_closed: bool,
}

impl Ledger {
    /// In this journal, of what goes to `output`.
    ///
    /// # Errors
    /// No descriptor, or no thread, is left.
    pub(super) fn new(journal: Journal, output: &Output) -> Result<Self, RunError> {
        let failed = |source| RunError::Journal { path: journal.path().to_owned(), source };
        let may_cut = output.can_be_cut();
        let results = output.handle().map_err(failed)?;
        let records = journal.handle().map_err(failed)?;
        let keeper = Keeper::start(move || {
            if may_cut {
                files::sync(&results)?;
            }
            files::sync(&records)
        });
        let keeper = keeper.map_err(failed)?;
        let input = Fingerprint::default();
        let (noted, round) = (Now::ZERO, Now::ZERO);
        Ok(Self {
            journal,
            keeper,
            may_cut,
            input,
            noted,
            round,
            is_dirty: false,
            is_closed: false,
        })
    }

    /// An item has failed for good, and is on its way out as one that has.
    pub(super) fn failed(&mut self, index: Index) -> io::Result<()> {
        self.journal.failed(index)
    }

    /// What waits is about to be written. Where that cannot be taken back, the journal says so before.
    pub(super) fn before_write(&mut self, writer: &mut Writer) -> io::Result<()> {
        if self.may_cut || self.is_closed {
            return Ok(());
        }
        failpoint::pass("writing");
        let fresh = writer.progress().map(|progress| progress.announce()).unwrap_or_default();
        for (first, items) in fresh.iter() {
            self.journal.writing(first, items)?;
        }
        if fresh.is_empty() { Ok(()) } else { self.journal.write() }
    }

    /// The end of a turn: notes what is due.
    pub(super) fn note(
        &mut self,
        order: &mut Order,
        writer: &mut Writer,
        input: Option<Fingerprint>,
        now: Now,
    ) -> io::Result<()> {
        if self.is_closed {
            return Ok(());
        }
        let is_due = !self.may_cut || now.saturating_sub(self.noted) >= UNNOTED;
        if is_due {
            self.note_delivered(writer, input, now)?;
        }
        if now.saturating_sub(self.round) >= ROUND {
            self.round = now;
            let journal = &mut self.journal;
            let mut saved = false;
            order.save_old(&mut |first, items, results| {
                saved = true;
                journal.early(first, items, results)
            })?;
            if saved {
                // They rest on input that may not have been noted yet.
                self.note_input(input)?;
                self.journal.write()?;
            }
            if std::mem::take(&mut self.is_dirty) | saved && !self.keeper.request() {
                return Err(io::Error::other("it could not be put on the disk"));
            }
        }
        Ok(())
    }

    fn note_delivered(
        &mut self,
        writer: &mut Writer,
        input: Option<Fingerprint>,
        now: Now,
    ) -> io::Result<()> {
        let delivered = writer.progress().and_then(|progress| progress.take());
        let Some((items, output)) = delivered else { return Ok(()) };
        failpoint::pass("note");
        self.note_input(input)?;
        self.journal.delivered(items.iter().collect(), output)?;
        self.journal.write()?;
        failpoint::pass("noted");
        self.noted = now;
        self.is_dirty = true;
        Ok(())
    }

    fn note_input(&mut self, input: Option<Fingerprint>) -> io::Result<()> {
        match input.filter(|input| input.bytes > self.input.bytes) {
            Some(input) => {
                self.input = input;
                self.journal.input(input)
            }
            None => Ok(()),
        }
    }

    /// When there is something to note, if nothing happens before.
    pub(super) fn due(&self, writer: &Writer) -> Option<Now> {
        (self.may_cut && !self.is_closed && writer.has_delivered()).then_some(self.noted + UNNOTED)
    }

    /// Notes everything that is finished, results that wait included. What is written after that to a file is cut off
    /// by the run that goes on.
    pub(super) fn close(
        &mut self,
        order: &mut Order,
        writer: &mut Writer,
        input: Option<Fingerprint>,
    ) -> io::Result<()> {
        if std::mem::replace(&mut self.is_closed, true) {
            return Ok(());
        }
        failpoint::pass("close");
        self.note_delivered(writer, input, self.noted)?;
        self.note_input(input)?;
        let journal = &mut self.journal;
        order.save_all(&mut |first, items, results| journal.early(first, items, results))?;
        self.journal.write()
    }

    /// The end of the run, in which every item was done with or not: waits until all is on the disk.
    pub(super) fn finish(mut self, is_finished: bool) -> Result<(), RunError> {
        let path = self.journal.path().to_owned();
        let failed = |source| RunError::Journal { path: path.clone(), source };
        if is_finished {
            self.journal.finished().map_err(failed)?;
        }
        self.journal.write().map_err(failed)?;
        failpoint::pass("closed");
        self.keeper.finish().map_err(failed)
    }

    /// What went wrong, with the journal's name.
    pub(super) fn error(&self, source: io::Error) -> RunError {
        RunError::Journal { path: self.journal.path().to_owned(), source }
    }
}
