//! What is ordered to go wrong, how a run may end then, and how all of that is tried.

use std::collections::BTreeMap;
use std::fmt::{Debug, Write as _};
use std::fs;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use rustix::process::Signal;

use crate::support::Run;

/// What a system call is made to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Error {
    Eintr,
    Eagain,
    Enomem,
    Enospc,
}

/// Actions that end a process, and how.
pub(crate) const DEADLY: [(&str, Signal); 2] = [("kill", Signal::KILL), ("abort", Signal::ABORT)];

/// How a run that was ordered to go wrong shall end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// With this code.
    Code(i32),
    /// With any that is documented.
    Documented,
    /// The supervisor is dead by this signal.
    Dead(Signal),
    /// The supervisor may be dead by one of the deadly ones.
    Anything,
}

/// Waits for the end of a run; by which of the deadly signals, if it was one.
pub(crate) fn ended_by(run: &mut Run) -> Option<Signal> {
    run.until("the end", |run| run.has_ended());
    DEADLY.map(|(_, signal)| signal).into_iter().find(|signal| run.was_ended_by(*signal))
}

/// Runs in which a point must be come by at least once.
const TRIES: usize = 20;

/// Tries something until its orders have been carried out, as the log tells, if they must be; what is wrong then.
pub(crate) fn until_carried_out(
    orders: &str,
    log: &Path,
    must_happen: bool,
    mut try_once: impl FnMut() -> Option<String>,
) -> Option<String> {
    let orders = || orders.split(';').filter(|order| !order.is_empty());
    for _ in 0..TRIES {
        let fault = try_once();
        let happened = fs::read_to_string(log).unwrap_or_default();
        if !must_happen || orders().all(|order| happened.lines().any(|line| line == order)) {
            return fault;
        }
        // Nobody came by, as may be on a busy machine: then nothing is known of the point.
    }
    Some(format!("did not happen in {TRIES} runs"))
}

/// Tries all of these, several at a time, each with a log of what was carried out.
pub(crate) fn try_all<C: Debug + Sync>(
    cases: &[C],
    try_case: impl Fn(&C, &Path) -> Option<String> + Sync,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let next = AtomicUsize::new(0);
    let faults = Mutex::new(BTreeMap::new());
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(at) else { break };
                    let log = folder.path().join(at.to_string());
                    if let Some(fault) = try_case(case, &log) {
                        faults.lock().expect("no panic").insert(at, fault);
                    }
                }
            });
        }
    });
    let faults = faults.into_inner().expect("no panic");
    let mut report = String::new();
    for (at, fault) in &faults {
        let _ = writeln!(report, "{:?}: {fault}", cases[*at]);
    }
    eprintln!("{} runs, {} with a fault", cases.len(), faults.len());
    assert!(report.is_empty(), "\n{report}");
}
