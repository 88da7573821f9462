//! What a pool's threads share behind one lock: the crew, the jobs, and who sleeps until when.

use std::collections::HashMap;
use std::os::fd::OwnedFd;
use std::sync::Arc;
use std::time::Duration;

use super::mux::{Mux, Wanted};
use super::pool::Shutdown;
use crate::engine::{Crew, Heard, WATCHFUL};
use crate::error::PoolError;
use crate::ids::Slot;
use crate::sched::{Now, Policy};
use crate::shm::Depth;
use crate::supervise::Link;
use crate::sys::clock::Clock;

/// How far a pool's life is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It takes tasks.
    Open,
    /// It takes none any more, and ends when those it has are done and nobody can bring further items.
    Closing,
    /// It ends when those it has are done.
    Ending,
    /// Its workers are gone.
    Ended,
}

/// What the keeper watches while the lock is free.
pub(super) struct Watched {
    /// Of each slot, its socket and its process.
    pub(super) workers: Vec<(Slot, Option<Arc<OwnedFd>>, Arc<OwnedFd>)>,
    /// Processes that have made room for others: they have to be buried, too.
    pub(super) retired: Vec<Arc<OwnedFd>>,
}

/// How many jobs later a function that is not called is let go.
const STREAMS: u32 = 32;

/// How often a leaving thread looks again at workers that go on committing.
const LOOKS: usize = 3;

pub(super) struct State {
    policy: Policy,
    crew: Crew,
    /// How often the crew was replaced: who was started for an earlier one is not wanted any more.
    pub(super) crews: u32,
    pub(super) mux: Mux,
    /// The jobs of submitted tasks, one for each function.
    pub(super) streams: HashMap<i64, u32>,
    /// How many tasks were submitted.
    pub(super) submitted: u64,
    clock: Clock,
    /// When the keeper wakes by himself at the latest; `None`: not at all.
    planned: Option<Now>,
    pub(super) stage: Stage,
}

/// Items in the largest chunk: of items that take less than a nanosecond, half a millisecond's. What results they have
/// is limited in bytes.
const LARGEST_CHUNK: u64 = 1 << 20;

fn crew(policy: Policy) -> Crew {
    Crew::new(policy).with_largest_chunk(LARGEST_CHUNK)
}

impl State {
    pub(super) fn new(policy: Policy) -> Self {
        Self {
            policy,
            crew: crew(policy),
            crews: 0,
            mux: Mux::default(),
            streams: HashMap::new(),
            submitted: 0,
            clock: Clock::start(),
            planned: Some(Now::ZERO),
            stage: Stage::Open,
        }
    }

    /// The number of a new job. Functions that nobody has called for long are let go, so that workers can forget them
    /// and what came after them.
    pub(super) fn next_job(&mut self) -> u32 {
        let id = self.mux.next_id();
        let mux = &mut self.mux;
        self.streams.retain(|_, stream| *stream + STREAMS > id || !mux.retire(*stream));
        id
    }

    /// Takes what workers have committed and gives them what they want; whether something moved. Only the keeper
    /// knows what was `heard`, so that only he removes workers.
    pub(super) fn turn(&mut self, heard: &Heard) -> bool {
        self.crew.begin_turn(self.clock.now());
        let mut progress = self.crew.visit_workers(&mut self.mux, heard);
        progress |= self.crew.direct(&mut self.mux);
        self.mux.feed(&mut self.crew);
        self.crew.nudge_if_quiet(progress);
        if let Some(error) = self.mux.gave_up() {
            self.abandon(&error);
        }
        progress
    }

    /// Fails everything that is not done, and begins with a new crew, of which nobody is started yet.
    pub(super) fn abandon(&mut self, error: &Arc<PoolError>) {
        self.mux.abandon(error);
        self.crew = crew(self.policy);
        self.crews += 1;
    }

