//! The workers of a run, by slot: what is done to them, and what they have to say.

use std::os::fd::OwnedFd;
use std::sync::Arc;

use super::crew::{Author, Crew, Host};
use super::rest::{Heard, WATCHFUL};
use crate::error::{Death, PoolError, Violation};
use crate::event::Event;
use crate::ids::{Generation, Index, Slot};
use crate::sched::{Classes, Input, Now, Policy};
use crate::supervise::{Link, News};
use crate::sys::failpoint;
use crate::sys::process::Kill;

/// Links by slot, and what their failures are reported with.
pub(super) struct Workers {
    links: Vec<Option<Link>>,
    generations: Vec<u32>,
    /// Process ids of the last worker of each slot.
    pids: Vec<u32>,
    /// Since when the first item of each slot had run, when that was last looked at.
    since: Vec<Now>,
    /// Whether each slot's worker had items when that was last told.
    busy: Vec<bool>,
    /// Workers that have made room for others, and are not yet dead.
    retired: Vec<Link>,
    attempts_allowed: u32,
    retry_on: Classes,
    last_spawn_error: Option<PoolError>,
}

impl Workers {
    pub(super) fn new(policy: &Policy) -> Self {
        let slots = policy.workers as usize;
        Self {
            links: (0..slots).map(|_| None).collect(),
            generations: vec![0; slots],
            pids: vec![0; slots],
            since: vec![Now::ZERO; slots],
            busy: vec![false; slots],
            retired: Vec::new(),
            attempts_allowed: policy.retries.saturating_add(1),
            retry_on: policy.retry_on,
            last_spawn_error: None,
        }
    }

    /// Slots with a worker.
    pub(super) fn slots(&self) -> impl Iterator<Item = (Slot, &Link)> {
        (0..).map(Slot).zip(&self.links).filter_map(|(slot, link)| Some((slot, link.as_ref()?)))
    }

    /// Slots with a worker, to change it.
    pub(super) fn slots_mut(&mut self) -> impl Iterator<Item = (Slot, &mut Link)> {
        (0..).map(Slot).zip(&mut self.links).filter_map(|(slot, link)| Some((slot, link.as_mut()?)))
    }

    /// How many slots there are.
    pub(super) fn len(&self) -> usize {
        self.links.len()
    }

    /// Whether no worker is left.
    pub(super) fn are_gone(&self) -> bool {
        self.links.iter().all(Option::is_none) && self.retired.is_empty()
    }

    pub(super) fn kill_all(&self, kill: Kill) {
        self.links.iter().flatten().chain(&self.retired).for_each(|link| link.kill(kill));
    }

    pub(super) fn dismiss_all(&mut self, deadline: Now) {
        let links = self.links.iter_mut().flatten().chain(&mut self.retired);
        links.for_each(|link| link.dismiss(deadline));
    }

    /// Those that are only waited for.
    pub(super) fn retired(&self) -> &[Link] {
        &self.retired
    }

    fn link(&mut self, slot: Slot) -> Option<&mut Link> {
        self.links[slot.at()].as_mut()
    }

    /// The last worker of a slot.
    pub(super) fn author(&self, slot: Slot) -> Author {
        Author {
            slot,
            pid: self.pids[slot.at()],
            attempts_allowed: self.attempts_allowed,
            retry_on: self.retry_on,
            since: self.since[slot.at()],
        }
    }

    /// What the slot's worker runs, before that changes.
    pub(super) fn note_since(&mut self, slot: Slot, running: Option<(Index, u32, Now)>) {
        if let Some((_, _, since)) = running {
            self.since[slot.at()] = since;
        }
    }

    pub(super) fn lease(
        &mut self,
        host: &mut impl Host,
        slot: Slot,
        first: Index,
        items: u64,
        attempt: u32,
        singly: bool,
    ) {
        let Some(link) = self.links[slot.at()].as_mut() else { return };
        host.cut(first, items, &mut |piece| link.lease(piece, attempt, singly));
    }

    /// A worker was started.
    fn welcome(&mut self, slot: Slot, link: Link) -> Generation {
        let generation = Generation(self.generations[slot.at()]);
        self.generations[slot.at()] += 1;
        self.pids[slot.at()] = link.pid();
        self.links[slot.at()] = Some(link);
        generation
    }

