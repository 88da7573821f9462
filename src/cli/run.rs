//! From options to a run, and from its end to an exit code.

use std::io::{self, IsTerminal, Write};
use std::thread;
use std::time::Duration;

use anyhow::{Context, anyhow};

use super::binary::Binary;
use super::destination;
use super::exit::Exit;
use super::joblog;
use super::options::{Options, StatsFormat, Verbosity};
use super::origin::{self, Opened};
use super::usage::UsageError;
use super::when::When;
use crate::engine::{self, Job, Summary};
use crate::error::RunError;
use crate::event::Listener;
use crate::journal::JournalError;
use crate::output::joblog::JobLog;
use crate::output::{Bar, Console, Detail, Progress, Screen, Stats};
use crate::sched::{Counted, Policy};
use crate::shm::sweep_stale_names;
use crate::supervise::{Spawner, WorkerProgram, layout_for};
use crate::sys::children::Orphans;
use crate::sys::signals::{self, Signals};
use crate::sys::{memory, sandbox, stdio};
use crate::wire::{Command, Work};
use crate::worker;

/// How often a worker looks for work before it sleeps, where there are cores to spare: about 10 us.
const SPINS: u32 = 1000;

/// How long the program of a worker may take before it reads its first item: some load a model first.
const WARM_UP: Duration = Duration::from_secs(300);

/// How long a run takes before its progress is shown unasked.
const PATIENCE: Duration = Duration::from_millis(500);

/// Runs what `options` ask for; how the process shall end. Does not return where a signal shall be seen to
/// have ended it.
pub(super) fn run(options: &Options) -> Exit {
    signals::sanitize();
    sweep_stale_names();
    let mut stats = Stats::new();
    let outcome = run_and_show(options, &mut stats);
    match options.stats {
        Some(StatsFormat::Text) => say(&stats.text()),
        Some(StatsFormat::Json) => say(&format!("{}\n", stats.json())),
        None => {}
    }
    match outcome {
        Ok(summary) if summary.lacks_total => Exit::ItemsFailed,
        Ok(summary) if summary.failed == 0 => Exit::Done,
        // As many as were wanted; nobody asked about the others.
        Ok(summary) if summary.halted && wants_successes(options) => Exit::Done,
        Ok(_) => Exit::ItemsFailed,
        Err(error) => exit_of(&error),
    }
}

fn wants_successes(options: &Options) -> bool {
    options.halt.is_some_and(|halt| halt.of == Counted::Successes)
}

/// Says on stderr why the run ended before its time, unless it was the user who ended it; how to exit.
fn exit_of(error: &anyhow::Error) -> Exit {
    if let Some(error) = error.downcast_ref::<UsageError>() {
        say(&format!("{error}\n"));
        return Exit::Usage;
    }
    if let Some(error) = error.downcast_ref::<JournalError>() {
        say(&format!("pmap: {error}\n"));
        return if error.is_io() { Exit::Output } else { Exit::Usage };
    }
    match error.downcast_ref::<RunError>() {
        Some(RunError::ReaderGone) => signals::end_by(signals::READER_GONE),
        Some(RunError::Signal(signal)) => signals::end_by(*signal),
        Some(
            RunError::Input { .. }
            | RunError::Output { .. }
            | RunError::Journal { .. }
            | RunError::JobLog { .. },
        ) => {
            say(&format!("pmap: {error}\n"));
            Exit::Output
        }
        Some(RunError::OtherInput(_)) => {
            say(&format!("pmap: {error}\n"));
            Exit::Usage
        }
        Some(RunError::Pool(_) | RunError::Wait(_)) | None => {
            say(&format!("pmap: {error}\n"));
            Exit::Pool
        }
    }
}

