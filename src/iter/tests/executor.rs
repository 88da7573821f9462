//! Runs a job in this process: several workers' programs, leases and blocks of random sizes, outcomes through bytes.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

use crate::call::{Captured, Items, Outcomes, Program, caught};
use crate::pool::{Batch, Feed, JobSpec, Outcome, TaskError, Values};
use crate::wire::Fault;
use crate::wire::packet::{self, Kind};

thread_local! {
    static STATE: Cell<u64> = const { Cell::new(0) };
    static IS_USED: Cell<bool> = const { Cell::new(false) };
    static EXPECTS_PANICS: Cell<bool> = const { Cell::new(false) };
}

/// From now on, jobs of this thread run here, cut by this seed.
pub(crate) fn use_with(seed: u64) {
    IS_USED.set(true);
    STATE.set(seed);
}

/// Whether jobs of this thread run here.
pub(crate) fn is_used() -> bool {
    IS_USED.get()
}

/// `SplitMix64`.
fn below(end: u64) -> u64 {
    STATE.set(STATE.get().wrapping_add(0x9e37_79b9_7f4a_7c15));
    let z = STATE.get();
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % end
}

/// A number in `1..=most`, small ones as likely as large ones.
fn length(most: u64) -> u64 {
    1 + below(most.min(1 << below(11)))
}

/// Tasks may panic without a word.
fn expect_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !EXPECTS_PANICS.get() {
                usual(info);
            }
        }));
    });
}

pub(crate) fn run<'a>(spec: JobSpec<'a>) -> Box<dyn Iterator<Item = Outcome> + 'a> {
    expect_panics();
    assert!(spec.min_len >= 1 && spec.min_len <= spec.max_len);
    let mut workers: Vec<Option<Worker>> = (0..=below(4)).map(|_| None).collect();
    let mut input = Input::new(spec.feed);
    let mut first = 0;
    let leases = std::iter::from_fn(move || {
        let most = spec.max_len.min(4096);
        let count = length(most).max(spec.min_len.min(4096));
        let lease = input.take(count)?;
        let at = usize::try_from(below(workers.len() as u64)).unwrap();
        let worker = workers[at].get_or_insert_with(|| Worker::new(&spec.captures, spec.entry));
        let outcomes = worker.run(&lease, first);
        first += lease.count;
        Some(outcomes)
    });
    Box::new(leases.flatten())
}

struct Lease {
    count: u64,
    start: i64,
    step: i64,
    values: Option<Vec<u8>>,
}

/// A feed that can be cut anywhere.
struct Input<'a> {
    feed: Feed<'a>,
    batch: Batch,
    taken: usize,
    has_more: bool,
}

impl<'a> Input<'a> {
    fn new(feed: Feed<'a>) -> Self {
        Self { feed, batch: Batch::default(), taken: 0, has_more: true }
    }

    fn take(&mut self, most: u64) -> Option<Lease> {
        match &mut self.feed {
            Feed::Range { start, step, count } => {
                let taken = most.min(*count);
                let lease = Lease { count: taken, start: *start, step: *step, values: None };
                *start = start.wrapping_add(step.wrapping_mul(i64::try_from(taken).unwrap()));
                *count -= taken;
                (taken > 0).then_some(lease)
            }
            Feed::Values(pull) => {
                let most = usize::try_from(most).unwrap();
                while self.has_more && self.batch.ends.len() - self.taken < most {
                    let mut batch = Batch::default();
                    self.has_more = pull(&mut batch);
                    assert!(!self.has_more || !batch.ends.is_empty(), "nothing, but more of it");
                    let start = self.batch.bytes.len();
                    self.batch.ends.extend(batch.ends.iter().map(|end| start + end));
                    self.batch.bytes.extend(batch.bytes);
                }
                let taken = most.min(self.batch.ends.len() - self.taken);
                let from = self.taken.checked_sub(1).map_or(0, |last| self.batch.ends[last]);
                self.taken += taken;
                let to = self.taken.checked_sub(1).map_or(0, |last| self.batch.ends[last]);
                let values = Some(self.batch.bytes[from..to].to_vec());
                let lease = Lease { count: taken as u64, start: 0, step: 0, values };
                (taken > 0).then_some(lease)
            }
        }
    }
}

struct Worker(Result<Box<dyn Program>, Fault>);

impl Worker {
    fn new(captures: &[u8], entry: crate::call::Entry) -> Self {
        #[expect(unsafe_code, reason = "as a worker does it")]
        // SAFETY: both are from one job.
        let captured = unsafe { Captured::new(captures) };
        Self(quietly(|| caught(|| entry(captured)).and_then(|made| made)))
    }

    fn run(&mut self, lease: &Lease, first: u64) -> Vec<Outcome> {
        let mut items = match &lease.values {
            Some(values) => Items::values(first, values),
            None => Items::range(first, lease.start, lease.step),
        };
        let mut found = Vec::new();
        let mut done = 0;
        while done < lease.count {
            let block = length((lease.count - done).min(512));
            let count = u32::try_from(block).unwrap();
            let mut outcomes = Outcomes::default();
            match &mut self.0 {
                Ok(program) => quietly(|| program.run(&mut items, count, &mut outcomes)),
                Err(fault) => (0..count).for_each(|_| outcomes.fail(fault)),
            }
            let ends: u64 = outcomes.ends().iter().map(|end| u64::from(end.items)).sum();
            assert_eq!(ends, block, "not as many outcomes as items");
            decode(outcomes.bytes(), first + done, block, &mut found);
            done += block;
        }
        found
    }
}

fn quietly<T>(f: impl FnOnce() -> T) -> T {
    EXPECTS_PANICS.set(true);
    let result = f();
    EXPECTS_PANICS.set(false);
    result
}

fn decode(mut bytes: &[u8], mut first: u64, items: u64, found: &mut Vec<Outcome>) {
    assert_eq!(packet::measure(bytes, items), Ok(bytes.len()));
    while let Some((packet, rest)) = packet::split_first(bytes) {
        let items = packet.items.into();
        found.push(match packet.kind {
            Kind::Values => Outcome::Values({
                let (pid, bytes) = (std::process::id(), packet.payload.to_vec().into());
                Values { first, items, pid, bytes }
            }),
            Kind::Fault => {
                Outcome::Failed(TaskError::of_fault(Fault::from_bytes(packet.payload), first, 1, 1))
            }
        });
        first += items;
        bytes = rest;
    }
}
