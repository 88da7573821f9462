//! Workers that break every rule, and a supervisor that must not care.
//!
//! This program is three in one. Asked for tests, it lists and runs cases. For each case it starts itself as a
//! supervisor, in a process of its own so that a panic or a hang is one failed case; and that supervisor starts it
//! as its workers, some of which misbehave. What a case is and what must come of it is the table in `cases`.

mod cases;
mod double;
mod half;
mod hand;
mod supervisor;
mod verdict;

use std::process::ExitCode;
use std::time::Duration;

use cases::Case;
use libtest_mimic::{Arguments, Failed, Trial};

/// The name of the case that a supervisor and its workers play.
const CASE: &str = "PMAP_HOSTILE_CASE";

/// The file in which a supervisor and its workers take notes for the verdict.
const NOTES: &str = "PMAP_HOSTILE_NOTES";

fn main() -> ExitCode {
    let name = std::env::var(CASE).ok();
    let case = name.map(|name| cases::all().into_iter().find(|case| case.name == name));
    match case {
        Some(Some(case)) if pmap::worker::is_wanted() => double::play(&case),
        Some(Some(case)) => supervisor::play(&case),
        Some(None) => ExitCode::from(2),
        None => run_tests(),
    }
}

fn run_tests() -> ExitCode {
    let mut arguments = Arguments::from_args();
    // Cases sleep more than they work.
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    arguments.test_threads.get_or_insert(2 * cores);
    let trials = cases::all().into_iter().map(|case| {
        let is_long = case.is_long;
        Trial::test(case.name.clone(), move || Ok(verdict::of(&case).map(drop)?))
            .with_ignored_flag(is_long)
    });
    let times = Trial::test("long_times_from_violation_to_death", times_to_death);
    let trials = trials.chain([times.with_ignored_flag(true)]);
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    if !arguments.list {
        println!("{} passed, {} failed", conclusion.num_passed, conclusion.num_failed);
    }
    conclusion.exit_code()
}

/// Plays every case that ends for what a worker has written, again and again, and tells how long that worker had.
fn times_to_death() -> Result<(), Failed> {
    const TIMES: usize = 10;
    const SOON: Duration = Duration::from_millis(100);
    let mut all = Vec::new();
    for case in cases::all().into_iter().filter(Case::is_of_writing) {
        let mut times = Vec::new();
        for _ in 0..TIMES {
            times.extend(verdict::of(&case)?);
        }
        times.sort_unstable();
        let Some(last) = times.last() else {
            return Err(format!("{}: nobody was buried", case.name).into());
        };
        let middle = times[times.len() / 2];
        println!(
            "{}: {} violators, buried after {middle:?}, at most {last:?}",
            case.name,
            times.len()
        );
        all.extend(times);
    }
    let late = all.iter().filter(|time| **time > SOON).count();
    println!(
        "{} violators, {late} of them buried more than {SOON:?} after the violation",
        all.len()
    );
    Ok(())
}
