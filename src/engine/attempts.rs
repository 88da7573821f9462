//! Every single run of an item, told to those who want to know.

use std::time::Duration;

use super::cells;
use super::crew::{Author, Commit};
use super::front::Front;
use super::packets;
use crate::error::{Cause, Class, Death};
use crate::event::{Attempt, Event};
use crate::ids::{Index, Slot};
use crate::sched::Now;
use crate::sys::process;
use crate::wire::{Batch, Encoding, Line};

/// An item that took so long is worth a look at its worker's memory, which takes 10 to 20 us.
const WORTH_A_LOOK: Duration = Duration::from_millis(10);

/// A run of an item that is tried again for what it said itself, until it is known what that was.
pub(super) struct Erred {
    slot: Slot,
    pid: u32,
    index: Index,
    attempts: u32,
    since: Now,
    now: Now,
}

/// The outcome of one run of an item: the bytes of its result, or why it has none.
pub(super) type Told = (u64, Option<Cause>);

/// What lines tell.
fn told_by_lines(batch: Batch<'_>) -> impl Iterator<Item = Told> {
    batch.lines().map(|line| match line {
        Line::Result(result) => (result.len() as u64, None),
        Line::Dropped => (0, None),
        Line::Failure(message) => {
            (0, Some(Cause::Failed(String::from_utf8_lossy(message).into_owned())))
        }
    })
}

impl Front<'_, '_> {
    /// The outcomes of so many items, with which what is left of a commit begins, are about to be delivered.
    pub(super) fn tell_outcomes(
        &mut self,
        author: Author,
        (first, count): (Index, u64),
        attempts: u32,
        commit: &Commit,
        now: Now,
    ) {
        if !self.wants_attempts {
            return;
        }
        match self.encoding {
            Encoding::Lines => {
                let batch = Batch::new(&commit.bytes[commit.at..]);
                let outcomes = told_by_lines(batch);
                self.tell_each(author, (first, count), attempts, outcomes, commit, now);
            }
            Encoding::Packets => {
                let outcomes = packets::told(commit, count);
                self.tell_each(author, (first, count), attempts, outcomes.into_iter(), commit, now);
            }
            Encoding::Cells { .. } => {
                let outcomes = cells::told(commit, count);
                self.tell_each(author, (first, count), attempts, outcomes.into_iter(), commit, now);
            }
            // Items have no results of their own.
            Encoding::Partials => {}
        }
    }

    /// Who has run a block of items says nothing about the time of each: it is shared out evenly.
    fn tell_each(
        &mut self,
        author: Author,
        (first, count): (Index, u64),
        attempts: u32,
        outcomes: impl Iterator<Item = Told>,
        commit: &Commit,
        now: Now,
    ) {
        let items = u32::try_from(commit.items).unwrap_or(u32::MAX);
        let share = now.saturating_sub(author.since) / items.max(1);
        let before = u32::try_from(commit.items - commit.left).unwrap_or(u32::MAX);
        let mut started = author.since + share * before;
        // Of a program that was started for an item, the worker's memory says nothing.
        let is_its_own = self.encoding != Encoding::Packets && share >= WORTH_A_LOOK;
        let peak = if is_its_own { process::peak_memory(author.pid) } else { None };
        let mut outcomes = (first..).zip(outcomes);
        let Self { source, listeners, .. } = self;
        source.texts(first, count, &mut |input| {
            let Some((index, (received, cause))) = outcomes.next() else { return };
            let (slot, pid) = (author.slot, author.pid);
            let cause = cause.as_ref();
            let attempt = Attempt {
                index,
                input,
                slot,
                pid,
                attempt: attempts,
                started,
                time: share,
                cause,
                received,
                peak,
            };
            started += share;
            for listener in listeners.iter_mut() {
                listener.hear(&Event::Attempted(attempt), now);
            }
        });
    }

    /// An item is tried again. Where it has failed by an outcome, that is told once it is looked at.
    pub(super) fn tell_retried(
        &mut self,
        (slot, pid): (Slot, u32),
        index: Index,
        attempts: u32,
        class: Class,
        since: Now,
        now: Now,
    ) {
        if class == Class::Error {
            self.erred = Some(Erred { slot, pid, index, attempts, since, now });
        } else {
            let cause = self.cause_of(slot, class);
            self.tell_failure((slot, pid), index, attempts, &cause, since, now);
        }
    }

    /// The outcome of an item that is tried again is about to be thrown away.
    pub(super) fn tell_skipped(&mut self, commit: &Commit) {
        let Some(Erred { slot, pid, index, attempts, since, now }) = self.erred.take() else {
            return;
        };
        let cause = match self.encoding {
            Encoding::Lines => told_by_lines(Batch::new(&commit.bytes[commit.at..])).next(),
            Encoding::Packets => packets::told(commit, 1).pop(),
            Encoding::Cells { .. } => cells::told(commit, 1).pop(),
            Encoding::Partials => None,
        };
        let cause = cause.and_then(|(_, cause)| cause).unwrap_or_else(packets::garbled);
        self.tell_failure((slot, pid), index, attempts, &cause, since, now);
    }

    /// An item has failed, once or for good, otherwise than by an outcome.
    pub(super) fn tell_failure(
        &mut self,
        author: (Slot, u32),
        index: Index,
        attempt: u32,
        cause: &Cause,
        since: Now,
        now: Now,
    ) {
        let (slot, pid) = author;
        let Self { source, listeners, .. } = self;
        let (started, time) = (since, now.saturating_sub(since));
        source.texts(index, 1, &mut |input| {
            let (cause, received, peak) = (Some(cause), 0, None);
            let attempt =
                Attempt { index, input, slot, pid, attempt, started, time, cause, received, peak };
            for listener in listeners.iter_mut() {
                listener.hear(&Event::Attempted(attempt), now);
            }
        });
    }

    /// The last death in a slot, as the cause of a failure of this kind.
    fn cause_of(&self, slot: Slot, class: Class) -> Cause {
        match (class, self.deaths.get(&slot)) {
            (Class::Timeout, Some(death)) if *death != Death::CpuTime => {
                Cause::TimedOut(Duration::ZERO)
            }
            (_, Some(death)) => Cause::Died(death.clone()),
            (_, None) => Cause::Died(Death::Unknown),
        }
    }
}
