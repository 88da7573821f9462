//! A run from its start to its end: the turn of the loop, and what can end it.

use std::io;
use std::time::Duration;

use super::deliver::Delivery;
use super::rest::Woken;
use super::workers::Workers;
use super::writer::Writer;
use crate::error::RunError;
use crate::event::{Event, Listener};
use crate::sched::{Action, Input, Now, Policy, Scheduler, Window};
use crate::source::Source;
use crate::supervise::Spawner;
use crate::sys::clock::{Clock, cpu_time};
use crate::sys::process::Kill;
use crate::sys::signals::Signals;
use crate::sys::stdio::Output;

/// Bytes of results that wait, for their turn or for the reader, above which nothing further is started.
const CONGESTED: usize = 3 << 20;

/// Bytes of input that are kept at hand for each worker, and at most.
const READ_AHEAD: usize = 512 << 10;
const MOST_READ_AHEAD: usize = 4 << 20;

/// Everything a run needs.
pub struct Job {
    /// Where the items come from.
    pub source: Box<dyn Source>,
    /// How workers are started.
    pub spawner: Spawner,
    /// What the scheduler keeps to.
    pub policy: Policy,
    /// Where results go.
    pub output: Output,
    /// The signals that a person sends to the run, if it is to heed any.
    pub signals: Option<Signals>,
    /// What stands in the output in place of a result that there is not, as it is; nothing, if it is empty.
    pub fill: Vec<u8>,
    /// How long workers may take to end once they are asked to, before they are killed.
    pub grace: Duration,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Items with a result.
    pub done: u64,
    /// Items without one.
    pub failed: u64,
    /// Bytes of results.
    pub bytes: u64,
    /// Whether it was ended before all items were done with, as [`Halt`](crate::sched::Halt) asked for.
    pub halted: bool,
}

/// Runs `job` to its end, telling `listeners` what happens.
///
/// # Errors
/// The pool cannot run, input or output fail, the reader of the results goes away, or a signal ends the run;
/// the ordered prefix of finished results has then been written as far as it can be. Whatever the outcome, no
/// worker is left.
pub fn run(job: Job, listeners: &mut [&mut dyn Listener]) -> Result<Summary, RunError> {
    let mut engine = Engine {
        workers: Workers::new(job.spawner, &job.policy),
        window: job.policy.window,
        scheduler: Scheduler::new(job.policy),
        source: job.source,
        input_ended: false,
        arrived: 0,
        delivery: Delivery::new(job.policy.ordered, job.fill),
        writer: Writer::new(job.output),
        signals: job.signals,
        grace: job.grace,
        has_halted: false,
        listeners,
        clock: Clock::start(),
        now: Now::ZERO,
        actions: Vec::new(),
        took_back: false,
        quiet_since: Now::ZERO,
        phase: Phase::Running,
    };
    let outcome = engine.go();
    engine.tell(&Event::Ended { supervisor: cpu_time() });
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
    pub(super) workers: Workers,
    window: Window,
    pub(super) scheduler: Scheduler,
    pub(super) source: Box<dyn Source>,
    pub(super) input_ended: bool,
    pub(super) arrived: u64,
    pub(super) delivery: Delivery,
    pub(super) writer: Writer,
    pub(super) signals: Option<Signals>,
    pub(super) grace: Duration,
    /// It was halted, and what was finished is on its way out.
    pub(super) has_halted: bool,
    pub(super) listeners: &'a mut [&'b mut dyn Listener],
    pub(super) clock: Clock,
    pub(super) now: Now,
    pub(super) actions: Vec<Action>,
    /// Items came back from a slow worker in this turn.
    pub(super) took_back: bool,
    /// Since when nothing has moved, or nobody was nudged for it.
    pub(super) quiet_since: Now,
    pub(super) phase: Phase,
}