    /// Why no worker can be kept alive.
    pub(super) fn give_up(&mut self, deaths: u32, last: Option<Death>) -> PoolError {
        match (last, self.last_spawn_error.take()) {
            (None, Some(error)) => error,
            (Some(death @ Death::Stillborn { .. }), _) => {
                PoolError::Program { starts: deaths, death }
            }
            (Some(death @ Death::OutOfStep), _) => PoolError::OutOfStep(death),
            (last, _) => PoolError::Breaker { deaths, last: last.unwrap_or(Death::Unknown) },
        }
    }
}

impl Crew {
    pub(super) fn spawn(&mut self, host: &mut impl Host, slot: Slot) {
        let generation = Generation(self.workers.generations[slot.at()]);
        let started = host.start(slot, generation, self.now);
        self.started(host, slot, started);
    }

    /// A worker was started, or could not be; `None`: it is still to be.
    pub(crate) fn started(
        &mut self,
        host: &mut impl Host,
        slot: Slot,
        started: Result<Option<Link>, PoolError>,
    ) {
        match started {
            Ok(None) => {}
            Ok(Some(link)) => {
                let pid = link.pid();
                let generation = self.workers.welcome(slot, link);
                host.hear(&Event::Spawned { slot, generation, pid }, self.now);
            }
            Err(error) => {
                host.hear(&Event::SpawnFailed { slot, reason: &error.to_string() }, self.now);
                self.workers.last_spawn_error = Some(error);
                self.step(host, Input::SpawnFailed { slot });
            }
        }
    }

    pub(super) fn take_back(&mut self, host: &mut impl Host, slot: Slot, items: u64) {
        let outstanding = self.scheduler.outstanding(slot);
        let Some(link) = self.workers.link(slot) else { return };
        match link.take_back(items, outstanding) {
            Ok(taken) => {
                if taken > 0 {
                    host.hear(&Event::TakenBack { slot, items: taken }, self.now);
                }
                self.took_back |= taken > 0;
                self.step(host, Input::TakenBack { slot, items: taken });
            }
            Err(violation) => link.condemn(violation),
        }
    }

    pub(super) fn kill_overdue(&mut self, host: &mut impl Host, slot: Slot) {
        if let Some(link) = self.workers.link(slot) {
            link.kill(Kill::Kill);
            let pid = link.pid();
            host.hear(&Event::TimedOut { slot, pid }, self.now);
        }
    }

    /// What there is to watch, of each slot: its socket, unless it is closed, and its process.
    pub(crate) fn watched(&self) -> Vec<(Slot, Option<Arc<OwnedFd>>, Arc<OwnedFd>)> {
        let slots = self.workers.slots();
        slots.map(|(slot, link)| (slot, link.bell_handle(), link.death_handle())).collect()
    }

    /// The processes of those that have made room for others.
    pub(crate) fn watched_retired(&self) -> Vec<Arc<OwnedFd>> {
        self.workers.retired.iter().map(Link::death_handle).collect()
    }

    /// Hears, empties and, where they died, buries workers; whether anything came.
    pub(crate) fn visit_workers(&mut self, host: &mut impl Host, heard: &Heard) -> bool {
        let now = self.now;
        let mut progress = false;
        let before = self.workers.retired.len();
        self.workers.retired.retain_mut(|link| {
            link.check_deadline(now);
            link.post_mortem().is_none()
        });
        self.has_buried |= self.workers.retired.len() < before;
        for at in 0..self.workers.len() {
            let slot = Slot(u32::try_from(at).expect("workers are counted in u32"));
            let Some(link) = self.workers.link(slot) else { continue };
            link.rise();
            let news = if heard.rang(at) { link.listen(now) } else { News::Nothing };
            match news {
                News::Nothing => {}
                News::Ready => {
                    let pid = link.pid();
                    host.hear(&Event::Ready { slot, pid }, self.now);
                    self.step(host, Input::Ready { slot });
                    progress = true;
                }
                News::Begun => self.step(host, Input::Begun { slot }),
            }
            progress |= self.drain(host, slot);
            if heard.died(at) {
                progress |= self.bury(host, slot);
            } else if let Some(link) = self.workers.link(slot) {
                link.check_deadline(now);
            }
        }
        progress
    }

