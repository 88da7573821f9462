//! What a run of the command has around its crew: input, output, and whoever listens.

use std::collections::BTreeMap;
use std::io;
use std::time::Duration;

use super::attempts::Erred;
use super::cells;
use super::crew::{Author, Commit, Host, Next};
use super::deliver::Delivery;
use super::ledger::Ledger;
use super::packets;
use super::partials;
use super::run::{Job, Phase};
use super::writer::Writer;
use crate::error::{Death, Failure, PoolError, RunError};
use crate::event::{Event, Listener};
use crate::ids::{Generation, Index, Slot};
use crate::journal::Ranges;
use crate::sched::{Now, Window};
use crate::source::{Arrived, OtherInput, Piece, Source};
use crate::supervise::{Link, Spawner};
use crate::sys::failpoint;
use crate::task::Total;
use crate::value::Cell;
use crate::value::record::{Record, RecordForm};
use crate::wire::{Batch, Encoding, Line};

/// Bytes of results that wait, for their turn or for the reader, above which nothing further is started.
const CONGESTED: usize = 3 << 20;

/// Bytes of input that are kept at hand for each worker, and at most.
const READ_AHEAD: usize = 512 << 10;
const MOST_READ_AHEAD: usize = 4 << 20;

pub(super) struct Front<'a, 'b> {
    spawner: Spawner,
    pub(super) encoding: Encoding,
    pub(super) source: Box<dyn Source>,
    /// What workers were to read is no longer there.
    pub(super) lost_input: Option<RunError>,
    pub(super) input_ended: bool,
    pub(super) arrived: u64,
    window: Window,
    pub(super) delivery: Delivery,
    /// Of what form results are, if they are records.
    records: Option<RecordForm>,
    /// Of what type results are, if the output is an array of them.
    pub(super) array: Option<Cell>,
    /// Workers drop items.
    pub(super) filters: bool,
    /// Items that an earlier run has settled.
    pub(super) settled: Ranges,
    /// Where it is noted what is finished.
    pub(super) ledger: Option<Ledger>,
    /// What has gone wrong with that.
    pub(super) trouble: Option<io::Error>,
    /// A listener wants to be told of every single run of an item.
    pub(super) wants_attempts: bool,
    /// How the last worker of each slot has died that has; kept for those listeners.
    pub(super) deaths: BTreeMap<Slot, Death>,
    /// What is still to be told of an item that is tried again.
    pub(super) erred: Option<Erred>,
    /// What partial results are merged into, until it is told.
    pub(super) total: Option<Total>,
    pub(super) writer: Writer,
    pub(super) listeners: &'a mut [&'b mut dyn Listener],
    grace: Duration,
    pub(super) phase: Phase,
    /// It was halted, and what was finished is on its way out.
    pub(super) has_halted: bool,
}

impl<'a, 'b> Front<'a, 'b> {
    pub(super) fn new(job: Job, listeners: &'a mut [&'b mut dyn Listener]) -> Self {
        let encoding = job.spawner.encoding();
        Self {
            encoding,
            spawner: job.spawner,
            source: job.source,
            lost_input: None,
            input_ended: false,
            arrived: 0,
            window: job.policy.window,
            delivery: Delivery::new(job.policy.ordered, job.fill),
            records: job.records,
            array: job.array,
            filters: job.filters,
            settled: Ranges::default(),
            ledger: None,
            trouble: None,
            wants_attempts: listeners.iter().any(|listener| listener.wants_attempts()),
            deaths: BTreeMap::new(),
            erred: None,
            total: job.reduction.map(Total::new),
            writer: Writer::new(job.output, encoding),
            listeners,
            grace: job.grace,
            phase: Phase::Running,
            has_halted: false,
        }
    }

    pub(super) fn hear_all(&mut self, event: &Event<'_>, now: Now) {
        for listener in self.listeners.iter_mut() {
            listener.hear(event, now);
        }
    }

    /// Whether to read on: not further ahead than serves to keep so many workers busy.
    pub(super) fn wants_input(&self, workers: usize) -> bool {
        let at_hand = (READ_AHEAD * (1 + workers)).min(MOST_READ_AHEAD);
        matches!(self.phase, Phase::Running)
            && !self.input_ended
            && self.source.held() < at_hand
            && self.held() < CONGESTED
    }

    pub(super) fn read(&mut self, now: Now) -> Result<Arrived, RunError> {
        let arrived = self.source.read().map_err(|source| {
            match source.get_ref().and_then(|inner| inner.downcast_ref()) {
                Some(OtherInput(bytes)) => RunError::OtherInput(*bytes),
                None => self.unreadable(source),
            }
        })?;
        self.arrived += arrived.items;
        self.input_ended = arrived.ended;
        if arrived.items > 0 || arrived.ended {
            self.hear(&Event::Arrived { total: self.arrived, ended: arrived.ended }, now);
        }
        Ok(arrived)
    }

    fn unreadable(&self, source: io::Error) -> RunError {
        RunError::Input { from: self.source.name().to_owned(), source }
    }

    pub(super) fn write(&mut self, now: Now) -> Result<(), RunError> {
        if let Some(ledger) = &mut self.ledger {
            let announced = ledger.before_write(&mut self.writer);
            announced.map_err(|error| ledger.error(error))?;
        }
        let written = self.write_on_screen().map_err(|source| {
            if source.kind() == io::ErrorKind::BrokenPipe {
                RunError::ReaderGone
            } else {
                let to = self.writer.output().name().to_owned();
                RunError::Output { to, written: self.writer.written(), source }
            }
        })?;
        if written > 0 {
            self.hear(&Event::Written { bytes: written }, now);
        }
        Ok(())
    }

    fn write_on_screen(&mut self) -> io::Result<u64> {
        let writer = &mut self.writer;
        if writer.waiting() == 0 {
            return Ok(0);
        }
        let mut written = Ok(0);
        match self.listeners.iter_mut().find(|listener| listener.is_in_the_way()) {
            Some(listener) => listener.suspend(&mut || written = writer.write()),
            None => written = writer.write(),
        }
        written
    }

    /// Bytes of results that wait for their turn or for the reader.
    fn held(&self) -> usize {
        self.writer.waiting() + self.delivery.held()
    }

    /// Whether so much waits that nothing further should be started.
    pub(super) fn is_congested(&self) -> bool {
        // A window that was asked for says how many results may wait for their turn; nobody asks for results that
        // wait for a reader.
        let waiting = match self.window {
            Window::Auto => self.held(),
            Window::Items(_) => self.writer.waiting(),
        };
        waiting >= CONGESTED
    }

    /// It ends before its time: what is finished is written, as far as that can be done until the grace is over.
    pub(super) fn end(&mut self, why: RunError, now: Now) {
        self.phase = Phase::Ending { why, deadline: now + self.grace };
    }

    /// The output goes on without this item, or with what shall stand in its place.
    fn pass_over(&mut self, failure: &Failure, time: Option<Duration>) {
        let fill = self.delivery.fill();
        let form = match self.records {
            Some(form) if form.tells_failures() || !fill.is_empty() => form,
            _ => return self.delivery.pass_over(failure.index, &mut self.writer),
        };
        let mut line = Vec::new();
        let (index, error) = (failure.index, failure.cause.to_string());
        let outcome = if form.tells_failures() {
            Err(error.as_str())
        } else {
            Ok(fill.strip_suffix(b"\n").unwrap_or(fill))
        };
        self.source.texts(index, 1, &mut |input| {
            let record = Record {
                index,
                input,
                outcome,
                attempts: failure.attempts,
                worker: failure.slot.0,
                pid: failure.pid,
                time,
            };
            record.append_to(&mut line, form);
        });
        self.delivery.put_failed(index, &line, &mut self.writer);
    }

    /// An item has no result, for good. If it is not its own fault, but that of an input which is no longer there, the run
    /// ends for that instead, with this item and all behind it as if they had not been run.
    pub(super) fn report_and_pass(&mut self, failure: &Failure, time: Option<Duration>, now: Now) {
        if let Err(error) = self.source.check() {
            let error = self.unreadable(error);
            self.lost_input.get_or_insert(error);
            return;
        }
        let item = self.source.describe(failure.index);
        let event = Event::Failed { failure, input: &item.text, line: item.line };
        self.hear(&event, now);
        self.note_failed(failure.index);
        self.pass_over(failure, time);
    }
}

