//! A run from its start to its end: the turn of the loop, and what can end it.

use std::time::Duration;

use super::crew::{Crew, Host};
use super::front::Front;
use super::rest::Woken;
use crate::error::RunError;
use crate::event::{Event, Listener};
use crate::ids::Index;
use crate::journal::Session;
use crate::sched::{Input, Now, Policy};
use crate::source::Source;
use crate::supervise::Spawner;
use crate::sys::children::Orphans;
use crate::sys::clock::{Clock, cpu_time};
use crate::sys::signals::Signals;
use crate::sys::stdio::Output;
use crate::task::Reduction;
use crate::value::Cell;
use crate::value::record::RecordForm;

/// Everything a run needs.
pub struct Job {
    /// Where the items come from.
    pub source: Box<dyn Source>,
    /// How workers are started.
    pub spawner: Spawner,
    /// What the scheduler keeps to.
    pub policy: Policy,
    /// Where results go. Of a file, what an earlier run has not noted as finished is cut off.
    pub output: Output,
    /// The item to begin with; those before it count as done.
    pub first: Index,
    /// Where it is noted what is finished, and what was noted already.
    pub session: Option<Session>,
    /// The signals that a person sends to the run, if it is to heed any.
    pub signals: Option<Signals>,
    /// What stands in the output in place of a result that there is not, as it is; nothing, if it is empty.
    pub fill: Vec<u8>,
    /// Of what form results are, if they are records.
    pub records: Option<RecordForm>,
    /// Of what type results are, if they are to be an array in `output`, which has room for its header.
    pub array: Option<Cell>,
    /// Whether workers drop items that are not wanted.
    pub filters: bool,
    /// What workers leave behind when they are killed, if they start programs.
    pub orphans: Option<Orphans>,
    /// To what results are reduced, if they are: as workers were told.
    pub reduction: Option<Reduction>,
    /// How long workers may take to end once they are asked to, before they are killed.
    pub grace: Duration,
    /// Whether workers that are not needed any more are asked to end, and get that grace; else they are killed.
    pub takes_leave: bool,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Items with a result.
    pub done: u64,
    /// Items that were not wanted.
    pub dropped: u64,
    /// Items that should have one and have none.
    pub failed: u64,
    /// Whether results were to be reduced to one, and none came out.
    pub lacks_total: bool,
    /// Bytes of results.
    pub bytes: u64,
    /// Whether it was ended before all items were done with, as [`Halt`](crate::sched::Halt) asked for.
    pub halted: bool,
}

impl Summary {
    /// Items about which nothing is left to be found out.
    pub(super) fn done_with(&self) -> u64 {
        self.done + self.dropped + self.failed
    }
}

/// Runs `job` to its end, telling `listeners` what happens.
///
/// # Errors
/// The pool cannot run, input or output fail, the reader of the results goes away, or a signal ends the run;
/// the ordered prefix of finished results has then been written as far as it can be. Whatever the outcome, no
/// worker is left.
pub fn run(mut job: Job, listeners: &mut [&mut dyn Listener]) -> Result<Summary, RunError> {
    let (signals, session, first) = (job.signals.take(), job.session.take(), job.first);
    let orphans = job.orphans.take();
    let crew = Crew::new(job.policy).with_grace(job.takes_leave.then_some(job.grace));
    let front = Front::new(job, listeners);
    let mut engine = Engine { crew, front, signals, orphans, clock: Clock::start() };
    let outcome = engine.front.begin(session, first).and_then(|()| engine.go());
    let outcome = engine.front.seal(outcome);
    let outcome = engine.close(outcome);
    // What has happened since the last turn began takes time, too: of a run without items, all of it.
    engine.crew.now = engine.clock.now();
    engine.tell(&Event::Ended { supervisor: cpu_time() });
    let orphans = engine.orphans.take();
    // With it go the workers, and what they leave behind becomes ours.
    drop(engine);
    if let Some(orphans) = orphans {
        orphans.end_all();
    }
    outcome
}

/// How far a run is.
pub(super) enum Phase {
    Running,
    /// Every item is settled; the last results are being written.
    Flushing,
    /// It ends before its time: what is finished is still written, until `deadline`.
    Ending {
        why: RunError,
        deadline: Now,
    },
}

pub(super) struct Engine<'a, 'b> {
    pub(super) crew: Crew,
    pub(super) front: Front<'a, 'b>,
    pub(super) signals: Option<Signals>,
    orphans: Option<Orphans>,
    pub(super) clock: Clock,
}

