//! Handing out work: suspects alone, what came back first, then what is new; then starting workers for what
//! is left, and taking back from the slow for the idle.

use std::time::Duration;

use super::cost::CHUNKS_AHEAD;
use super::scheduler::{Innocents, Scheduler, Suspect, slot};
use super::slot::{Lease, Phase, SlotState};
use super::{Action, ChunkSize, Kind, Now, Window};
use crate::ids::Index;

/// The most leases in one worker's hands.
pub(super) const LEASES: usize = 2048;

/// Work worth taking back from a worker that is getting on with it.
const WORTH_TAKING: Duration = Duration::from_micros(500);

/// What it costs to start a worker, about: less work than that is not worth another one.
const START: Duration = Duration::from_millis(1);

/// How long what was given is left alone. In the turn in which it is given it is not on its way yet: it would go
/// back and forth between two idle workers for ever.
const ON_ITS_WAY: Duration = Duration::from_micros(100);

/// How long a worker may go without a commit before what it has not begun is taken back, however little it
/// was expected to cost.
const PATIENCE: Duration = Duration::from_millis(1);

/// Items that wait to be tried again, above which nothing fresh is started: they are kept in memory.
const MOST_SUSPECTS: usize = 4096;

impl Scheduler {
    pub(super) fn dispatch(&mut self, now: Now, actions: &mut Vec<Action>) {
        self.retire(now, actions);
        if self.halting {
            return self.take_all_back(actions);
        }
        self.lease_suspects(now, actions);
        // Who has nothing comes first: what was taken back for an idle worker must not return to its owner.
        for at in 0..self.slots.len() {
            if self.slots[at].is_idle() {
                self.lease_chunk(at, now, actions);
            }
        }
        // Chunk by chunk, so that what there is gets spread over all who want it.
        let mut any = true;
        while any {
            any = false;
            for at in 0..self.slots.len() {
                any |= self.lease_chunk(at, now, actions);
            }
        }
        self.spawn(now, actions);
        self.take_back(now, actions);
    }

    /// Ends workers that have run as many items as they may; their slots are free at once.
    fn retire(&mut self, now: Now, actions: &mut Vec<Action>) {
        for (at, state) in self.slots.iter_mut().enumerate().filter(|(_, state)| state.is_idle()) {
            if self.policy.tasks_per_worker.is_some_and(|most| state.used >= most.get()) {
                state.used = 0;
                state.phase = Phase::Vacant { not_before: now };
                actions.push(Action::Retire { slot: slot(at) });
            }
        }
    }

    /// Nothing further shall be begun: takes back what is not.
    fn take_all_back(&mut self, actions: &mut Vec<Action>) {
        for (at, state) in self.slots.iter().enumerate() {
            if state.phase == Phase::Ready && state.outstanding() >= 2 && !state.is_barren {
                let items = state.outstanding() - 1;
                actions.push(Action::TakeBack { slot: slot(at), items });
            }
        }
    }

    fn lease_suspects(&mut self, now: Now, actions: &mut Vec<Action>) {
        for (at, state) in self.slots.iter_mut().enumerate().filter(|(_, state)| state.is_idle()) {
            let first = self.suspects.first_entry().filter(|entry| entry.key().0 <= now);
            let Some(suspect) = first else { return };
            let ((_, first), Suspect { attempts: attempt, kind }) = suspect.remove_entry();
            let lease = Lease { first, items: 1, attempt, singly: true, kind };
            state.push(lease, now);
            state.is_alone = true;
            push_lease(actions, at, lease);
        }
    }

