//! Many jobs over one crew. The scheduler knows one sequence of items; here is written down which of them are which
//! job's, and what becomes of them.
//!
//! Items get their place in the sequence only when a worker would take them at once. So no job waits behind another,
//! whose consumer may be slow or gone, and what a consumer does not take is not started.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::task::Waker;

use super::TaskError;
use super::batch::Batch;
use super::buffer::{Buffer, Bytes, Shelf};
use super::job::Job;
use super::outcome::{Outcome, Values};
use crate::engine::{Author, Commit, Crew, Host, Next};
use crate::error::{Failure, PoolError};
use crate::event::Event;
use crate::ids::{Generation, Index, Slot};
use crate::sched::{self, Now};
use crate::source::Piece;
use crate::supervise::Link;
use crate::wire::Fault;
use crate::wire::packet::{self, Kind};

/// Consecutive items of the scheduler's sequence that are consecutive items of a job.
struct Segment {
    first: Index,
    items: u64,
    job: u32,
    /// The first item, counted within the job.
    local: u64,
    settled: u64,
}

/// A worker that the scheduler wants, to be started on the pool's own thread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wanted {
    pub(super) slot: Slot,
    pub(super) generation: Generation,
}

/// The jobs of a pool.
#[derive(Default)]
pub(super) struct Mux {
    jobs: BTreeMap<u32, Job>,
    next_job: u32,
    /// The job that was fed last: the next one comes after it.
    turn: u32,
    /// In the order of the sequence; those that are settled are gone.
    segments: VecDeque<Segment>,
    next: Index,
    pub(super) wanted: Vec<Wanted>,
    /// Who is to be told that something has come for him.
    pub(super) to_wake: Vec<Waker>,
    /// Why no worker can be had, since this was last asked.
    gave_up: Option<Arc<PoolError>>,
    /// The commit that is being settled.
    commit: Arc<Buffer>,
    shelf: Arc<Shelf>,
    /// Bytes of outcomes so far.
    pub(super) received: u64,
}

impl Mux {
    /// The number of the next job.
    pub(super) fn next_id(&mut self) -> u32 {
        self.next_job += 1;
        self.next_job
    }

    pub(super) fn add(&mut self, job: Job) {
        self.jobs.insert(job.id, job);
    }

    /// A job that is not over, or whose outcomes have not all been taken.
    pub(super) fn job(&mut self, id: u32) -> Option<&mut Job> {
        self.jobs.get_mut(&id)
    }

    /// Whether every item that has come has its outcome.
    pub(super) fn is_idle(&self) -> bool {
        self.jobs.values().all(|job| job.settled == job.arrived || job.is_over())
    }

    /// Whether, beside that, no consumer is left who may bring more.
    pub(super) fn is_forsaken(&self) -> bool {
        self.is_idle() && self.jobs.values().all(|job| job.is_stream() || job.has_all)
    }

    /// Whether somebody sleeps until a certain task is done.
    pub(super) fn is_awaited(&self) -> bool {
        self.jobs.values().any(|job| job.output.is_awaited())
    }

    /// Lets go of a job: what is not started never will be.
    pub(super) fn drop_job(&mut self, id: u32) {
        if let Some(job) = self.jobs.get_mut(&id) {
            job.is_dropped = true;
            self.remove_if_over(id);
        }
    }

    /// Lets go of a stream of tasks, if every one is done and taken; whether it is.
    pub(super) fn retire(&mut self, id: u32) -> bool {
        let Some(job) = self.jobs.get(&id) else { return true };
        let is_idle = job.settled == job.arrived && job.output.is_taken();
        if is_idle {
            self.jobs.remove(&id);
        }
        is_idle
    }

    fn remove_if_over(&mut self, id: u32) {
        if self.jobs.get(&id).is_some_and(|job| job.is_dropped && job.is_over()) {
            self.jobs.remove(&id);
        }
    }

    /// Gives the scheduler as many items as its workers would take, of one job after the other.
    pub(super) fn feed(&mut self, crew: &mut Crew) {
        while crew.scheduler().waiting() == 0 {
            let Some(id) = self.next_hungry() else { return };
            let appetite = crew.scheduler().appetite(id);
            let Some(job) = self.jobs.get_mut(&id) else { return };
            if appetite == 0 {
                return;
            }
            let items = job.unfed().min(appetite.max(job.min_len));
            if items == 0 {
                return;
            }
            self.turn = id;
            let local = job.fed;
            job.feed(items);
            self.append(id, local, items);
            self.pass_cancelled(id);
            crew.step(self, sched::Input::Arrived { items, kind: id });
            crew.direct(self);
        }
    }