impl Engine<'_, '_> {
    fn go(&mut self) -> Result<Summary, RunError> {
        let mut woken = Woken::at_start(self.source.readiness().is_none());
        loop {
            self.now = self.clock.now();
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
        let mut progress = self.visit_workers(woken);
        if woken.input && self.wants_input() {
            progress |= self.read()?;
        }
        if woken.reader_gone {
            return Err(RunError::ReaderGone);
        }
        self.finish_halt();
        self.write()?;
        if matches!(self.phase, Phase::Running) {
            // How far delivery is comes before the handing out that depends on it: nobody would wake us for it.
            self.tell_flow();
            self.tell_busy();
            self.tell_condemned();
            // What comes back from a slow worker is handed out in the same turn, for the same reason.
            self.took_back = true;
            while std::mem::take(&mut self.took_back) {
                self.scheduler.step(Input::Turn, self.now, &mut self.actions);
                progress |= !self.actions.is_empty();
                self.act();
            }
            self.tell_busy();
            self.serve_workers();
        }
        self.nudge_if_quiet(progress);
        self.tell(&Event::TurnEnded);
        Ok(progress)
    }

    /// How the run ended, if it has.
    fn outcome(&mut self) -> Option<Result<Summary, RunError>> {
        let written = self.writer.waiting() == 0;
        match &mut self.phase {
            Phase::Running => None,
            Phase::Flushing => (written && !self.is_halting()).then(|| Ok(self.summary())),
            Phase::Ending { why, deadline } => {
                let is_over = (written && self.workers.are_gone()) || self.now >= *deadline;
                is_over.then(|| Err(std::mem::replace(why, RunError::ReaderGone)))
            }
        }
    }

    pub(super) fn tell(&mut self, event: &Event<'_>) {
        for listener in self.listeners.iter_mut() {
            listener.hear(event, self.now);
        }
    }

    /// Takes note of something, and does what follows from it.
    pub(super) fn step(&mut self, input: Input) {
        self.scheduler.step(input, self.now, &mut self.actions);
        self.act();
    }

    /// Does what the scheduler has said.
    fn act(&mut self) {
        let mut actions = std::mem::take(&mut self.actions);
        for action in actions.drain(..) {
            self.perform(action);
        }
        self.actions = actions;
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Spawn { slot } => self.spawn(slot),
            Action::Lease { slot, first, items, attempt } => {
                self.lease(slot, first, items, attempt)
            }
            Action::TakeBack { slot, items } => self.take_back(slot, items),
            Action::Settle { slot, first, items, attempts } => {
                self.settle(slot, first, items, attempts);
            }
            Action::Fail { slot, index, cause, attempts } => {
                self.fail(slot, index, cause, attempts)
            }
            Action::Retry { slot, index, attempts, class } => {
                self.tell(&Event::Retried { slot, index, attempts, class });
            }
            Action::Retire { slot } => self.retire(slot),
            Action::Kill { slot } => self.kill_overdue(slot),
            Action::GiveUp { deaths, last } => {
                let error = self.workers.give_up(deaths, last);
                self.end(RunError::Pool(error));
            }
            Action::Finish | Action::Halt => {
                // They die while the last results are written.
                self.phase = Phase::Flushing;
                self.workers.kill_all(Kill::Kill);
            }
        }
    }

    /// Whether to read on: not further ahead than serves to keep everybody busy.
    pub(super) fn wants_input(&self) -> bool {
        let at_hand = (READ_AHEAD * (1 + self.workers.len())).min(MOST_READ_AHEAD);
        matches!(self.phase, Phase::Running)
            && !self.input_ended
            && self.source.held() < at_hand
            && self.held() < CONGESTED
    }

    fn summary(&self) -> Summary {
        let summary = self.delivery.summary(self.writer.written());
        Summary { halted: self.has_halted, ..summary }
    }

    /// Bytes of results that wait for their turn or for the reader.
    fn held(&self) -> usize {
        self.writer.waiting() + self.delivery.held()
    }

    fn read(&mut self) -> Result<bool, RunError> {
        let arrived = self.source.read().map_err(RunError::Input)?;
        self.arrived += arrived.items;
        self.input_ended = arrived.ended;
        if arrived.items > 0 {
            self.step(Input::Arrived { items: arrived.items });
        }
        if arrived.ended {
            self.step(Input::Ended);
        }
        if arrived.items > 0 || arrived.ended {
            self.tell(&Event::Arrived { total: self.arrived, ended: arrived.ended });
        }
        Ok(arrived.items > 0)
    }

    fn write(&mut self) -> Result<(), RunError> {
        let written = self.write_on_screen().map_err(|source| {
            if source.kind() == io::ErrorKind::BrokenPipe {
                RunError::ReaderGone
            } else {
                RunError::Output { written: self.writer.written(), source }
            }
        })?;
        if written > 0 {
            self.tell(&Event::Written { bytes: written });
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

    /// Tells the scheduler how far delivery is.
    fn tell_flow(&mut self) {
        self.step(Input::Delivered { next: self.delivery.next() });
        // A window that was asked for says how many results may wait for their turn; nobody asks for results that
        // wait for a reader.
        let waiting = match self.window {
            Window::Auto => self.held(),
            Window::Items(_) => self.writer.waiting(),
        };
        self.step(Input::Congested(waiting >= CONGESTED));
    }
}