    /// Gives the slot its next chunk, if it wants one and there is one.
    fn lease_chunk(&mut self, at: usize, now: Now, actions: &mut Vec<Action>) -> bool {
        let kind = self.next_kind();
        let state = &self.slots[at];
        let chunk = match self.policy.chunk {
            ChunkSize::Items(items) => items.get(),
            ChunkSize::Auto => self.auto_chunk(kind, state),
        };
        // While a suspect waits for an idle worker, nobody gets more than the next chunk.
        let limit = if self.due_suspects() == 0 { self.ahead(kind, chunk, state) } else { 1 };
        let may_have = match self.policy.tasks_per_worker {
            Some(most) => most.get().saturating_sub(state.used),
            None => u64::MAX,
        };
        let wants = state.phase == Phase::Ready
            && !state.is_alone
            && state.outstanding() < limit
            && state.leases() < LEASES
            && may_have > 0;
        if !wants {
            return false;
        }
        let Some(lease) = self.next_items(chunk.min(may_have)) else { return false };
        self.slots[at].push(lease, now);
        push_lease(actions, at, lease);
        true
    }

    /// How many further items of a kind would be handed out in a turn, those that wait not counted: what the workers
    /// would take, and one for each that could be started.
    #[must_use]
    pub fn appetite(&self, kind: Kind) -> u64 {
        let chunk = |state| match self.policy.chunk {
            ChunkSize::Items(items) => items.get(),
            ChunkSize::Auto => self.usual_chunk(kind, state),
        };
        let wanted = self.slots.iter().map(|state| match state.phase {
            Phase::Ready if !state.is_alone => {
                self.ahead(kind, chunk(state), state).saturating_sub(state.outstanding())
            }
            Phase::Vacant { .. } | Phase::Starting => 1,
            _ => 0,
        });
        wanted.sum()
    }

    /// How many items a worker should have in its hands, in chunks of `chunk`.
    fn ahead(&self, kind: Kind, chunk: u64, state: &SlotState) -> u64 {
        self.costs.of(kind).ahead(chunk).max(state.reach(kind))
    }

    /// Half a millisecond of work, or the same part of a worker's reach.
    fn usual_chunk(&self, kind: Kind, state: &SlotState) -> u64 {
        let of_reach = state.reach(kind) / u64::from(CHUNKS_AHEAD);
        self.costs.of(kind).chunk(self.largest_chunk).max(of_reach)
    }

    /// The usual chunk, and towards the end of the input a fair share of what is left.
    fn auto_chunk(&self, kind: Kind, state: &SlotState) -> u64 {
        let chunk = self.usual_chunk(kind, state);
        if !self.ended {
            return chunk;
        }
        let left = self.waiting() + self.innocents();
        chunk.min(left / (2 * u64::from(self.policy.workers))).max(1)
    }

    fn next_items(&mut self, chunk: u64) -> Option<Lease> {
        if let Some(entry) = self.pending.first_entry() {
            let (first, Innocents { items, singly, kind }) = entry.remove_entry();
            let taken = items.min(chunk);
            if taken < items {
                let left = Innocents { items: items - taken, singly, kind };
                self.pending.insert(first + taken, left);
            }
            return Some(Lease { first, items: taken, attempt: 0, singly, kind });
        }
        let first = self.fresh.start;
        let hole = self.holes.first().map_or(u64::MAX, |hole| hole - first);
        let items = chunk.min(self.open()).min(hole);
        self.fresh.start += items;
        self.pass_holes();
        let lease = Lease { first, items, attempt: 0, singly: false, kind: self.kind };
        (items > 0).then_some(lease)
    }

    /// The kind of the items that are handed out next.
    fn next_kind(&self) -> Kind {
        self.pending.first_key_value().map_or(self.kind, |(_, innocents)| innocents.kind)
    }

    fn innocents(&self) -> u64 {
        self.pending.values().map(|innocents| innocents.items).sum()
    }

    /// How many fresh items may be started now.
    fn open(&self) -> u64 {
        if self.congested || self.suspects.len() >= MOST_SUSPECTS {
            return 0;
        }
        let window = match self.policy.window {
            Window::Items(items) => {
                let passed = self.passed.saturating_sub(self.holes.total());
                let settled = self.settled + passed;
                let base = if self.policy.ordered { self.delivered } else { settled };
                items.get().saturating_sub(self.fresh.start.saturating_sub(base))
            }
            Window::Auto => u64::MAX,
        };
        window.min(self.waiting())
    }

