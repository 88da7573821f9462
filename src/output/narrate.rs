//! Events in words, one line each.

use std::fmt::Write;

use crate::error::{Cause, Failure};
use crate::event::Event;

/// The line for a failed item. It names the item, its text, its cause and who had it.
pub(super) fn failure(failure: &Failure, input: &str, line: Option<u64>) -> String {
    let Failure { index, cause, slot, pid, attempts, attempts_allowed } = failure;
    let mut text = match line {
        Some(line) => format!("item {index} (line {line}, input {input}): {cause}"),
        None => format!("item {index} (input {input}): {cause}"),
    };
    // Whoever failed by itself would do so in any worker.
    if !matches!(cause, Cause::Failed(_)) {
        let _ =
            write!(text, " (worker {slot}, pid {pid}, attempt {attempts} of {attempts_allowed})");
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
            let how = how.trim_start_matches("its worker ");
            match lost {
                0 => format!("worker {slot}: pid {pid} {how}, with nothing in its hands"),
                1 => format!("worker {slot}: pid {pid} {how}, with 1 item in its hands"),
                n => format!(
                    "worker {slot}: pid {pid} {how}, with {n} items in its hands; all but the first go to others"
                ),
            }
        }
        Event::Retried { slot, index, attempts } => {
            format!(
                "item {index}: worker {slot} died at it, attempt {attempts}; it runs again, alone"
            )
        }
        Event::TimedOut { slot, pid } => {
            format!("worker {slot}: killing pid {pid}, its item runs too long")
        }
        Event::TakenBack { slot, items } => {
            format!("worker {slot}: {items} items it has not begun go to an idle worker")
        }
        _ => return None,
    })
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