    /// Fails the next items of a job, as far as they were cancelled.
    pub(super) fn pass_cancelled(&mut self, id: u32) {
        let Some(job) = self.jobs.get_mut(&id) else { return };
        while let Some(local) = job.pass_cancelled() {
            let failed = Outcome::Failed(TaskError::cancelled(local));
            self.to_wake.extend(job.output.put(failed));
        }
    }

    /// The next job, behind the one whose turn it was, that has items.
    fn next_hungry(&self) -> Option<u32> {
        let behind = self.jobs.range(self.turn + 1..).chain(self.jobs.range(..=self.turn));
        behind.filter(|(_, job)| job.unfed() > 0).map(|(id, _)| *id).next()
    }

    fn append(&mut self, job: u32, local: u64, items: u64) {
        let first = self.next;
        self.next += items;
        match self.segments.back_mut() {
            // Between the two there may have been others', who are done.
            Some(last)
                if last.first + last.items == first
                    && (last.job, last.local + last.items) == (job, local) =>
            {
                last.items += items;
            }
            _ => self.segments.push_back(Segment { first, items, job, local, settled: 0 }),
        }
    }

    /// Where the segment that holds an item is.
    fn segment(&self, index: Index) -> usize {
        let behind = self.segments.partition_point(|segment| segment.first <= index);
        behind.checked_sub(1).expect("the item has been given and is not settled")
    }

    /// The place of a job's item in the scheduler's sequence, if it is there and has no outcome yet.
    pub(super) fn index_of(&self, job: u32, local: u64) -> Option<Index> {
        let holds = |s: &&Segment| s.job == job && (s.local..s.local + s.items).contains(&local);
        let segment = self.segments.iter().find(holds)?;
        Some(segment.first + (local - segment.local))
    }

    /// A consumer has brought further items of a job.
    pub(super) fn arrive(&mut self, id: u32, batch: Batch, has_all: bool) {
        if let Some(job) = self.jobs.get_mut(&id) {
            self.to_wake.extend(job.arrive(batch, has_all));
        }
    }

    /// Hands out nothing more of a job.
    pub(super) fn close(&mut self, id: u32, error: PoolError) {
        if let Some(job) = self.jobs.get_mut(&id) {
            self.to_wake.extend(job.close(Arc::new(error)));
        }
    }

    /// Hands out nothing more of any map.
    pub(super) fn close_maps(&mut self) {
        let error = Arc::new(PoolError::ShutDown);
        for job in self.jobs.values_mut().filter(|job| !job.is_stream()) {
            self.to_wake.extend(job.close(error.clone()));
        }
    }

    /// Cancels every submitted task that the scheduler has not heard of.
    pub(super) fn cancel_unfed(&mut self) {
        let streams = self.jobs.iter_mut().filter(|(_, job)| job.is_stream());
        let ids: Vec<u32> = streams
            .map(|(id, job)| {
                for local in job.fed..job.arrived {
                    job.cancel_unfed(local);
                }
                *id
            })
            .collect();
        for id in ids {
            self.pass_cancelled(id);
        }
    }

    /// The scheduler's items that have no outcome, and perhaps some that have.
    pub(super) fn unsettled(&self) -> Vec<Index> {
        self.segments.iter().flat_map(|s| s.first..s.first + s.items).collect()
    }

    /// Takes note of an outcome of consecutive items; `make` makes it for their first one, counted within its job.
    fn put(&mut self, first: Index, items: u64, make: impl FnOnce(u64) -> Outcome) {
        let at = self.segment(first);
        let segment = &mut self.segments[at];
        let local = segment.local + (first - segment.first);
        let id = segment.job;
        segment.settled += items;
        // Not only at the front: behind a slow item there may be any number of others.
        if segment.settled == segment.items {
            self.segments.remove(at);
        }
        let Some(job) = self.jobs.get_mut(&id) else { return };
        job.settle(local, items);
        if job.is_dropped {
            self.remove_if_over(id);
        } else {
            self.to_wake.extend(job.output.put(make(local)));
        }
    }