impl Host for Front<'_, '_> {
    fn start(
        &mut self,
        slot: Slot,
        generation: Generation,
        now: Now,
    ) -> Result<Option<Link>, PoolError> {
        self.spawner.spawn(slot, generation, now).map(Some)
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        self.source.cut(first, items, take);
    }

    fn settle(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        commit: &mut Commit,
        now: Now,
    ) {
        failpoint::pass("deliver");
        self.deliver(author, first, items, attempts, commit, now);
        self.source.settle(first, items);
    }

    fn next_outcomes(&self, commit: &Commit) -> Next {
        match self.encoding {
            Encoding::Lines => {}
            Encoding::Packets => return packets::next_outcomes(commit),
            Encoding::Partials => return partials::next_outcomes(commit),
            Encoding::Cells { .. } => return cells::next_outcomes(commit),
        }
        let batch = Batch::new(&commit.bytes[commit.at..]);
        if !self.filters && batch.all_results().is_some() {
            return Next::Good { items: commit.left, dropped: 0 };
        }
        let good = batch.lines().take_while(|line| !matches!(line, Line::Failure(_)));
        let (items, dropped) = good.fold((0, 0), |(items, dropped), line| {
            (items + 1, dropped + u64::from(self.filters && line == Line::Dropped))
        });
        if items > 0 { Next::Good { items, dropped } } else { Next::Error }
    }

    fn skip(&mut self, commit: &mut Commit) {
        self.tell_skipped(commit);
        match self.encoding {
            Encoding::Lines => {}
            Encoding::Packets | Encoding::Partials | Encoding::Cells { .. } => {
                return packets::skip(commit);
            }
        }
        commit.at += Batch::new(&commit.bytes[commit.at..]).split(1).0.byte_len();
        commit.left -= 1;
    }

    fn fail(&mut self, failure: Failure, since: Now, now: Now) {
        if self.wants_attempts {
            let Failure { index, cause, slot, pid, attempts, .. } = &failure;
            self.tell_failure((*slot, *pid), *index, *attempts, cause, since, now);
        }
        self.report_and_pass(&failure, Some(now.saturating_sub(since)), now);
        self.source.settle(failure.index, 1);
    }

    fn hear(&mut self, event: &Event<'_>, now: Now) {
        if self.wants_attempts {
            match event {
                Event::Died { slot, death, .. } => {
                    self.deaths.insert(*slot, (*death).clone());
                }
                Event::Retried { slot, pid, index, attempts, class, since } => {
                    self.tell_retried((*slot, *pid), *index, *attempts, *class, *since, now);
                }
                _ => {}
            }
        }
        self.hear_all(event, now);
    }

    fn give_up(&mut self, error: PoolError, now: Now) {
        self.end(RunError::Pool(error), now);
    }

    fn finish(&mut self) {
        failpoint::pass("finish");
        self.phase = Phase::Flushing;
    }
}
