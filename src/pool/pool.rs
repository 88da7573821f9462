//! A pool: workers that run what they are given, function by function.

use std::fmt;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use super::TaskError;
use super::backlog::Backlog;
use super::batch::{Batch, Filler};
use super::builder::PoolBuilder;
use super::handle::Handle;
use super::job::{Feed, Input, Job, JobSpec};
use super::map::Mapped;
use super::output::Output;
use super::program;
use super::running::Client;
use super::shared::Shared;
use super::slots::Slots;
use super::state::{Stage, State};
use crate::call::{Captures, Entry, Function, FunctionId, Value, put};
use crate::error::PoolError;
use crate::shared::{Kept, keeping};

/// How a pool ends; see [`Pool::shutdown`]. Of a map, what no worker has been given fails, except with
/// [`NoWait`](Self::NoWait): its consumer may be the one who waits for the end of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// All tasks that were submitted are done first, and it is waited for that.
    Wait,
    /// All tasks that were submitted are done, and all maps that were begun, but nobody waits: as if the pool were
    /// dropped.
    NoWait,
    /// Tasks that no worker has been given are cancelled; it is waited for the others.
    CancelPending,
    /// Tasks are cancelled, running or not, and workers killed.
    Kill,
}

/// A bounded number of worker processes, which run functions.
///
/// A task that crashes, hangs or leaks takes its worker with it and nothing else: another worker takes that one's
/// place, and the pool is as good as new. What is shared with the pool is safe to use from many threads.
///
/// A pool that is dropped finishes what was submitted to it, in the background, and then its workers end. They end
/// at once when the program does, however it ends.
///
/// ```
/// use pmap::Pool;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let pool = Pool::builder().workers(2).build()?;
///     let handles: Vec<_> = (0..10_u64).map(|n| pool.submit(|n| n * n, n)).collect();
///     let squares: Result<Vec<_>, _> = handles.into_iter().map(|handle| handle.result()).collect();
///     assert_eq!(squares?, [0, 1, 4, 9, 16, 25, 36, 49, 64, 81]);
///     Ok(())
/// }
/// ```
pub struct Pool {
    client: Client,
    keeper: Mutex<Option<JoinHandle<()>>>,
    workers: usize,
}

impl fmt::Debug for Pool {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pool").field("workers", &self.workers).finish_non_exhaustive()
    }
}

/// A task that cannot be run, and why.
fn refusal(error: PoolError) -> TaskError {
    TaskError::no_worker(&Arc::new(error), 0)
}

impl Pool {
    pub(super) fn new(
        shared: Arc<Shared>,
        keeper: JoinHandle<()>,
        workers: usize,
        window: u64,
    ) -> Self {
        let client = Client { shared, window };
        Self { client, keeper: Mutex::new(Some(keeper)), workers }
    }

    /// A pool to be set up.
    pub fn builder() -> PoolBuilder {
        PoolBuilder::new()
    }

    /// How many workers it has at most.
    #[must_use]
    pub fn workers(&self) -> usize {
        self.workers
    }

    /// Has a worker run `function` with `argument`, some time; several arguments make a tuple.
    ///
    /// The function is an `fn` or a closure that captures nothing; what else it needs goes into the argument.
    /// A task that cannot be submitted fails as one that was: its [`Handle`] says why.
    pub fn submit<F, A, R>(&self, function: F, argument: A) -> Handle<R>
    where
        F: Fn(A) -> R + 'static,
        A: Value,
        R: Value,
    {
        let mut bytes = Vec::new();
        let (put, kept) = keeping(|| put(&argument, &mut bytes));
        let mut captures = Captures::default();
        captures.function(Function::new(function));
        let entry = FunctionId::of(program::apart::<F, A, R> as Entry);
        let mut state = self.client.shared.lock();
        let number = state.submitted;
        state.submitted += 1;
        let refused = match (put, entry) {
            (Err(error), _) => TaskError::unreadable(&error, number, 0),
            (_, Err(_)) => refusal(PoolError::ForeignFunction),
            _ if state.stage > Stage::Open => refusal(PoolError::ShutDown),
            (Ok(()), Ok(entry)) => {
                let (job, task, is_urgent) = append(&mut state, entry, captures, &bytes, kept);
                drop(state);
                // Behind many others it is handed out when they are.
                if is_urgent {
                    self.client.shared.change(|_| ());
                }
                return Handle::new(self.client.shared.clone(), job, task, number);
            }
        };
        Handle::refused(refused, number)
    }

