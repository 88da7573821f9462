//! One submitted task.

use std::marker::PhantomData;
use std::sync::Arc;
use std::time::{Duration, Instant};
#[cfg(feature = "future")]
use std::{
    pin::Pin,
    task::{Context, Poll},
};

use super::TaskError;
use super::outcome::Outcome;
use super::output::Output;
use super::shared::{Need, Shared};
use super::slots::Slots;
use super::state::State;
use crate::call::{Value, take};

/// A task that was submitted to a [`Pool`](super::Pool), and its result to come. Dropped, the task runs on, and its
/// result is thrown away. With the feature `future`, it can be awaited, too.
///
/// ```
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let pool = pmap::Pool::builder().workers(2).build()?;
///     let handle = pool.submit(|text: String| text.to_uppercase(), "hello".to_owned());
///     assert_eq!(handle.result()?, "HELLO");
///     Ok(())
/// }
/// ```
#[derive(Debug)]
pub struct Handle<R> {
    place: Place,
    /// The task's number since the pool began.
    number: u64,
    result: PhantomData<fn() -> R>,
}

enum Place {
    /// The task of this number, of this job.
    Pool { shared: Arc<Shared>, job: u32, task: u64 },
    /// It was not even taken.
    Refused(TaskError),
    /// Its result has been given away.
    Taken,
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Pool { job, task, .. } => write!(f, "task {task} of job {job}"),
            Self::Refused(error) => error.fmt(f),
            Self::Taken => f.write_str("taken"),
        }
    }
}

/// The handles of a job.
fn slots(state: &mut State, job: u32) -> Option<&mut Slots> {
    match &mut state.mux.job(job)?.output {
        Output::Handles(slots) => Some(slots),
        Output::Consumer(_) => None,
    }
}

impl<R: Value> Handle<R> {
    pub(super) fn new(shared: Arc<Shared>, job: u32, task: u64, number: u64) -> Self {
        Self { place: Place::Pool { shared, job, task }, number, result: PhantomData }
    }

    pub(super) fn refused(error: TaskError, number: u64) -> Self {
        Self { place: Place::Refused(error.at(number)), number, result: PhantomData }
    }

    /// The task's number since the pool began, from 0: the [`index`](TaskError::index) of its error.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether the task is done, one way or the other, so that its result can be had at once.
    #[must_use]
    pub fn is_done(&self) -> bool {
        match &self.place {
            Place::Pool { shared, job, task } => {
                let is_done = |state: &mut State| {
                    slots(state, *job).is_some_and(|slots| slots.is_done(*task))
                };
                if is_done(&mut shared.lock()) {
                    return true;
                }
                // It may lie in a worker's ring, for nobody to fetch.
                shared.change(|_| ());
                is_done(&mut shared.lock())
            }
            Place::Refused(_) | Place::Taken => true,
        }
    }

    /// Waits for the result.
    ///
    /// # Errors
    /// The task has none: it panicked, died, ran too long, was cancelled, …
    ///
    /// # Panics
    /// If [`result_timeout`](Self::result_timeout) has given it away.
    pub fn result(mut self) -> Result<R, TaskError> {
        self.wait(None).expect("there is no deadline")
    }

    /// Waits for the result until `timeout` is over, and is `None` then; the task runs on.
    ///
    /// # Errors
    /// As [`result`](Self::result).
    ///
    /// # Panics
    /// If it has given the result away already.
    pub fn result_timeout(&mut self, timeout: Duration) -> Option<Result<R, TaskError>> {
        // One that the clock cannot express is none.
        match Instant::now().checked_add(timeout) {
            Some(deadline) => self.wait(Some(deadline)),
            None => self.wait(None),
        }
    }

    fn wait(&mut self, deadline: Option<Instant>) -> Option<Result<R, TaskError>> {
        let outcome = match &self.place {
            Place::Taken => panic!("the result of this task has been taken already"),
            Place::Refused(error) => Outcome::Failed(error.clone()),
            Place::Pool { shared, job, task } => shared.wait(
                Need::Task,
                deadline,
                |state| slots(state, *job)?.take(*task),
                |state, waker| {
                    if let Some(slots) = slots(state, *job) {
                        slots.wait(*task, waker);
                    }
                },
            )?,
        };
        Some(self.take(outcome))
    }

    /// The result out of an outcome, which is given away.
    fn take(&mut self, outcome: Outcome) -> Result<R, TaskError> {
        self.place = Place::Taken;
        match outcome {
            Outcome::Values(values) => take(&mut &*values.bytes)
                .map_err(|error| TaskError::unreadable(&error, self.number, values.pid)),
            Outcome::Failed(error) => Err(error.at(self.number)),
        }
    }

    /// Ends the task: one that has not begun never will, and the process of one that is running is killed, with all
    /// that it has started. Its result is then [`is_cancelled`](TaskError::is_cancelled), unless it was done before.
    pub fn cancel(&self) {
        if let Place::Pool { shared, job, task } = &self.place {
            shared.change(|state| {
                if slots(state, *job).is_some_and(|slots| !slots.is_done(*task)) {
                    state.cancel(*job, *task);
                }
            });
        }
    }
}

/// To be awaited, in whatever runtime: the pool wakes whoever polls. Dropped, the task runs on.
///
/// # Panics
/// If it is polled again after it was ready.
#[cfg(feature = "future")]
impl<R: Value> Future for Handle<R> {
    type Output = Result<R, TaskError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outcome = match &self.place {
            Place::Taken => panic!("the result of this task has been taken already"),
            Place::Refused(error) => Some(Outcome::Failed(error.clone())),
            Place::Pool { shared, job, task } => shared.poll(
                |state| slots(state, *job)?.take(*task),
                |state| {
                    if let Some(slots) = slots(state, *job) {
                        slots.wait(*task, Some(context.waker().clone()));
                    }
                },
            ),
        };
        outcome.map_or(Poll::Pending, |outcome| Poll::Ready(self.take(outcome)))
    }
}

impl<R> Drop for Handle<R> {
    fn drop(&mut self) {
        if let Place::Pool { shared, job, task } = &self.place {
            if let Some(slots) = slots(&mut shared.lock(), *job) {
                slots.forget(*task);
            }
        }
    }
}
