//! A job as its consumer sees it: an iterator over outcomes. Items are pulled from the consumer's own input on the
//! consumer's own thread, and only a little ahead of what workers take.

use std::collections::VecDeque;
use std::sync::Arc;

use super::backlog::Backlog;
use super::batch::Batch;
use super::job::{Feed, Input, Job, JobSpec, Pull};
use super::outcome::Outcome;
use super::output::Output;
use super::queue::Queue;
use super::shared::{Need, Shared};
use super::state::{Stage, State};
use crate::call::FunctionId;
use crate::error::PoolError;
use crate::shared::keeping;

/// Input that is not handed out yet and is enough.
const AHEAD: usize = 1 << 20;

/// Access to a pool, which somebody else keeps alive.
#[derive(Clone)]
pub(crate) struct Client {
    pub(super) shared: Arc<Shared>,
    /// How many items of a job may be started and not taken.
    pub(super) window: u64,
}

impl Client {
    /// Runs a job.
    pub(crate) fn run<'a>(&self, spec: JobSpec<'a>) -> Running<'a> {
        Running::start(&self.shared, self.window, spec)
    }
}

/// A job that runs on a pool: its outcomes.
pub(crate) struct Running<'a> {
    shared: Arc<Shared>,
    job: u32,
    /// Where further items come from, while there may be some.
    feed: Option<Pull<'a>>,
    /// What has been taken out of the pool and not asked for yet.
    ready: VecDeque<Outcome>,
    is_over: bool,
}

/// What a consumer has found.
enum Found {
    Outcomes,
    /// There is room for input.
    Room,
    /// Everything is taken.
    End,
}

impl<'a> Running<'a> {
    pub(super) fn start(shared: &Arc<Shared>, window: u64, spec: JobSpec<'a>) -> Self {
        let JobSpec { entry, captures, feed, min_len, max_len, ordered, kept } = spec;
        let (input, arrived, feed) = match feed {
            Feed::Range { start, step, count } => (Input::Range { start, step }, count, None),
            Feed::Values(feed) => (Input::Values(Backlog::default()), 0, Some(feed)),
        };
        let entry = FunctionId::of(entry);
        let job = shared.change(|state| {
            let id = state.next_job();
            let output = Output::Consumer(Queue::new(ordered, window));
            let bits = entry.map_or(0, FunctionId::to_bits);
            let mut job = Job::new(id, bits, captures, input, output);
            (job.min_len, job.max_len) = (min_len, max_len.max(1));
            job.kept = kept;
            job.arrived = arrived;
            job.has_all = feed.is_none();
            state.mux.add(job);
            if entry.is_err() {
                state.mux.close(id, PoolError::ForeignFunction);
            } else if state.stage > Stage::Open {
                state.mux.close(id, PoolError::ShutDown);
            }
            id
        });
        Self { shared: shared.clone(), job, feed, ready: VecDeque::new(), is_over: false }
    }

    /// Takes outcomes, waiting for them if there are none.
    fn take(&mut self) {
        let (job, ready, feeds) = (self.job, &mut self.ready, self.feed.is_some());
        let found = self.shared.wait(
            Need::Some,
            None,
            |state| look(state, job, ready, feeds),
            |state, waker| {
                if let Some(Output::Consumer(queue)) = state.mux.job(job).map(|job| &mut job.output)
                {
                    queue.waiter = waker;
                }
            },
        );
        match found {
            Some(Found::Room) => self.pull(),
            Some(Found::End) => self.is_over = true,
            Some(Found::Outcomes) | None => {}
        }
    }

    /// Pulls a batch of input.
    fn pull(&mut self) {
        let Some(feed) = &mut self.feed else { return };
        let ((batch, may_be_more), kept) = keeping(|| {
            let mut batch = Batch::default();
            let mut may_be_more = true;
            while may_be_more && batch.ends.is_empty() {
                may_be_more = feed(&mut batch);
            }
            (batch, may_be_more)
        });
        if !may_be_more {
            self.feed = None;
        }
        let (job, has_all) = (self.job, self.feed.is_none());
        self.shared.change(|state| {
            if state.stage >= Stage::Ending {
                state.mux.close(job, PoolError::ShutDown);
            }
            if let Some(job) = state.mux.job(job) {
                job.kept_for_items.append(kept);
            }
            state.mux.arrive(job, batch, has_all);
        });
    }
}

/// What there is for a consumer.
fn look(state: &mut State, job: u32, ready: &mut VecDeque<Outcome>, feeds: bool) -> Option<Found> {
    let job = state.mux.job(job)?;
    let Output::Consumer(queue) = &mut job.output else { return None };
    queue.take(ready);
    let is_taken = queue.is_taken(job.arrived);
    let waiting = match &job.input {
        Input::Values(backlog) => backlog.held(),
        Input::Range { .. } => 0,
    };
    // First what is there: the input may keep us waiting for any time.
    if !ready.is_empty() {
        return Some(Found::Outcomes);
    }
    if feeds && job.fed == job.arrived && waiting < AHEAD {
        return Some(Found::Room);
    }
    (job.has_all && is_taken).then_some(Found::End)
}

impl Iterator for Running<'_> {
    type Item = Outcome;

    fn next(&mut self) -> Option<Outcome> {
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Some(outcome);
            }
            if self.is_over {
                return None;
            }
            self.take();
        }
    }
}

/// What is not started never will be.
impl Drop for Running<'_> {
    fn drop(&mut self) {
        let job = self.job;
        self.shared.change(|state| state.mux.drop_job(job));
    }
}