    /// Applies `function` to each of `items`, and yields the results in the order of the items, as soon as they are next.
    ///
    /// It is lazy: items are pulled, a little ahead, as results are taken, so that `items` may be endless. An item that
    /// fails is an error in its place; all others have their results.
    ///
    /// ```
    /// use pmap::Pool;
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     pmap::init();
    ///     let pool = Pool::builder().workers(2).build()?;
    ///     let mut halves = pool.map(|n: u64| 100 / n, [0, 20, 50]);
    ///     assert!(halves.next().unwrap().unwrap_err().panic().is_some()); // division by zero
    ///     assert_eq!(halves.next().unwrap()?, 5);
    ///     assert_eq!(halves.next().unwrap()?, 2);
    ///     assert!(halves.next().is_none());
    ///     Ok(())
    /// }
    /// ```
    pub fn map<'a, F, A, R, I>(&self, function: F, items: I) -> Mapped<'a, R>
    where
        F: Fn(A) -> R + 'static,
        A: Value,
        R: Value,
        I: IntoIterator<Item = A>,
        I::IntoIter: 'a,
    {
        self.mapped(function, items.into_iter(), true)
    }

    /// As [`map`](Self::map), but yields results as they come. [`Mapped::with_index`] says whose they are.
    pub fn map_unordered<'a, F, A, R, I>(&self, function: F, items: I) -> Mapped<'a, R>
    where
        F: Fn(A) -> R + 'static,
        A: Value,
        R: Value,
        I: IntoIterator<Item = A>,
        I::IntoIter: 'a,
    {
        self.mapped(function, items.into_iter(), false)
    }

    fn mapped<'a, F, A, R, I>(&self, function: F, mut items: I, ordered: bool) -> Mapped<'a, R>
    where
        F: Fn(A) -> R + 'static,
        A: Value,
        R: Value,
        I: Iterator<Item = A> + 'a,
    {
        let mut captures = Captures::default();
        captures.function(Function::new(function));
        let mut filler = Filler::new();
        let feed = move |batch: &mut Batch| {
            filler.fill(batch, |batch| items.next().map(|item| batch.push(&item)).is_some())
        };
        Mapped::new(self.client.run(JobSpec {
            entry: program::together::<F, A, R>,
            captures: captures.into_bytes(),
            feed: Feed::Values(Box::new(feed)),
            min_len: 1,
            max_len: u64::MAX,
            ordered,
            kept: Kept::default(),
        }))
    }

    /// Access to it.
    pub(super) fn client(&self) -> &Client {
        &self.client
    }

    /// Ends the pool. What is submitted afterwards fails; it may be called again, in another way, too.
    pub fn shutdown(&self, how: Shutdown) {
        self.client.shared.change(|state| state.shut_down(how));
        if how != Shutdown::NoWait {
            self.join();
        }
    }

    fn join(&self) {
        // Whoever else wants to wait for the end waits for this.
        let mut keeper = self.keeper.lock().expect("nothing in the pool panics");
        if let Some(keeper) = keeper.take() {
            // It does not panic; and a pool that is dropped must not.
            let _ = keeper.join();
        }
    }
}

/// Appends a task to the others of its function: of which job it is which task, and whether it may be next.
fn append(
    state: &mut State,
    entry: FunctionId,
    captures: Captures,
    argument: &[u8],
    kept: Kept,
) -> (u32, u64, bool) {
    let bits = entry.to_bits();
    let known = state.streams.get(&bits).copied();
    let id = known.unwrap_or_else(|| {
        let id = state.next_job();
        let output = Output::Handles(Slots::default());
        let input = Input::Values(Backlog::default());
        let captures = captures.into_bytes();
        state.mux.add(Job::new(id, bits, captures, input, output));
        state.streams.insert(bits, id);
        id
    });
    let job = state.mux.job(id).expect("a stream's job stays");
    let task = job.arrived;
    job.arrived += 1;
    job.kept_for_items.append(kept);
    if let Input::Values(backlog) = &mut job.input {
        backlog.push_one(argument);
    }
    if let Output::Handles(slots) = &mut job.output {
        slots.add(task);
    }
    (id, task, job.arrived - job.fed == 1)
}

/// Everything that was submitted is done, in the background if it is not yet.
impl Drop for Pool {
    fn drop(&mut self) {
        let is_over = self.client.shared.change(|state| {
            state.stage = state.stage.max(Stage::Closing);
            state.is_over()
        });
        if is_over {
            self.join();
        }
    }
}
