//! The workers of a run, by slot: what is done to them, and what they have to say.

use super::rest::{WATCHFUL, Woken};
use super::run::{Engine, Phase};
use crate::error::{Cause, Death, Failure, PoolError, Violation};
use crate::event::Event;
use crate::ids::{Generation, Index, Slot};
use crate::sched::{Input, Policy};
use crate::supervise::{Link, News, Spawner};
use crate::sys::process::Kill;

/// Links by slot, and what their failures are reported with.
pub(super) struct Workers {
    spawner: Spawner,
    links: Vec<Option<Link>>,
    generations: Vec<u32>,
    /// Process ids of the last worker of each slot.
    pids: Vec<u32>,
    /// Workers that have made room for others, and are not yet dead.
    retired: Vec<Link>,
    /// Whether each slot's worker had items when that was last told.
    busy: Vec<bool>,
    policy: Policy,
    last_spawn_error: Option<PoolError>,
}

impl Workers {
    pub(super) fn new(spawner: Spawner, policy: &Policy) -> Self {
        let slots = policy.workers as usize;
        Self {
            spawner,
            links: (0..slots).map(|_| None).collect(),
            generations: vec![0; slots],
            pids: vec![0; slots],
            busy: vec![false; slots],
            retired: Vec::new(),
            policy: *policy,
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

    /// Those that are only waited for.
    pub(super) fn retired(&self) -> &[Link] {
        &self.retired
    }

    fn link(&mut self, slot: Slot) -> Option<&mut Link> {
        self.links[slot.at()].as_mut()
    }

    /// An item without a result, as the world is told of it.
    pub(super) fn failure(&self, slot: Slot, index: Index, cause: Cause, attempts: u32) -> Failure {
        let is_tried_again = self.policy.retry_on.contains(cause.class());
        Failure {
            attempts,
            attempts_allowed: match is_tried_again {
                true => self.policy.retries.saturating_add(1),
                false => attempts,
            },
            index,
            cause,
            slot,
            pid: self.pids[slot.at()],
        }
    }

    /// Why no worker can be kept alive.
    pub(super) fn give_up(&mut self, deaths: u32, last: Option<Death>) -> PoolError {
        match (last, self.last_spawn_error.take()) {
            (None, Some(error)) => error,
            (last, _) => PoolError::Breaker { deaths, last: last.unwrap_or(Death::Unknown) },
        }
    }
}

impl Engine<'_, '_> {
    pub(super) fn spawn(&mut self, slot: Slot) {
        let generation = Generation(self.workers.generations[slot.at()]);
        match self.workers.spawner.spawn(slot, generation, self.now) {
            Ok(link) => {
                let pid = link.pid();
                self.workers.generations[slot.at()] += 1;
                self.workers.pids[slot.at()] = pid;
                self.workers.links[slot.at()] = Some(link);
                self.tell(&Event::Spawned { slot, generation, pid });
            }
            Err(error) => {
                self.tell(&Event::SpawnFailed { slot, reason: &error.to_string() });
                self.workers.last_spawn_error = Some(error);
                self.step(Input::SpawnFailed { slot });
            }
        }
    }

    pub(super) fn lease(&mut self, slot: Slot, first: Index, items: u64, attempt: u32) {
        let Some(link) = self.workers.links[slot.at()].as_mut() else { return };
        self.source.cut(first, items, &mut |piece| link.lease(piece, attempt));
    }

    pub(super) fn take_back(&mut self, slot: Slot, items: u64) {
        let outstanding = self.scheduler.outstanding(slot);
        let Some(link) = self.workers.link(slot) else { return };
        match link.take_back(items, outstanding) {
            Ok(taken) => {
                if taken > 0 {
                    self.tell(&Event::TakenBack { slot, items: taken });
                }
                self.took_back |= taken > 0;
                self.step(Input::TakenBack { slot, items: taken });
            }
            Err(violation) => link.condemn(violation),
        }
    }

    pub(super) fn kill_overdue(&mut self, slot: Slot) {
        if let Some(link) = self.workers.link(slot) {
            link.kill(Kill::Kill);
            let pid = link.pid();
            self.tell(&Event::TimedOut { slot, pid });
        }
    }

    /// Hears, empties and, where they died, buries workers; whether anything came.
    pub(super) fn visit_workers(&mut self, woken: &Woken) -> bool {
        let now = self.now;
        let mut progress = false;
        self.workers.retired.retain_mut(|link| link.post_mortem().is_none());
        for at in 0..self.workers.len() {
            let slot = Slot(u32::try_from(at).expect("workers are counted in u32"));
            let Some(link) = self.workers.link(slot) else { continue };
            link.rise();
            if woken.rang(at) && link.listen(now) == News::Ready {
                let pid = link.pid();
                self.tell(&Event::Ready { slot, pid });
                self.step(Input::Ready { slot });
                progress = true;
            }
            progress |= self.drain(slot);
            if woken.died(at) {
                progress |= self.bury(slot);
            } else if let Some(link) = self.workers.link(slot) {
                link.check_deadline(now);
            }
        }
        progress
    }

    /// Takes what a worker has committed; whether there was something.
    fn drain(&mut self, slot: Slot) -> bool {
        let outstanding = self.scheduler.outstanding(slot);
        let Some(link) = self.workers.link(slot) else { return false };
        if link.is_condemned() {
            return false;
        }
        let mut outcomes = self.delivery.buffer();
        match link.drain(outstanding, &mut outcomes) {
            Ok(None) => self.delivery.give_back(outcomes),
            Ok(Some(0)) => {
                self.delivery.give_back(outcomes);
                self.step(Input::Heard { slot });
                return true;
            }
            Ok(Some(items)) => {
                self.delivery.begin(outcomes, items);
                let settled = self.settle_all(slot, items);
                self.delivery.end();
                self.tell(&Event::Settled { slot, items: settled });
                return true;
            }
            Err(violation) => self.condemn(slot, violation),
        }
        false
    }

    /// Tells the scheduler what has become of the items of a commit; how many are settled by that. Errors are told
    /// one by one, where it minds them.
    fn settle_all(&mut self, slot: Slot, items: u64) -> u64 {
        if !self.scheduler.minds_errors() {
            self.step(Input::Committed { slot, items });
            return items;
        }
        let mut settled = items;
        while self.delivery.left() > 0 {
            if let Some(items) = self.delivery.next_outcomes() {
                self.step(Input::Committed { slot, items });
                continue;
            }
            let before = self.delivery.left();
            self.step(Input::Erred { slot });
            if self.delivery.left() == before {
                self.delivery.skip();
                settled -= 1;
            }
        }
        settled
    }

    /// Ends a worker whose slot is somebody else's now.
    pub(super) fn retire(&mut self, slot: Slot) {
        if let Some(link) = self.workers.links[slot.at()].take() {
            link.kill(Kill::Kill);
            let pid = link.pid();
            self.workers.retired.push(link);
            self.tell(&Event::Retired { slot, pid });
        }
    }

    pub(super) fn condemn(&mut self, slot: Slot, violation: Violation) {
        if let Some(link) = self.workers.link(slot) {
            link.condemn(violation);
        }
    }

    /// If the worker is dead: takes what it had committed, then tells the scheduler, then removes it.
    fn bury(&mut self, slot: Slot) -> bool {
        let Some(death) = self.workers.link(slot).and_then(Link::post_mortem) else { return false };
        self.drain(slot);
        let lost = self.scheduler.outstanding(slot);
        let Some(link) = self.workers.links[slot.at()].take() else { return false };
        let pid = link.pid();
        drop(link);
        if matches!(self.phase, Phase::Running) {
            self.tell(&Event::Died { slot, pid, death: &death, lost });
            self.step(Input::Died { slot, death });
        }
        true
    }

    /// Tells the scheduler whom it can no longer count on.
    pub(super) fn tell_condemned(&mut self) {
        for at in 0..self.workers.len() {
            let slot = Slot(u32::try_from(at).expect("workers are counted in u32"));
            if self.workers.link(slot).is_some_and(|link| link.is_condemned()) {
                self.step(Input::Condemned { slot });
            }
        }
    }

    /// Tells whose hands have become full or empty.
    pub(super) fn tell_busy(&mut self) {
        for at in 0..self.workers.len() {
            let slot = Slot(u32::try_from(at).expect("workers are counted in u32"));
            let busy = self.scheduler.outstanding(slot) > 0;
            if std::mem::replace(&mut self.workers.busy[at], busy) != busy {
                self.tell(&Event::Busy { slot, busy });
            }
        }
    }

    /// Looks after those who have items and have not moved for long: the word by which one says that it sleeps may
    /// have been scribbled over, so that it is waited for in vain, and so may the one by which it claims.
    pub(super) fn nudge_if_quiet(&mut self, progress: bool) {
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