    /// Suspects that may be tried again now: of more than there are workers, as many as there are workers.
    fn due_suspects(&self) -> u64 {
        let due = self.suspects.range(..=(self.now, Index::MAX));
        due.take(self.slots.len()).count() as u64
    }

    /// Items that could be handed out if somebody took them.
    pub(super) fn unleased(&self) -> u64 {
        self.due_suspects() + self.innocents() + self.open()
    }

    /// Starts workers for what nobody took: at once as many as there are cores, and more where that pays off.
    fn spawn(&mut self, now: Now, actions: &mut Vec<Action>) {
        let mut wanted = self.wanted();
        if self.growth_pays_off_at().is_none_or(|at| now < at) {
            wanted = wanted.min(u64::from(self.policy.cores).saturating_sub(self.alive()));
        }
        for (at, state) in self.slots.iter_mut().enumerate() {
            if wanted == 0 {
                return;
            }
            if matches!(state.phase, Phase::Vacant { not_before } if not_before <= now) {
                state.phase = Phase::Starting;
                actions.push(Action::Spawn { slot: slot(at) });
                wanted -= 1;
            }
        }
    }

    fn count(&self, phase: Phase) -> u64 {
        self.slots.iter().filter(|state| state.phase == phase).count() as u64
    }

    fn alive(&self) -> u64 {
        self.count(Phase::Starting) + self.count(Phase::Ready)
    }

    /// How many workers could be of use beside those that are there.
    fn wanted(&self) -> u64 {
        self.unleased().saturating_sub(self.count(Phase::Starting))
    }

    /// From when on more workers than cores are worth their start: when what nobody took is known to take
    /// longer than a start, or when a worker has kept everybody waiting for longer than that. `None`: not as
    /// things stand.
    fn growth_pays_off_at(&self) -> Option<Now> {
        if self.costs.of(self.next_kind()).time(self.unleased()).is_some_and(|cost| cost >= START) {
            return Some(Now::ZERO);
        }
        let busy = self.slots.iter().filter(|state| state.is_busy());
        busy.map(|state| state.since + START).min()
    }

    /// When a worker can be started that could not be so far.
    pub(super) fn next_start(&self) -> Option<Now> {
        if self.wanted() == 0 {
            return None;
        }
        let vacant = self.slots.iter().filter_map(|state| match state.phase {
            Phase::Vacant { not_before } => Some(not_before),
            _ => None,
        });
        let first = vacant.min()?;
        if self.alive() < u64::from(self.policy.cores) {
            return Some(first);
        }
        Some(first.max(self.growth_pays_off_at()?))
    }

    /// For an idle worker with nothing left to hand out: half of what somebody has and has not begun.
    fn take_back(&mut self, now: Now, actions: &mut Vec<Action>) {
        let Some((at, state)) = self.take_back_candidate() else { return };
        if now >= self.take_back_time(state) {
            let items = state.outstanding().div_ceil(2);
            actions.push(Action::TakeBack { slot: slot(at), items });
        }
    }

    pub(super) fn next_take_back(&self) -> Option<Now> {
        self.take_back_candidate().map(|(_, state)| self.take_back_time(state))
    }

    fn take_back_candidate(&self) -> Option<(usize, &SlotState)> {
        if self.unleased() > 0 || !self.slots.iter().any(SlotState::is_idle) {
            return None;
        }
        let laden = self.slots.iter().enumerate().filter(|(_, state)| {
            state.phase == Phase::Ready && state.outstanding() >= 2 && !state.is_barren
        });
        laden.max_by_key(|(_, state)| state.outstanding())
    }

    fn take_back_time(&self, state: &SlotState) -> Now {
        let due = match self.costs.of(state.last_kind()).time(state.outstanding()) {
            Some(cost) if cost >= WORTH_TAKING => state.since,
            _ => state.since + PATIENCE,
        };
        due.max(state.given + ON_ITS_WAY)
    }
}

fn push_lease(actions: &mut Vec<Action>, at: usize, lease: Lease) {
    let Lease { first, items, attempt, singly, .. } = lease;
    actions.push(Action::Lease { slot: slot(at), first, items, attempt, singly });
}