    /// The next packet of a commit, as an outcome of at most `most` items from `first` on, all of one segment; how
    /// many they are.
    fn put_packet(
        &mut self,
        author: Author,
        first: Index,
        most: u64,
        attempts: u32,
        commit: &mut Commit,
    ) -> u64 {
        let segment = &self.segments[self.segment(first)];
        let most = most.min(segment.first + segment.items - first);
        let bytes = self.commit.clone();
        let (pid, start) = (author.pid, commit.at + packet::HEADER_LEN);
        let whole = packet::split_first(&bytes.bytes()[commit.at..]);
        let Some((packet, _)) = whole.filter(|(packet, _)| u64::from(packet.items) <= most) else {
            // Measured, but cut in the middle of a lease: nothing that a correct worker sends.
            let garbled = Fault::Codec("the worker's results are garbled".to_owned());
            self.put(first, 1, |local| {
                Outcome::Failed(TaskError::of_fault(garbled, local, attempts, pid))
            });
            return 1;
        };
        let (items, end) = (u64::from(packet.items), start + packet.payload.len());
        commit.at = end;
        match packet.kind {
            Kind::Values => self.put(first, items, |first| {
                let bytes = Bytes::part(&bytes, start..end);
                Outcome::Values(Values { first, items, pid, bytes })
            }),
            Kind::Fault => {
                let fault = Fault::from_bytes(packet.payload);
                self.put(first, 1, |local| {
                    Outcome::Failed(TaskError::of_fault(fault, local, attempts, pid))
                });
            }
        }
        items
    }

    /// Fails everything that has no outcome, and whatever else the jobs still bring, if no worker can be had.
    pub(super) fn abandon(&mut self, error: &Arc<PoolError>) {
        self.segments.clear();
        self.wanted.clear();
        self.next = 0;
        for job in self.jobs.values_mut() {
            self.to_wake.extend(job.abandon(error));
        }
        self.jobs.retain(|_, job| !(job.is_dropped && job.is_over()));
    }

    /// Why no worker could be had, if that has turned out since the last time.
    pub(super) fn gave_up(&mut self) -> Option<Arc<PoolError>> {
        self.gave_up.take()
    }
}

impl Host for Mux {
    fn start(
        &mut self,
        slot: Slot,
        generation: Generation,
        _: Now,
    ) -> Result<Option<Link>, PoolError> {
        // Workers die with the thread that starts them, and this may be anybody's.
        self.wanted.push(Wanted { slot, generation });
        Ok(None)
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        let oldest = self.jobs.first_key_value().map_or(0, |(id, _)| *id);
        let (mut index, end) = (first, first + items);
        while index < end {
            let segment = &self.segments[self.segment(index)];
            let items = end.min(segment.first + segment.items) - index;
            let local = segment.local + (index - segment.first);
            if let Some(job) = self.jobs.get(&segment.job) {
                job.cut(oldest, index, local, items, take);
            }
            index += items;
        }
    }

    fn settle(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        commit: &mut Commit,
        _: Now,
    ) {
        if !commit.bytes.is_empty() {
            self.received += commit.bytes.len() as u64;
            let bytes = std::mem::replace(&mut commit.bytes, self.shelf.take());
            self.commit = Buffer::new(bytes, &self.shelf);
        }
        let (mut index, end) = (first, first + items);
        while index < end {
            index += self.put_packet(author, index, end - index, attempts, commit);
        }
        commit.left -= items;
        if commit.left == 0 {
            self.commit = Arc::default();
        }
    }

    fn next_outcomes(&self, commit: &Commit) -> Next {
        // A panic is a result like any other: it is not tried again.
        Next::Good { items: commit.left, dropped: 0 }
    }

    fn skip(&mut self, commit: &mut Commit) {
        commit.left -= 1;
    }

    fn fail(&mut self, failure: Failure, _: Now, _: Now) {
        self.put(failure.index, 1, |local| Outcome::Failed(TaskError::of_failure(&failure, local)));
    }

    fn hear(&mut self, _: &Event<'_>, _: Now) {}

    fn give_up(&mut self, error: PoolError, _: Now) {
        self.gave_up = Some(Arc::new(error));
    }

    fn finish(&mut self) {}
}
