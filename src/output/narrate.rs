//! Events in words, one line each.

use std::fmt::Write;
use std::time::Duration;

use crate::error::{Class, Failure};
use crate::event::{Activity, Event};
use crate::ids::Index;

/// An item as its user knows it.
fn item(index: Index, input: &str, line: Option<u64>) -> String {
    match line {
        Some(line) => format!("item {index} (line {line}, input {input})"),
        None => format!("item {index} (input {input})"),
    }
}

/// The line for a failed item. It names the item, its text, its cause and who had it.
pub(super) fn failure(failure: &Failure, input: &str, line: Option<u64>) -> String {
    let Failure { index, cause, slot, pid, attempts, attempts_allowed } = failure;
    let mut text = format!("{}: {cause}", item(*index, input, line));
    // Whoever failed by itself would do so in any worker.
    if !cause.is_its_own() {
        let _ =
            write!(text, " (worker {slot}, pid {pid}, attempt {attempts} of {attempts_allowed})");
    } else if *attempts_allowed > 1 {
        let _ = write!(text, " (attempt {attempts} of {attempts_allowed})");
    }
    text
}

/// The line for what happened to a worker, if that is worth one.
pub(super) fn incident(event: &Event<'_>) -> Option<String> {
    Some(match event {
        Event::Spawned { slot, generation, pid } => match generation.0 {
            0 => format!("worker {slot}: started, pid {pid}"),
            n => format!("worker {slot}: started again (the {}), pid {pid}", ordinal(n + 1)),
        },
        Event::SpawnFailed { slot, reason } => format!("worker {slot}: {reason}"),
        Event::Ready { slot, pid } => format!("worker {slot}: ready, pid {pid}"),
        Event::Died { slot, pid, death, lost } => {
            let how = death.to_string();
            let how = how.trim_start_matches("its worker ").trim_start_matches("it ");
            match lost {
                1.. if death.is_nobodys() => {
                    format!("worker {slot}: pid {pid}: {how}; what was in its hands is run again")
                }
                0 => format!("worker {slot}: pid {pid} {how}, with nothing in its hands"),
                1 => format!("worker {slot}: pid {pid} {how}, with 1 item in its hands"),
                n => format!(
                    "worker {slot}: pid {pid} {how}, with {n} items in its hands; all but the first go to others"
                ),
            }
        }
        Event::Retried { slot, index, attempts, class, .. } => {
            let what = match class {
                Class::Death => format!("worker {slot} died at it"),
                Class::Memory => format!("worker {slot} ran out of memory at it"),
                Class::Timeout => "it took too long".to_owned(),
                Class::Error => "it failed".to_owned(),
                Class::Cancelled => "it was cancelled".to_owned(),
            };
            format!("item {index}: {what}, attempt {attempts}; it runs again, alone")
        }
        Event::Retired { slot, pid } => {
            format!("worker {slot}: pid {pid} has run as many items as it may")
        }
        Event::TimedOut { slot, pid } => {
            format!("worker {slot}: killing pid {pid}, its item runs too long")
        }
        Event::TakenBack { slot, items } => {
            format!("worker {slot}: {items} items it has not begun go to an idle worker")
        }
        Event::Resumed { settled, failed, .. } => {
            format!("going on: {settled} items are done with, {failed} of them have failed")
        }
        Event::Continued { after } => format!("continued, after {:.1} s", after.as_secs_f64()),
        _ => return None,
    })
}

/// The line for items that an earlier run has told of, which this one does not run again.
pub(super) fn failed_before(items: u64) -> Option<String> {
    let (items, them) = match items {
        0 => return None,
        1 => ("1 item has".to_owned(), "it"),
        _ => (format!("{items} items have"), "them"),
    };
    Some(format!("{items} failed before (--resume-failed runs {them} again)"))
}

/// The line for items that may have been written twice.
pub(super) fn doubtful(items: Option<(Index, Index)>) -> Option<String> {
    items.map(|(first, last)| {
        let items = if first == last {
            format!("item {first}")
        } else {
            format!("items {first} to {last}")
        };
        format!(
            "results of {items} may be there already: the earlier run was killed while it wrote them (with -o FILE, that does no harm)"
        )
    })
}

/// The line for a file of results that is not as long as it was.
pub(super) fn lost_output(is_lost: bool) -> Option<String> {
    let text = "the file of results has lost some of what was written; those items are run again";
    is_lost.then(|| text.to_owned())
}

/// The line for a run that was ended before its time.
pub(super) fn halted(left: u64, all: bool) -> String {
    let items = if left == 1 { "1 item".into() } else { format!("{left} items") };
    let rest = if all { "" } else { "; the rest of the input was not read" };
    format!("halted, as --halt says: {items} not done{rest}")
}

/// The line for how far the run is.
pub(super) fn summary(
    [done, dropped, failed, left]: [u64; 4],
    workers: usize,
    now: Duration,
) -> String {
    let workers = if workers == 1 { "1 worker".into() } else { format!("{workers} workers") };
    let seconds = now.as_secs_f64();
    let dropped = if dropped > 0 { format!("{dropped} dropped, ") } else { String::new() };
    format!("{done} items done, {dropped}{failed} failed, {left} to do; {workers}, {seconds:.1} s")
}

/// The line for what a worker is doing.
pub(super) fn activity(activity: &Activity) -> String {
    let Activity { slot, pid, running } = activity;
    let Some(running) = running else {
        return format!("worker {slot}: pid {pid}, idle");
    };
    let item = item(running.index, &running.input, running.line);
    let seconds = running.time.as_secs_f64();
    let mut text =
        format!("worker {slot}: pid {pid}, {item}, attempt {}, {seconds:.1} s", running.attempt);
    if running.behind > 0 {
        let _ = write!(text, "; {} more in its hands", running.behind);
    }
    text
}

fn ordinal(n: u32) -> String {
    let suffix = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{suffix}")
}