fn run_and_show(options: &Options, stats: &mut Stats) -> anyhow::Result<Summary> {
    let (job, mut log) = job(options)?;
    let is_quiet = options.verbosity == Verbosity::Quiet;
    let shows_bar = options.progress.decide(|| io::stderr().is_terminal() && !is_quiet);
    // Asked for, it is always seen; unasked, only where there is something to wait for.
    let patience = if options.progress == When::Always { Duration::ZERO } else { PATIENCE };
    let mut progress = shows_bar.then(|| Progress::new(patience, stdio::stderr_is_ours));
    let bar = progress.as_mut().map(|progress| progress as &mut dyn Bar);
    let detail = match options.verbosity {
        Verbosity::Verbose => Detail::Incidents,
        Verbosity::Quiet | Verbosity::Normal => Detail::Failures,
    };
    let mut console = Console::new(detail, bar, screen(options));
    let mut listeners: Vec<&mut dyn Listener> = vec![&mut console];
    if options.stats.is_some() {
        listeners.push(stats);
    }
    listeners.extend(log.as_mut().map(|log| log as &mut dyn Listener));
    let outcome = engine::run(job, &mut listeners);
    console.finish();
    let logged = log.map_or(Ok(()), JobLog::finish);
    let summary = outcome?;
    let to = || options.joblog.as_ref().map(|(path, _)| stdio::name_of(path)).unwrap_or_default();
    logged.map_err(|source| RunError::JobLog { to: to(), source })?;
    Ok(summary)
}

fn screen(options: &Options) -> Screen {
    let may_color = || {
        let is_unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        io::stderr().is_terminal() && !is_unwanted
    };
    let has_results = options.output.is_none() && io::stdout().is_terminal();
    Screen { has_color: options.color.decide(may_color), has_results }
}

fn job(options: &Options) -> anyhow::Result<(Job, Option<JobLog>)> {
    let workers = u32::try_from(options.workers.get()).unwrap_or(u32::MAX);
    if options.bounds.sandbox {
        sandbox::check().map_err(|error| anyhow!("--sandbox cannot be kept: {error}"))?;
    }
    let Opened { mut source, items, cells, file } = origin::open(options)?;
    let binary = Binary::new(options, cells)?;
    let output = destination::open(options, file.as_ref())?;
    let (session, log) = joblog::open(options, binary.as_ref(), &output)?;
    if let Some(session) = &session {
        source.keep_account(session.known.inputs.clone());
    }
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    // Programs need the cores, too.
    let has_cores = cores > options.workers.get() && options.program.is_none();
    let spins = if has_cores { SPINS } else { 0 };
    let work: Work = match &options.program {
        Some(program) => program.clone().into(),
        None => Binary::recipe(binary.as_ref(), &options.recipe).into(),
    };
    // Its answers come in order, each as soon as it is there: what it is given ahead is not timed.
    let is_coprocess = options.program.as_ref().is_some_and(Command::is_coprocess);
    let program = WorkerProgram::this_program(worker::ARGUMENT);
    let environment = options.environment.iter();
    let environment = environment.map(|it| (it.name.clone().into(), it.value.clone().into()));
    let environment = environment.collect();
    let spawner = Spawner::new(program, work, layout_for(items), spins)
        .map_err(RunError::from)?
        .within(options.bounds)
        .with_environment(environment)
        .with_plugins(options.plugins.files())
        .with_file(file)
        .with_cells(cells)
        .with_records(options.format.records())
        .one_by_one((options.timeout.is_some() && !is_coprocess) || options.retries == 0);
    let signals = Signals::catch().context("cannot catch signals")?;
    let policy = Policy {
        workers,
        cores: u32::try_from(cores).unwrap_or(u32::MAX),
        retries: options.retries,
        retry_on: options.retry_on,
        retry_delay: options.retry_delay,
        // Without randomness, everybody's chance is the same, which does no harm.
        seed: memory::random().map_or(0, |bits| bits as u64),
        timeout: options.timeout,
        warm_up: if is_coprocess { WARM_UP } else { Duration::ZERO },
        halt: options.halt,
        tasks_per_worker: options.tasks_per_worker,
        chunk: options.chunk,
        window: options.window,
        ordered: options.ordered,
    };
    let job = Job {
        source,
        spawner,
        policy,
        output,
        signals: Some(signals),
        records: options.format.records(),
        array: binary.as_ref().and_then(|binary| binary.array),
        filters: options.recipe.filter.is_some(),
        reduction: options.recipe.reduction,
        fill: binary.map_or_else(|| options.on_error.bytes(), |binary| binary.fill),
        orphans: options.program.is_some().then(Orphans::adopt),
        grace: options.grace,
        takes_leave: is_coprocess,
        first: options.input.first(),
        session,
    };
    Ok((job, log))
}

pub(super) fn say(text: &str) {
    // Nobody is left to be told that stderr cannot be written.
    let _ = io::stderr().write_all(text.as_bytes());
}