    /// A worker was started on behalf of the scheduler, or could not be.
    pub(super) fn started(&mut self, wanted: Wanted, started: Result<Link, PoolError>) {
        self.crew.begin_turn(self.clock.now());
        self.crew.started(&mut self.mux, wanted.slot, started.map(Some));
    }

    /// Cancels an item of a job, running or not.
    pub(super) fn cancel(&mut self, job: u32, local: u64) {
        let Some(found) = self.mux.job(job) else { return };
        if found.cancel_unfed(local) {
            self.mux.pass_cancelled(job);
        } else if let Some(index) = self.mux.index_of(job, local) {
            self.crew.step(&mut self.mux, crate::sched::Input::Cancel { index });
        }
    }

    /// Takes no further tasks, and ends when those that are there are done.
    pub(super) fn shut_down(&mut self, how: Shutdown) {
        if how == Shutdown::NoWait {
            self.stage = self.stage.max(Stage::Closing);
            return;
        }
        // Who consumes a map may be who waits for the end.
        self.mux.close_maps();
        self.stage = self.stage.max(Stage::Ending);
        match how {
            Shutdown::Wait | Shutdown::NoWait => {}
            Shutdown::CancelPending => self.mux.cancel_unfed(),
            Shutdown::Kill => self.cancel_all(),
        }
    }

    /// Cancels everything, and kills whoever is at it.
    fn cancel_all(&mut self) {
        self.mux.cancel_unfed();
        for index in self.mux.unsettled() {
            self.crew.step(&mut self.mux, crate::sched::Input::Cancel { index });
        }
    }

    /// Prepares for nobody's looking: from here on a worker that has something, or wants something, wakes the keeper.
    /// Whether the keeper has to be woken right now.
    pub(super) fn leave(&mut self) -> bool {
        // Whoever waits for one task wants to know of every result; otherwise it is enough that no worker gets idle.
        let depth = if self.mux.is_awaited() { Depth::Sleep } else { Depth::Nap };
        let mut looks = 0;
        while self.crew.announce(depth) {
            if looks == LOOKS {
                return true;
            }
            looks += 1;
            self.turn(&Heard::default());
        }
        // Whoever has taken the last result is not always the keeper, who knows nothing of it.
        let has_just_ended = self.stage < Stage::Ended && self.is_over();
        has_just_ended || !self.mux.wanted.is_empty() || self.comes_too_late()
    }

    /// Whether the keeper sleeps longer than he may.
    fn comes_too_late(&self) -> bool {
        let Some(planned) = self.planned else {
            return self.crew.scheduler().is_busy() || self.crew.due().is_some();
        };
        self.crew.due().is_some_and(|due| due < planned)
    }

    /// The keeper is about to sleep, for a nap if there was `progress`: how long at most.
    pub(super) fn plan_sleep(&mut self, progress: bool) -> Option<Duration> {
        let depth = if progress { Depth::Nap } else { Depth::Sleep };
        if self.crew.announce(depth) || !self.mux.wanted.is_empty() {
            return Some(Duration::ZERO);
        }
        let now = self.clock.now();
        let next = self.crew.due().map(|due| due.saturating_sub(now));
        let watchful = self.crew.scheduler().is_busy().then_some(WATCHFUL);
        let nap = progress.then_some(crate::engine::NAP);
        let limit = [next, watchful, nap].into_iter().flatten().min();
        self.planned = limit.map(|limit| now + limit);
        limit
    }

    /// What there is to watch in that sleep.
    pub(super) fn watched(&self) -> Watched {
        Watched { workers: self.crew.watched(), retired: self.crew.watched_retired() }
    }

    /// The time, as the scheduler counts it.
    pub(super) fn now(&self) -> Now {
        self.clock.now()
    }

    /// Whether the pool has come to its end, or is about to.
    pub(super) fn is_over(&self) -> bool {
        match self.stage {
            Stage::Open => false,
            Stage::Closing => self.mux.is_forsaken(),
            Stage::Ending => self.mux.is_idle(),
            Stage::Ended => true,
        }
    }
}
