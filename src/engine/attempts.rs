//! Every single run of an item, told to those who want to know.

use std::time::Duration;

use super::crew::{Author, Commit};
use super::front::Front;
use crate::error::{Cause, Class, Death};
use crate::event::{Attempt, Event};
use crate::ids::{Index, Slot};
use crate::sched::Now;
use crate::sys::process;
use crate::wire::{Batch, Line};

/// An item that took so long is worth a look at its worker's memory, which takes 10 to 20 us.
const WORTH_A_LOOK: Duration = Duration::from_millis(10);

impl Front<'_, '_> {
    /// These outcomes of a commit are about to be delivered. Who has run a block of items says nothing about the time of
    /// each: it is shared out evenly.
    pub(super) fn tell_outcomes(
        &mut self,
        author: Author,
        (first, count): (Index, u64),
        attempts: u32,
        batch: Batch<'_>,
        commit: &Commit,
        now: Now,
    ) {
        let items = u32::try_from(commit.items).unwrap_or(u32::MAX);
        let share = now.saturating_sub(author.since) / items.max(1);
        let before = u32::try_from(commit.items - commit.left).unwrap_or(u32::MAX);
        let mut started = author.since + share * before;
        let peak = if share >= WORTH_A_LOOK { process::peak_memory(author.pid) } else { None };
        let mut outcomes = (first..).zip(batch.lines());
        let Self { source, listeners, .. } = self;
        source.texts(first, count, &mut |input| {
            let Some((index, line)) = outcomes.next() else { return };
            let (received, cause) = match line {
                Line::Result(result) => (result.len() as u64, None),
                Line::Dropped => (0, None),
                Line::Failure(message) => {
                    (0, Some(Cause::Failed(String::from_utf8_lossy(message).into_owned())))
                }
            };
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
    pub(super) fn cause_of(&self, slot: Slot, class: Class) -> Cause {
        match (class, self.deaths.get(&slot)) {
            (Class::Error, _) => Cause::Failed(String::new()),
            (Class::Timeout, Some((_, death))) if *death != Death::CpuTime => {
                Cause::TimedOut(Duration::ZERO)
            }
            (_, Some((_, death))) => Cause::Died(death.clone()),
            (_, None) => Cause::Died(Death::Unknown),
        }
    }
}