    /// Takes what a worker has committed; whether there was something.
    fn drain(&mut self, host: &mut impl Host, slot: Slot) -> bool {
        let outstanding = self.scheduler.outstanding(slot);
        let Some(link) = self.workers.link(slot) else { return false };
        if link.is_condemned() {
            return false;
        }
        let mut outcomes = std::mem::take(&mut self.spare);
        match link.drain(outstanding, &mut outcomes) {
            Ok(None) => self.give_back(outcomes),
            Ok(Some(0)) => {
                self.give_back(outcomes);
                self.step(host, Input::Heard { slot });
                return true;
            }
            Ok(Some(items)) => {
                self.settle(host, slot, outcomes, items);
                return true;
            }
            Err(violation) => self.condemn(slot, violation),
        }
        false
    }

    /// Ends a worker whose slot is somebody else's now.
    pub(super) fn retire(&mut self, host: &mut impl Host, slot: Slot) {
        let deadline = self.leave();
        if let Some(mut link) = self.workers.links[slot.at()].take() {
            match deadline {
                Some(deadline) => link.dismiss(deadline),
                None => link.kill(Kill::Kill),
            }
            failpoint::pass("retire");
            let pid = link.pid();
            self.workers.retired.push(link);
            host.hear(&Event::Retired { slot, pid }, self.now);
        }
    }

    pub(super) fn condemn(&mut self, slot: Slot, violation: Violation) {
        if let Some(link) = self.workers.link(slot) {
            link.condemn(violation);
        }
    }

    /// If the worker is dead: takes what it had committed, then tells the scheduler, then removes it.
    fn bury(&mut self, host: &mut impl Host, slot: Slot) -> bool {
        let now = self.now;
        let Some(link) = self.workers.link(slot) else { return false };
        // Its last words may have come after we looked for them: why it refuses to work.
        link.listen(now);
        let Some(death) = link.post_mortem() else { return false };
        self.drain(host, slot);
        let lost = self.scheduler.outstanding(slot);
        self.workers.note_since(slot, self.scheduler.running(slot));
        let Some(mut link) = self.workers.links[slot.at()].take() else { return false };
        let (pid, begun) = (link.pid(), link.begun(lost));
        drop(link);
        self.has_buried = true;
        if !self.is_ending {
            host.hear(&Event::Died { slot, pid, death: &death, lost }, self.now);
            self.step(host, Input::Died { slot, death, begun });
        }
        true
    }

    /// Tells the scheduler whom it can no longer count on.
    pub(super) fn tell_condemned(&mut self, host: &mut impl Host) {
        for at in 0..self.workers.len() {
            let slot = Slot(u32::try_from(at).expect("workers are counted in u32"));
            if self.workers.link(slot).is_some_and(|link| link.is_condemned()) {
                self.step(host, Input::Condemned { slot });
            }
        }
    }

    /// Tells whose hands have become full or empty.
    pub(super) fn tell_busy(&mut self, host: &mut impl Host) {
        for at in 0..self.workers.len() {
            let slot = Slot(u32::try_from(at).expect("workers are counted in u32"));
            let busy = self.scheduler.outstanding(slot) > 0;
            if std::mem::replace(&mut self.workers.busy[at], busy) != busy {
                host.hear(&Event::Busy { slot, busy }, self.now);
            }
        }
    }

    /// Looks after those who have items and have not moved for long: the word by which one says that it sleeps may
    /// have been scribbled over, so that it is waited for in vain, and so may the one by which it claims.
    pub(crate) fn nudge_if_quiet(&mut self, progress: bool) {
        if progress {
            self.quiet_since = self.now;
            return;
        }
        if self.now.saturating_sub(self.quiet_since) < WATCHFUL {
            return;
        }
        self.quiet_since = self.now;
        for (slot, link) in self.workers.slots_mut() {
            let outstanding = self.scheduler.outstanding(slot);
            if outstanding > 0 && !link.is_condemned() {
                match link.check_claims(outstanding) {
                    Ok(()) => link.nudge(),
                    Err(violation) => link.condemn(violation),
                }
            }
        }
    }

    /// Moves leases on their way, and wakes those who wait for something we did.
    pub(super) fn serve_workers(&mut self) {
        for (_, link) in self.workers.slots_mut() {
            if link.is_condemned() {
                continue;
            }
            match link.pump() {
                Ok(()) => link.ring(),
                Err(violation) => link.condemn(violation),
            }
        }
    }
}
