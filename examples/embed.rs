//! A run of the engine in a program of one's own: squares of 0..20 on two workers, one of which dies at item 7.
//!
//!     cargo run --example embed

use std::process::ExitCode;
use std::time::Duration;

use pmap::engine::{self, Job};
use pmap::event::{Event, Listener};
use pmap::sched::Policy;
use pmap::source::RangeSource;
use pmap::supervise::{Spawner, WorkerProgram, layout_for};
use pmap::sys::stdio::Output;
use pmap::task::TaskSpec;
use pmap::worker;

/// Prints what went wrong.
struct Failures;

impl Listener for Failures {
    fn hear(&mut self, event: &Event<'_>, _: Duration) {
        if let Event::Failed { failure, input, .. } = event {
            eprintln!("{input} has no square: {} ({} attempts)", failure.cause, failure.attempts);
        }
    }
}

fn main() -> ExitCode {
    // Workers are this same program, started again. The first thing it does is to find out which it is.
    if worker::is_wanted() {
        return worker::run();
    }
    match run() {
        Ok(summary) => {
            eprintln!("{} results, {} failures", summary.done, summary.failed);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<engine::Summary, Box<dyn std::error::Error>> {
    let task: TaskSpec = "abort() if n == 7 else n**2".parse()?;
    let program = WorkerProgram::this_program(worker::ARGUMENT);
    let job = Job {
        source: Box::new(RangeSource::new("0..20".parse()?)),
        spawner: Spawner::new(program, task, layout_for(Some(20)), 0)?,
        policy: Policy::new(2, 2),
        output: Output::stdout()?,
        signals: None,
        fill: Vec::new(),
        grace: Duration::ZERO,
    };
    Ok(engine::run(job, &mut [&mut Failures])?)
}
