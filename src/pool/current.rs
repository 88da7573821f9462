//! Which pool the iterators use: the one that was installed for the running code, or the one that the program has by
//! default.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};

use super::TaskError;
use super::batch::Batch;
use super::job::{Feed, JobSpec};
use super::outcome::Outcome;
use super::pool::Pool;
use super::running::Client;
use crate::error::PoolError;

/// The pool that everybody shares who brings none.
static DEFAULT: OnceLock<Result<Pool, Arc<PoolError>>> = OnceLock::new();

thread_local! {
    /// The pools that are installed for what this thread runs now, the innermost last.
    static INSTALLED: RefCell<Vec<Client>> = const { RefCell::new(Vec::new()) };
}

/// The pool that the program has by default, with as many workers as `PMAP_NUM_WORKERS` says, or else as there are
/// cores. It is made when it is first asked for, and lives as long as the program.
///
/// # Errors
/// As [`PoolBuilder::build`](super::PoolBuilder::build); the same ones each time.
pub fn default_pool() -> Result<&'static Pool, Arc<PoolError>> {
    let made = DEFAULT.get_or_init(|| Pool::builder().build().map_err(Arc::new));
    made.as_ref().map_err(Arc::clone)
}

impl Pool {
    /// Runs `op`, in which iterators use this pool instead of the default one.
    ///
    /// ```
    /// use pmap::prelude::*;
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     pmap::init();
    ///     let pool = pmap::Pool::builder().workers(1).build()?;
    ///     let sum: u64 = pool.install(|| (0..10_u64).into_proc_iter().sum());
    ///     assert_eq!(sum, 45);
    ///     Ok(())
    /// }
    /// ```
    pub fn install<T>(&self, op: impl FnOnce() -> T) -> T {
        /// Takes the pool away again, be it that `op` panics.
        struct Installed;
        impl Drop for Installed {
            fn drop(&mut self) {
                INSTALLED.with_borrow_mut(|installed| drop(installed.pop()));
            }
        }
        INSTALLED.with_borrow_mut(|installed| installed.push(self.client().clone()));
        let _installed = Installed;
        op()
    }
}

/// Runs a job on the pool that is installed here, or else on the default one: its outcomes in the order of its items.
/// Dropping them cancels what is left. Where there is no pool, every item fails.
pub(crate) fn run<'a>(spec: JobSpec<'a>) -> Box<dyn Iterator<Item = Outcome> + 'a> {
    let installed = INSTALLED.with_borrow(|installed| installed.last().cloned());
    let client = match installed {
        Some(client) => Ok(client),
        None => default_pool().map(|pool| pool.client().clone()),
    };
    match client {
        Ok(client) => Box::new(client.run(spec)),
        Err(error) => Box::new(fail_all(spec.feed, error)),
    }
}

fn fail_all<'a>(feed: Feed<'a>, error: Arc<PoolError>) -> impl Iterator<Item = Outcome> + 'a {
    let mut feed = feed;
    let mut next = 0;
    std::iter::from_fn(move || {
        match &mut feed {
            Feed::Range { count, .. } => *count = count.checked_sub(1)?,
            Feed::Values(pull) => {
                let mut batch = Batch::default();
                while batch.ends.is_empty() {
                    if !pull(&mut batch) && batch.ends.is_empty() {
                        return None;
                    }
                }
            }
        }
        next += 1;
        Some(Outcome::Failed(TaskError::no_worker(&error, next - 1)))
    })
}
