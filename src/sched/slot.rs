//! A slot: the life of its worker and the items in the worker's hands.

use std::collections::VecDeque;
use std::time::Duration;

use super::{Kind, Now};
use crate::ids::Index;

/// A worker that has done all that it had within this time may have twice as much.
const IN_ONE_GO: Duration = Duration::from_millis(100);

/// Where the slot's worker is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// There is none, and none may start before this time.
    Vacant { not_before: Now },
    /// Started; its handshake is not done.
    Starting,
    /// At work, or waiting for work.
    Ready,
    /// Being killed because this item ran longer than it may; it still may commit.
    Overdue(Index, Duration),
    /// Being killed because it has an item that nobody wants any more.
    Unwanted,
    /// Being killed for what it did.
    Condemned,
}

/// Consecutive items given together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lease {
    pub(super) first: Index,
    /// Those not yet committed; at least 1.
    pub(super) items: u64,
    pub(super) attempt: u32,
    /// To be run one by one.
    pub(super) singly: bool,
    pub(super) kind: Kind,
}

/// A slot's state.
#[derive(Debug)]
pub(super) struct SlotState {
    pub(super) phase: Phase,
    /// In the order of giving, which is the order of running.
    leases: VecDeque<Lease>,
    /// The sum of all leases' items.
    outstanding: u64,
    /// Since when its first item is its first item: the last commit, or when it was given work while idle.
    pub(super) since: Now,
    /// Until then, its worker may still be starting what it needs for its first item.
    pub(super) warm_at: Now,
    /// When it was last given work.
    pub(super) given: Now,
    /// How many items it then had, less those taken back.
    laden: u64,
    /// What the last of them were.
    kind: Kind,
    /// How many of that kind it may have, though they seem to take long: it has shown that it does not run long on half
    /// of them.
    reach: u64,
    /// How many items its worker has had, less those taken back.
    pub(super) used: u64,
    /// It runs a suspect and must get nothing else.
    pub(super) is_alone: bool,
    /// A take-back found nothing that is not begun; no use in another before something changes.
    pub(super) is_barren: bool,
    /// Deaths in a row that no item can be blamed for.
    pub(super) idle_deaths: u32,
}

impl SlotState {
    pub(super) fn new() -> Self {
        Self {
            phase: Phase::Vacant { not_before: Now::ZERO },
            leases: VecDeque::new(),
            outstanding: 0,
            since: Now::ZERO,
            warm_at: Now::ZERO,
            given: Now::ZERO,
            laden: 0,
            kind: 0,
            reach: 0,
            used: 0,
            is_alone: false,
            is_barren: false,
            idle_deaths: 0,
        }
    }

    /// Since when its first item takes time that counts.
    pub(super) fn timed_since(&self) -> Now {
        self.since.max(self.warm_at)
    }

    pub(super) fn outstanding(&self) -> u64 {
        self.outstanding
    }

    /// The item that it runs, as far as is known.
    pub(super) fn first(&self) -> Option<Index> {
        self.leases.front().map(|lease| lease.first)
    }

    /// Whether an item is in its hands.
    pub(super) fn has(&self, index: Index) -> bool {
        self.leases.iter().any(|l| (l.first..l.first + l.items).contains(&index))
    }

    /// How many items are in its hands from this one on, which is one of them.
    pub(super) fn from(&self, index: Index) -> u64 {
        let behind = self.leases.iter().rev();
        let mut items = 0;
        for lease in behind {
            if (lease.first..lease.first + lease.items).contains(&index) {
                return items + (lease.first + lease.items - index);
            }
            items += lease.items;
        }
        items
    }

    /// Whether it runs its items one by one, so that the first one is the one that it runs.
    pub(super) fn runs_singly(&self) -> bool {
        self.leases.front().is_some_and(|lease| lease.singly)
    }

    /// The item that it runs, and how often that was started before.
    pub(super) fn first_attempt(&self) -> Option<(Index, u32)> {
        self.leases.front().map(|lease| (lease.first, lease.attempt))
    }

    pub(super) fn leases(&self) -> usize {
        self.leases.len()
    }

    pub(super) fn is_idle(&self) -> bool {
        self.phase == Phase::Ready && self.outstanding == 0
    }

    pub(super) fn is_busy(&self) -> bool {
        self.outstanding > 0
    }

    /// Adds a lease behind the others.
    pub(super) fn push(&mut self, lease: Lease, now: Now) {
        if self.outstanding == 0 {
            self.since = now;
        }
        self.given = now;
        self.is_barren = false;
        self.reach = self.reach(lease.kind);
        self.kind = lease.kind;
        self.outstanding += lease.items;
        self.laden = self.outstanding;
        self.used += lease.items;
        self.leases.push_back(lease);
    }

    /// The kind of the last items that it was given.
    pub(super) fn last_kind(&self) -> Kind {
        self.kind
    }

    /// How many items of a kind it may have, whatever they seem to cost.
    pub(super) fn reach(&self, kind: Kind) -> u64 {
        if kind == self.kind { self.reach } else { 0 }
    }

    /// Takes note of what a commit has left of all that it had; its reach is `most` at most. With empty hands, it has waited
    /// for more: how long is our doing, and says nothing of what items cost.
    pub(super) fn learn_reach(&mut self, most: u64, now: Now) {
        if self.outstanding == 0 {
            if now.saturating_sub(self.given) <= IN_ONE_GO {
                self.reach = self.reach.max(self.laden.saturating_mul(2)).min(most);
            }
        } else if self.outstanding >= self.reach / 2 {
            self.reach -= self.reach.div_ceil(16);
        }
    }

    /// Takes up to `items` from the front of the first lease: what was committed of it.
    pub(super) fn commit_front(&mut self, items: u64) -> Option<Lease> {
        let lease = self.leases.front_mut()?;
        let items = items.min(lease.items);
        let committed = Lease { items, ..*lease };
        lease.first += items;
        lease.items -= items;
        if lease.items == 0 {
            self.leases.pop_front();
        }
        self.outstanding -= items;
        self.is_barren = false;
        Some(committed)
    }

    /// Takes up to `items` from the end of the last lease: what was taken back of it.
    pub(super) fn take_back(&mut self, items: u64) -> Option<Lease> {
        let lease = self.leases.back_mut()?;
        let items = items.min(lease.items);
        lease.items -= items;
        let taken = Lease { first: lease.first + lease.items, items, ..*lease };
        if lease.items == 0 {
            self.leases.pop_back();
        }
        self.outstanding -= items;
        self.laden -= items;
        self.used -= items;
        Some(taken)
    }

    /// Everything that was in its hands, which are then empty.
    pub(super) fn drain(&mut self) -> impl Iterator<Item = Lease> {
        self.outstanding = 0;
        self.reach = 0;
        self.used = 0;
        self.is_alone = false;
        self.is_barren = false;
        std::mem::take(&mut self.leases).into_iter()
    }
}
