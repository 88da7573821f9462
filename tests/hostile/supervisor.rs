//! The supervisor of a case: the real engine, and notes of what it tells.

use std::fs::File;
use std::io::Write;
use std::num::NonZeroU64;
use std::process::ExitCode;
use std::time::Duration;

use pmap::engine::{self, Job};
use pmap::event::{Event, Listener};
use pmap::sched::{ChunkSize, Policy};
use pmap::shm::{Capacity, Layout};
use pmap::source::{Form, LineSource, RangeSource, Source};
use pmap::supervise::{Limits, Spawner, WorkerProgram};
use pmap::sys::input::Input;
use pmap::sys::stdio::Output;
use pmap::task::{CellForm, Cells, Recipe, TaskSpec};

use super::NOTES;
use super::cases::{Behaviour, Case, Load};

/// How many workers there are.
const WORKERS: u32 = 3;

/// One line of notes.
pub(crate) fn note(line: &str) {
    let path = std::env::var_os(NOTES).expect("a file for notes was named");
    let mut file = File::options().append(true).open(path).expect("notes can be taken");
    // In one piece: several processes write here.
    file.write_all(format!("{line}\n").as_bytes()).expect("notes can be taken");
}

/// The time by a clock that all processes share, in nanoseconds.
pub(crate) fn instant() -> u64 {
    let now = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
    now.tv_sec as u64 * 1_000_000_000 + now.tv_nsec as u64
}

struct Notes;

impl Listener for Notes {
    fn hear(&mut self, event: &Event<'_>, _: Duration) {
        match event {
            Event::Spawned { slot, pid, .. } => note(&format!("spawned {} {pid}", slot.0)),
            Event::Died { pid, death, .. } => {
                note(&format!("buried {pid} {}", instant()));
                note(&format!("died {pid} {death:?}"));
            }
            Event::TakenBack { slot, items } => note(&format!("taken {} {items}", slot.0)),
            Event::Settled { slot, items } => note(&format!("settled {} {items}", slot.0)),
            Event::Failed { failure, .. } => {
                note(&format!("failed {} {:?}", failure.index, failure.cause));
            }
            _ => {}
        }
    }
}

/// Runs the job of a case.
pub(crate) fn play(case: &Case) -> ExitCode {
    let task = match case.load {
        Load::Slow(_) => "n**2 + sleep(0.0005)",
        Load::Fast(_) | Load::Lines(_) | Load::Cells(_) => "n**2",
    };
    let source: Box<dyn Source> = match case.load {
        Load::Slow(items) | Load::Fast(items) | Load::Cells(items) => {
            Box::new(RangeSource::new(format!("0..{items}").parse().expect("a range")))
        }
        Load::Lines(_) => {
            Box::new(LineSource::new(Input::stdin().expect("lines to read"), Form::Lines))
        }
    };
    let mut limits = Limits { result: 1 << 20, ..Limits::default() };
    match case.behaviour {
        Behaviour::ShakesNoHand | Behaviour::RefusesAndStays => {
            limits.handshake = Duration::from_secs(1);
        }
        Behaviour::Anything => limits.handshake = Duration::from_secs(3),
        Behaviour::HangsUpAndWorks | Behaviour::SendsAnEmptyMessage => {
            limits.hang_up = Duration::from_millis(100);
        }
        _ => {}
    }
    // Rings that fill up soon.
    let layout = Layout { down: Capacity::MIN, up: Capacity::MIN };
    let program = WorkerProgram::this_program(pmap::worker::ARGUMENT);
    let task: TaskSpec = task.parse().expect("a task");
    let cells = matches!(case.load, Load::Cells(_));
    let cells = cells.then_some(Cells { form: CellForm::Integers, places: false });
    let recipe = Recipe { cells, ..task.into() };
    let spawner = Spawner::new(program, recipe, layout, 0)
        .expect("this program can be looked at")
        .with_limits(limits)
        .one_by_one(case.timeout.is_some());
    let chunk = case.chunk.and_then(NonZeroU64::new).map_or(ChunkSize::Auto, ChunkSize::Items);
    let policy = Policy {
        retries: case.retries,
        timeout: case.timeout.map(Into::into),
        chunk,
        ..Policy::new(WORKERS, WORKERS)
    };
    let output = Output::stdout().expect("somewhere to write to");
    let grace = Duration::from_secs(1);
    let job = Job {
        source,
        spawner,
        policy,
        output,
        first: 0,
        session: None,
        signals: None,
        fill: Vec::new(),
        records: None,
        array: None,
        filters: false,
        reduction: None,
        orphans: None,
        grace,
        takes_leave: false,
    };
    match engine::run(job, &mut [&mut Notes]) {
        Ok(summary) => note(&format!("end {} {}", summary.done, summary.failed)),
        Err(error) => note(&format!("error {error:?}")),
    }
    ExitCode::SUCCESS
}
