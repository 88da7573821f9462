//! Sleeping until there is something to do.

use std::time::Duration;

use super::crew::Crew;
use super::run::{Engine, Phase};
use crate::error::RunError;
use crate::ids::Slot;
use crate::sched::Now;
use crate::shm::Depth;
use crate::supervise::Link;
use crate::sys::failpoint;
use crate::sys::poll::{Found, Interest, Watch};

/// How long to let workers fill their rings before looking again, while they are at it. It bounds how late a
/// result of a busy run is seen, and how often the loop takes a core away from a worker.
pub(crate) const NAP: Duration = Duration::from_millis(1);

/// The longest sleep while a worker has items: one that has scribbled over our sleep word does not ring. One that
/// has scribbled over its own is not rung for, and is nudged as often.
pub(crate) const WATCHFUL: Duration = Duration::from_millis(250);

/// A sleep that takes so much longer than it should was none of ours: somebody froze us, and most likely everybody
/// else of the run.
const FROZEN: Duration = Duration::from_secs(1);

/// A turn that takes longer has waited for something: a screen that stands still, a slow disk.
const BLINK: Duration = Duration::from_millis(10);

/// What a sleep has found.
#[derive(Debug, Default)]
pub(super) struct Woken {
    /// When it was over, and the next turn began.
    pub(super) now: Now,
    pub(super) signal: bool,
    pub(super) input: bool,
    pub(super) reader_gone: bool,
    /// The time since the last turn began, if that is worth mentioning. We may have been stopped for any part of it.
    pub(super) unwatched: Duration,
    /// The time that the last turn took, if that was more than it should; else nothing.
    pub(super) blocked: Duration,
    pub(super) workers: Heard,
}

/// Of each slot: whether its worker has rung, and whether it has died.
#[derive(Debug, Default)]
pub(crate) struct Heard(Vec<(bool, bool)>);

impl Woken {
    /// What there is to do before anything was slept for.
    pub(super) fn at_start(reads_at_once: bool) -> Self {
        Self { input: reads_at_once, ..Self::default() }
    }
}

impl Heard {
    pub(super) fn rang(&self, slot: usize) -> bool {
        self.0.get(slot).is_some_and(|worker| worker.0)
    }

    pub(super) fn died(&self, slot: usize) -> bool {
        self.0.get(slot).is_some_and(|worker| worker.1)
    }

    /// Takes note of a slot.
    pub(crate) fn note(&mut self, slot: Slot, rang: bool, died: bool) {
        if self.0.len() <= slot.at() {
            self.0.resize(slot.at() + 1, (false, false));
        }
        self.0[slot.at()] = (rang, died);
    }
}

impl Engine<'_, '_> {
    /// Sleeps; for a nap if there was `progress`, else until something happens or is due.
    pub(super) fn rest(&mut self, progress: bool) -> Result<Woken, RunError> {
        // All time is a turn's or a sleep's: what falls between two readings of the clock would be an item's.
        let began = self.clock.now();
        let turn = began.saturating_sub(self.crew.now);
        let depth = if progress { Depth::Nap } else { Depth::Sleep };
        let has_news = self.crew.announce(depth);
        let limit = if has_news { Some(Duration::ZERO) } else { self.limit(depth) };

        let wants_input = self.wants_input();
        let mut watch = Watch::with_capacity(3 + 2 * self.crew.workers.len());
        let signals = self.signals.as_ref().map(|signals| watch.add(fd(signals), Interest::Read));
        let readiness = self.front.source.readiness().filter(|_| wants_input);
        let input = readiness.map(|input| watch.add(input, Interest::Read));
        let output = self.front.writer.output();
        let writes = self.front.writer.waiting() > 0;
        let output = (writes || output.has_reader()).then(|| {
            let interest = if writes { Interest::Write } else { Interest::HangUp };
            (watch.add(fd(output), interest), output.has_reader())
        });
        let workers: Vec<_> = self
            .crew
            .workers
            .slots()
            .map(|(slot, link)| {
                let bell = link.bell().map(|bell| watch.add(bell, Interest::Read));
                (slot, bell, watch.add(link.death(), Interest::Read))
            })
            .collect();

        for link in self.crew.workers.retired() {
            watch.add(link.death(), Interest::Read);
        }
        watch.sleep(limit).map_err(RunError::Wait)?;
        failpoint::pass("slept");
        let at =
            |place: Option<usize>| place.map_or_else(Found::default, |place| watch.found(place));
        let mut woken = Woken {
            now: Now::ZERO,
            signal: at(signals).readable,
            input: at(input).readable || (wants_input && readiness.is_none()),
            reader_gone: output
                .is_some_and(|(place, has_reader)| has_reader && watch.found(place).gone),
            unwatched: Duration::ZERO,
            blocked: if turn > BLINK { turn } else { Duration::ZERO },
            workers: Heard::default(),
        };
        for (slot, bell, death) in workers {
            woken.workers.note(slot, at(bell).readable, watch.found(death).readable);
        }
        woken.now = self.clock.now();
        let asleep = woken.now.saturating_sub(began);
        let late = limit.map_or(Duration::ZERO, |limit| asleep.saturating_sub(limit));
        let since = woken.now.saturating_sub(self.crew.now);
        if late > FROZEN {
            self.clock.skip(since);
            woken.now = self.crew.now;
        } else if since > BLINK {
            woken.unwatched = since;
            // What stopped us after the system had looked for us: what made us go on came later still.
            woken.signal |= late > BLINK;
        }
        Ok(woken)
    }

    /// How long to sleep at most.
    fn limit(&self, depth: Depth) -> Option<Duration> {
        let end = match &self.front.phase {
            Phase::Ending { deadline, .. } => Some(*deadline),
            Phase::Running | Phase::Flushing => None,
        };
        let noting = self.front.ledger.as_ref().and_then(|ledger| ledger.due(&self.front.writer));
        let next = [end, noting, self.crew.due()].into_iter().flatten().min();
        let next = next.map(|due| due.saturating_sub(self.clock.now()));
        if depth == Depth::Nap {
            return next.into_iter().chain([NAP]).min();
        }
        let watchful = self.crew.scheduler.is_busy().then_some(WATCHFUL);
        let ticks = self.front.listeners.iter().filter_map(|listener| listener.tick());
        ticks.chain(next).chain(watchful).min()
    }
}

impl Crew {
    /// Tells the workers that we are about to sleep; whether there is something to do at once instead.
    pub(crate) fn announce(&mut self, depth: Depth) -> bool {
        let mut is_needed = false;
        for (_, link) in self.workers.slots_mut() {
            if !link.is_condemned() {
                match link.announce(depth) {
                    Ok(has_news) => is_needed |= has_news,
                    Err(violation) => link.condemn(violation),
                }
            }
        }
        is_needed
    }

    /// When a turn is due, if nothing happens before.
    pub(crate) fn due(&self) -> Option<Now> {
        let retired = self.workers.retired().iter();
        let links = self.workers.slots().map(|(_, link)| link).chain(retired);
        let workers = links.filter_map(Link::deadline);
        let next = if self.is_ending { None } else { self.scheduler.wake_at() };
        workers.chain(next).min()
    }
}

fn fd(of: &impl std::os::fd::AsFd) -> std::os::fd::BorrowedFd<'_> {
    of.as_fd()
}
