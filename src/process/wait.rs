//! Waiting for the first of several ends.

use std::thread;
use std::time::{Duration, Instant};

use super::Process;
use super::life::Life;

/// Sleeps until at least one of several processes has ended, or the time is over (`None`: no limit). The places of all
/// that have, in order: none if the time is over, or if there are no processes.
///
/// ```
/// use std::thread::sleep;
/// use std::time::Duration;
///
/// use pmap::Process;
/// use pmap::process::wait_any;
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let nap = |seconds| sleep(Duration::from_secs(seconds));
///     let naps = [Process::spawn(nap, 1000)?, Process::spawn(nap, 0)?];
///     assert_eq!(wait_any(&naps, None), [1]);
///     assert!(naps[0].is_alive());
///     Ok(()) // the other one is killed
/// }
/// ```
pub fn wait_any<'a, R: 'a>(
    processes: impl IntoIterator<Item = &'a Process<R>>,
    limit: Option<Duration>,
) -> Vec<usize> {
    let lives: Vec<_> = processes.into_iter().map(Process::life).collect();
    ended(&lives, limit, 1)
}

/// Sleeps until all of several processes have ended, or the time is over (`None`: no limit); whether they have.
///
/// ```
/// # use std::time::Duration;
/// # use pmap::Process;
/// use pmap::process::wait_all;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #     pmap::init();
/// let squares = [Process::spawn(|n: u32| n * n, 3)?, Process::spawn(|n| n * n, 4)?];
/// assert!(wait_all(&squares, Some(Duration::from_secs(60))));
/// assert_eq!(squares[0].join()? + squares[1].join()?, 25);
/// #     Ok(())
/// # }
/// ```
pub fn wait_all<'a, R: 'a>(
    processes: impl IntoIterator<Item = &'a Process<R>>,
    limit: Option<Duration>,
) -> bool {
    let lives: Vec<_> = processes.into_iter().map(Process::life).collect();
    ended(&lives, limit, lives.len()).len() == lives.len()
}

/// Sleeps until so many have ended, if there are that many, or the time is over; the places of those that have.
pub(super) fn ended(lives: &[&Life], limit: Option<Duration>, enough: usize) -> Vec<usize> {
    let enough = enough.min(lives.len());
    // A limit beyond what can be counted is none.
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    for life in lives {
        life.expect_end();
    }
    let ended = loop {
        // Looked at again after every wake-up, which may have been meant for something else.
        let ended: Vec<usize> = (0..lives.len()).filter(|&at| lives[at].end().is_some()).collect();
        if ended.len() >= enough {
            break ended;
        }
        match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
            None => thread::park(),
            Some(Duration::ZERO) => break ended,
            Some(left) => thread::park_timeout(left),
        }
    };
    for life in lives {
        life.forget_waiting();
    }
    ended
}