impl Engine<'_, '_> {
    fn go(&mut self) -> Result<Summary, RunError> {
        let mut woken = Woken::at_start(self.front.source.readiness().is_none());
        loop {
            self.crew.begin_turn(woken.now);
            let progress = self.turn(&woken)?;
            if let Some(outcome) = self.outcome() {
                return outcome;
            }
            woken = self.rest(progress)?;
        }
    }

    /// One turn; whether something moved, so that more is likely to follow soon.
    fn turn(&mut self, woken: &Woken) -> Result<bool, RunError> {
        if woken.signal {
            self.hear_signals(woken);
        }
        if !woken.blocked.is_zero() {
            self.step(Input::Unwatched { time: woken.blocked });
        }
        let mut progress = self.crew.visit_workers(&mut self.front, &woken.workers);
        if let Some(orphans) = &self.orphans {
            if self.crew.has_buried() {
                // Those below them are ours only when they are dead: look again soon.
                let is_over = !orphans.end(&self.crew.pids());
                self.crew.forget_buried(is_over);
                progress |= !is_over;
            }
        }
        if woken.input && self.wants_input() {
            progress |= self.read();
        }
        if woken.reader_gone {
            return Err(RunError::ReaderGone);
        }
        self.finish_halt();
        self.front.write(self.crew.now)?;
        if matches!(self.front.phase, Phase::Running) {
            // How far delivery is comes before the handing out that depends on it: nobody would wake us for it.
            self.tell_flow();
            progress |= self.crew.direct(&mut self.front);
        }
        if let Some(error) = self.front.lost_input.take() {
            self.end(error);
        }
        self.finish_total()?;
        self.crew.nudge_if_quiet(progress);
        self.tell(&Event::TurnEnded);
        self.front.note(self.crew.now)?;
        Ok(progress)
    }

    /// How the run ended, if it has.
    fn outcome(&mut self) -> Option<Result<Summary, RunError>> {
        let is_halting = self.is_halting();
        let front = &mut self.front;
        let written = front.writer.waiting() == 0;
        match &mut front.phase {
            Phase::Running => None,
            Phase::Flushing if is_halting || !written || self.crew.is_taking_leave() => None,
            Phase::Flushing => {
                let summary = front.delivery.summary(front.writer.written());
                Some(Ok(Summary { halted: front.has_halted, ..summary }))
            }
            Phase::Ending { why, deadline } => {
                let is_over =
                    (written && self.crew.workers.are_gone()) || self.crew.now >= *deadline;
                is_over.then(|| Err(std::mem::replace(why, RunError::ReaderGone)))
            }
        }
    }

    /// Leaves what a later run needs to go on.
    fn close(&mut self, outcome: Result<Summary, RunError>) -> Result<Summary, RunError> {
        let is_finished = outcome.as_ref().is_ok_and(|summary| !summary.halted);
        let closed = self.front.finish_ledger(is_finished);
        // What came first is told; the other is most likely due to it.
        outcome.and_then(|summary| closed.map(|()| summary))
    }

    pub(super) fn tell(&mut self, event: &Event<'_>) {
        self.front.hear(event, self.crew.now);
    }

    fn step(&mut self, input: Input) {
        self.crew.step(&mut self.front, input);
    }

    pub(super) fn wants_input(&self) -> bool {
        self.front.wants_input(self.crew.workers.len())
    }

    /// Reads on; whether items have come. What was read before an error is not lost by it: what is finished is written.
    fn read(&mut self) -> bool {
        let first = self.front.arrived;
        let arrived = match self.front.read(self.crew.now) {
            Ok(arrived) => arrived,
            Err(error) => {
                self.end(error);
                return false;
            }
        };
        for (first, items, is_settled) in self.front.settled.split(first, arrived.items) {
            if is_settled {
                self.front.source.settle(first, items);
                self.step(Input::Passed { items });
            } else {
                self.step(Input::Arrived { items, kind: 0 });
            }
        }
        if arrived.ended {
            self.step(Input::Ended);
        }
        arrived.items > 0
    }

    /// Tells the scheduler how far delivery is.
    fn tell_flow(&mut self) {
        self.step(Input::Delivered { next: self.front.delivery.next() });
        self.step(Input::Congested(self.front.is_congested()));
    }
}
