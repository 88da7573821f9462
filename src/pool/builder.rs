//! How a pool is to be.

use std::num::NonZeroU64;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::Pool;
use super::keeper;
use super::shared::Shared;
use super::state::State;
use crate::entry;
use crate::error::PoolError;
use crate::sched::{ChunkSize, Policy, TimeLimit};
use crate::supervise::{Spawner, WorkerProgram, layout_for};
use crate::sys::bell::Bell;
use crate::wire::{Bounds, Work};
use crate::worker;

/// How many workers the default pool has, if this variable of the environment does not say otherwise.
const NUM_WORKERS: &str = "PMAP_NUM_WORKERS";

/// How often a worker that has nothing to do looks for work before it sleeps, where there is a core for it.
const SPINS: u32 = 300;

/// How often a task whose worker dies is tried again, unless it is said otherwise.
const RETRIES: u32 = 2;

/// The longest time that a task is limited to.
const LONGEST: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

/// The most workers of a pool: each is a process, two descriptors and a segment.
const MOST: usize = 1024;

/// Sets up a [`Pool`].
///
/// ```
/// use std::time::Duration;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let pool = pmap::Pool::builder()
///         .workers(4)
///         .timeout(Duration::from_secs(10))
///         .retries(0)
///         .build()?;
///     assert_eq!(pool.submit(|n: u64| n + 1, 41).result()?, 42);
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing before `build`"]
pub struct PoolBuilder {
    workers: usize,
    timeout: Option<Duration>,
    retries: u32,
    memory_limit: Option<u64>,
    tasks_per_worker: Option<NonZeroU64>,
    chunk: ChunkSize,
    window: Option<NonZeroU64>,
}

impl Default for PoolBuilder {
    fn default() -> Self {
        Self {
            workers: 0,
            timeout: None,
            retries: RETRIES,
            memory_limit: None,
            tasks_per_worker: None,
            chunk: ChunkSize::Auto,
            window: None,
        }
    }
}

impl PoolBuilder {
    /// What [`Pool::builder`] gives.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many workers there are at most; they are started when there is work for them. 0, the default: as many as
    /// the environment variable `PMAP_NUM_WORKERS` says, or else as there are cores for this process; in a worker,
    /// which has siblings, 1. More than 1024 are as good as 1024.
    pub fn workers(self, workers: usize) -> Self {
        Self { workers, ..self }
    }

    /// How long a task may run. Then its process is killed with all that it has started; it is not tried again.
    pub fn timeout(self, timeout: Duration) -> Self {
        // A century is for ever, and can be added to any time.
        Self { timeout: Some(timeout.min(LONGEST)), ..self }
    }

    /// How often a task is tried again whose process dies; by default 2. With 0, no task is ever started twice.
    /// Whatever a task returns, and a panic, is final.
    pub fn retries(self, retries: u32) -> Self {
        Self { retries, ..self }
    }

    /// How many bytes of private memory each worker may have. A task that wants more fails as
    /// [`is_out_of_memory`](super::TaskError::is_out_of_memory) in a program that has pmap's allocator, which is the
    /// system's and tells; in another, whoever is refused memory does what it does, which of Rust is to abort.
    ///
    /// ```
    /// #[global_allocator]
    /// static ALLOCATOR: pmap::Allocator = pmap::Allocator;
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     pmap::init();
    ///     let pool = pmap::Pool::builder().memory_limit(256 << 20).build()?;
    ///     let large = pool.submit(|bytes: usize| vec![1_u8; bytes].len(), 1 << 30);
    ///     assert!(large.result().unwrap_err().is_out_of_memory());
    ///     Ok(())
    /// }
    /// ```
    pub fn memory_limit(self, bytes: u64) -> Self {
        Self { memory_limit: Some(bytes), ..self }
    }

    /// How many tasks a worker runs before another takes its place: what leaks, leaks no further. By default any
    /// number.
    ///
    /// # Panics
    /// If it is 0.
    pub fn max_tasks_per_worker(self, tasks: u64) -> Self {
        let tasks = NonZeroU64::new(tasks).expect("a worker runs a task at least");
        Self { tasks_per_worker: Some(tasks), ..self }
    }

    /// How many items of a map a worker is given at once. By default so many as take about half a millisecond.
    ///
    /// # Panics
    /// If it is 0.
    pub fn chunk_size(self, items: u64) -> Self {
        let items = NonZeroU64::new(items).expect("a chunk has an item at least");
        Self { chunk: ChunkSize::Items(items), ..self }
    }

    /// How many items of a map may be started and not yet taken by its consumer. By default as many as have
    /// results of 4 MiB.
    ///
    /// # Panics
    /// If it is 0.
    pub fn window(self, items: u64) -> Self {
        let items = NonZeroU64::new(items).expect("nothing would ever be started");
        Self { window: Some(items), ..self }
    }

    /// Makes the pool. No worker is started yet.
    ///
    /// # Errors
    /// The program has not called [`init`](crate::init), a thread or descriptors cannot be had, or the process is a
    /// worker of too many workers above it.
    pub fn build(self) -> Result<Pool, PoolError> {
        let depth = entry::depth_of_workers()?;
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let workers = match self.workers {
            0 if depth > 0 => 1,
            0 => from_environment().unwrap_or(cores),
            workers => workers,
        }
        .min(MOST);
        let small = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        let policy = Policy {
            retries: self.retries,
            timeout: self.timeout.map(TimeLimit::Fixed),
            tasks_per_worker: self.tasks_per_worker,
            chunk: self.chunk,
            ordered: false,
            ..Policy::new(small(workers), small(cores))
        };
        let program = WorkerProgram::this_program(worker::ARGUMENT);
        let spins = if cores > 1 && workers <= cores { SPINS } else { 0 };
        let work = Work::Functions { depth };
        let spawner = Spawner::new(program, work, layout_for(None), spins)?
            .within(Bounds { memory: self.memory_limit, ..Bounds::default() })
            .one_by_one(self.timeout.is_some() || self.retries == 0);
        let bell = Bell::new().map_err(PoolError::Spawn)?;
        let shared = Arc::new(Shared::new(State::new(policy), bell, cores > 1));
        let keeper = {
            let shared = shared.clone();
            thread::Builder::new()
                .name("pmap: keeper".into())
                .spawn(move || keeper::keep(&shared, &spawner))
                .map_err(PoolError::Spawn)?
        };
        let window = self.window.map_or(u64::MAX, NonZeroU64::get);
        Ok(Pool::new(shared, keeper, workers, window))
    }
}

/// What the environment says, if that makes sense.
fn from_environment() -> Option<usize> {
    std::env::var(NUM_WORKERS).ok()?.trim().parse().ok().filter(|workers| *workers > 0)
}
