//! A job: many items of one function.

use super::{Outcome, TaskError, Values};
use crate::call::{Captured, Entry, Items, Outcomes, caught};
use crate::wire::Fault;
use crate::wire::packet::{self, Kind};

/// What is to be run over what.
pub(crate) struct JobSpec<'a> {
    /// What makes the job's program in a worker.
    pub(crate) entry: Entry,
    /// What goes with it, sent once to each worker.
    pub(crate) captures: Vec<u8>,
    /// The items. A worker's `Items::index` counts them from 0 within the job.
    pub(crate) feed: Feed<'a>,
    /// The fewest items that a worker is to get at once, where there are so many; at least 1.
    pub(crate) min_len: u64,
    /// The most items that a worker may get at once; at least 1.
    pub(crate) max_len: u64,
}

/// A job's items.
pub(crate) enum Feed<'a> {
    /// `start`, `start + step`, …
    Range {
        /// The first item.
        start: i64,
        /// From one item to the next; it wraps.
        step: i64,
        /// How many.
        count: u64,
    },
    /// Values, pulled on the thread that consumes the results, in batches: each call appends some to the batch and
    /// says whether there may be more. It is called only while the job wants more input.
    Values(Box<dyn FnMut(&mut Batch) -> bool + 'a>),
}

/// Some values, one after the other, as [`crate::call::put`] writes them. One that refuses to be written is there as
/// its refusal ([`crate::call::put_refusal`]), which fails its item where it is read.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// All their bytes.
    pub(crate) bytes: Vec<u8>,
    /// Where each ends.
    pub(crate) ends: Vec<usize>,
}

/// Runs a job: its outcomes in the order of its items. Dropping them cancels what is left.
pub(crate) fn run<'a>(spec: JobSpec<'a>) -> impl Iterator<Item = Outcome> + 'a {
    #[expect(unsafe_code, reason = "what a worker does")]
    // SAFETY: both are from one job.
    let made = caught(|| (spec.entry)(unsafe { Captured::new(&spec.captures) }));
    let mut program = made.and_then(|made| made);
    let (mut feed, mut batch, mut first, mut more) = (spec.feed, Batch::default(), 0, true);
    let mut outcomes = Outcomes::default();
    let blocks = std::iter::from_fn(move || {
        let (mut items, count) = match &mut feed {
            Feed::Range { start, step, count } => {
                let items = Items::range(first, *start, *step);
                let taken = u32::try_from(*count).unwrap_or(u32::MAX).min(BLOCK);
                *start = start.wrapping_add(step.wrapping_mul(taken.into()));
                *count -= u64::from(taken);
                (items, taken)
            }
            Feed::Values(pull) => {
                (batch.bytes.clear(), batch.ends.clear());
                while more && batch.ends.is_empty() {
                    more = pull(&mut batch);
                }
                (Items::values(first, &batch.bytes), u32::try_from(batch.ends.len()).unwrap_or(0))
            }
        };
        if count == 0 {
            return None;
        }
        match &mut program {
            Ok(program) => program.run(&mut items, count, &mut outcomes),
            Err(fault) => (0..count).for_each(|_| outcomes.fail(fault)),
        }
        let mut found = Vec::new();
        let mut rest = outcomes.bytes();
        while let Some((packet, behind)) = packet::split_first(rest) {
            let items = packet.items.into();
            found.push(match packet.kind {
                Kind::Values => {
                    Outcome::Values(Values { first, items, bytes: packet.payload.to_vec() })
                }
                Kind::Fault => Outcome::Failed(TaskError::of_fault(
                    Fault::from_bytes(packet.payload),
                    first,
                    std::process::id(),
                )),
            });
            first += items;
            rest = behind;
        }
        outcomes.clear();
        Some(found)
    });
    blocks.flatten()
}

/// Items that are run at once.
const BLOCK: u32 = 512;
