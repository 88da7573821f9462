//! The options of a run: complete, consistent and free of clap.
//!
//! Three things are asked of the system here, and nothing else: whether stdin is a terminal, how many
//! cores there are, and what the libraries declare that `--plugin` names.

use std::ffi::{OsStr, OsString};
use std::fmt;
use std::io::{self, IsTerminal};
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::str::FromStr;
use std::thread;
use std::time::Duration;

use super::args::Args;
use super::duration::CpuTime;
use super::environment::{self, Variable};
use super::format::Format;
use super::input_format::InputFormat;
use super::limit::Limit;
use super::on_error::OnError;
use super::plugins::Plugins;
use super::program;
use super::retries::Retries;
use super::size::Size;
use super::usage::UsageError;
use super::when::{When, WordError};
use super::whole::Whole;
use crate::error::Class;
use crate::ids::Index;
use crate::journal::Mode;
use crate::sched::policy::{ChunkSize, Window};
use crate::sched::{Classes, Delay, Halt, TimeLimit};
use crate::source::range::Range;
use crate::task::{Recipe, TaskSpec};
use crate::value::record::RecordForm;
use crate::wire::{Bounds, Command};

/// Whether there can be one result.
fn check_reduction(recipe: &Recipe, on_error: &OnError) -> Result<(), UsageError> {
    let Some(reduction) = recipe.reduction else { return Ok(()) };
    if *on_error != OnError::Skip {
        return Err(UsageError::fill_of_reduced());
    }
    match recipe.task.gives_several() {
        Some(what) if reduction.needs_numbers() => {
            Err(UsageError::several_reduced(reduction, what))
        }
        _ => Ok(()),
    }
}

/// Whether results of this form can be had.
fn check_format(format: Format, recipe: &Recipe, on_error: &OnError) -> Result<(), UsageError> {
    match format {
        Format::Plain => Ok(()),
        Format::Records(form) if recipe.reduction.is_some() => {
            let flag = if form == RecordForm::Tagged { "--tag" } else { "--format" };
            Err(UsageError::lines_of_reduced(flag))
        }
        format if format.is_binary() => check_binary(format, recipe),
        Format::Records(form) if form.tells_failures() && *on_error != OnError::Skip => {
            Err(UsageError::fill_of_records())
        }
        _ => Ok(()),
    }
}

/// Whether results can be binary numbers, as far as the task tells.
fn check_binary(format: Format, recipe: &Recipe) -> Result<(), UsageError> {
    if recipe.reduction.is_some() {
        return Err(UsageError::lines_of_reduced("--format"));
    }
    match recipe.task.gives_several() {
        Some(what) => Err(UsageError::several_in_cells(format.text(), what)),
        None => Ok(()),
    }
}

/// Bytes of task and filter together, at most: as the system allows for one argument. They travel in one message.
const LONGEST_TEXT: usize = 128 << 10;

/// Everything a run needs to know.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many worker processes to keep, in `1..=`[`Workers::MAX`](super::Workers::MAX).
    pub workers: NonZeroUsize,
    /// What each of them may use up.
    pub bounds: Bounds,
    /// How many items each of them runs before a fresh one takes its place.
    pub tasks_per_worker: Option<NonZeroU64>,
    /// What they find in their environment beside what is in ours; of one name, the last counts.
    pub environment: Vec<Variable>,
    /// Where the items come from.
    pub input: Input,
    /// What is done to each, and which are wanted.
    pub recipe: Recipe,
    /// The libraries whose functions that may call.
    pub plugins: Plugins,
    /// What items that are read are.
    pub input_format: InputFormat,
    /// Items that are read end with NUL bytes, and not with newlines.
    pub null: bool,
    /// What is run for each item, instead of the recipe.
    pub program: Option<Command>,
    /// The same as the command line has it, with the flags that say what it is given.
    pub spelled: Option<String>,
    /// Whether results are written in the order of the input.
    pub ordered: bool,
    /// How many items a worker is given at once.
    pub chunk: ChunkSize,
    /// How far the dispatch may run ahead of the first undelivered item.
    pub window: Window,
    /// How often an item that has failed is tried again.
    pub retries: u32,
    /// Which failures that holds for.
    pub retry_on: Classes,
    /// How long it waits before.
    pub retry_delay: Delay,
    /// How long one item may take; above zero.
    pub timeout: Option<TimeLimit>,
    /// When to end the run before its time.
    pub halt: Option<Halt>,
    /// What is written for an item that has no result.
    pub on_error: OnError,
    /// The file that results go to; `None`: stdout.
    pub output: Option<PathBuf>,
    /// The form of the results.
    pub format: Format,
    /// Where to keep a log and a journal, and whether to go on with those that are there.
    pub joblog: Option<(PathBuf, Mode)>,
    /// How long a worker that was asked to end may take before it is killed; may be zero.
    pub grace: Duration,
    /// When to show progress.
    pub progress: When,
    /// When to use colour.
    pub color: When,
    /// How much to say on stderr.
    pub verbosity: Verbosity,
    /// Whether to print a summary at the end, and how.
    pub stats: Option<StatsFormat>,
}

/// Where the items come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// These numbers. Stdin is not touched, whatever it is.
    Range(Range),
    /// What stands behind `:::`. Stdin is not touched here, either.
    Given(Vec<OsString>),
    /// The lines of stdin, which is not a terminal.
    Stdin,
    /// The lines of this file, or whatever it is. Stdin is not touched.
    File(PathBuf),
    /// One item of an earlier run.
    Item(Item),
}

impl Input {
    /// The number of the first item that is wanted.
    pub(super) fn first(&self) -> Index {
        match self {
            Self::Item(item) => item.index,
            Self::Range(_) | Self::Given(_) | Self::Stdin | Self::File(_) => 0,
        }
    }
}

/// An item, by its number, from 0, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number.
    pub index: Index,
    /// Its text.
    pub text: Vec<u8>,
}

/// How much to say on stderr.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Verbosity {
    /// What went wrong.
    Quiet,
    /// That, and a few words where they help.
    #[default]
    Normal,
    /// What happens to workers and items, too.
    Verbose,
}

/// The form of the summary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatsFormat {
    /// For people.
    Text,
    /// One JSON object on one line.
    Json,
}

impl FromStr for StatsFormat {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err(WordError::new("text or json")),
        }
    }
}

impl fmt::Display for StatsFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "text",
            Self::Json => "json",
        })
    }
}

/// What the options depend on besides the arguments; a trait so that a test can be any machine.
pub(super) trait System {
    fn stdin_is_terminal(&self) -> bool;
    fn cores(&self) -> NonZeroUsize;
    /// What these libraries declare, where a worker has so much memory and these variables.
    fn plugins(
        &self,
        paths: &[PathBuf],
        memory: Option<u64>,
        environment: &[Variable],
    ) -> Result<Plugins, UsageError>;
    /// Whether a program can be run, found in `path` or, if there is none, where the environment says.
    fn has_program(&self, name: &OsStr, path: Option<&OsStr>) -> bool;
}

/// The machine we run on.
struct ThisSystem;

impl System for ThisSystem {
    fn stdin_is_terminal(&self) -> bool {
        io::stdin().is_terminal()
    }

    /// Minds the CPU affinity and the cgroup's quota. One core if even that is unknown.
    fn cores(&self) -> NonZeroUsize {
        thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
    }

    fn plugins(
        &self,
        paths: &[PathBuf],
        memory: Option<u64>,
        environment: &[Variable],
    ) -> Result<Plugins, UsageError> {
        Plugins::describe(paths, memory, environment)
    }

    fn has_program(&self, name: &OsStr, path: Option<&OsStr>) -> bool {
        let usual = std::env::var_os("PATH").unwrap_or_else(|| "/bin:/usr/bin".into());
        program::exists(name, path.unwrap_or(&usual))
    }
}

impl Options {
    pub(super) fn from_args(args: Args) -> Result<Self, UsageError> {
        Self::resolve(args, &ThisSystem)
    }

    pub(super) fn resolve(args: Args, system: &impl System) -> Result<Self, UsageError> {
        // The last --env of a name counts.
        let path = args.env.iter().rev().find(|variable| variable.name == "PATH");
        let path = path.map(|variable| OsStr::new(&variable.value));
        let program = program::program(&args, |name| system.has_program(name, path))?;
        args.input_format.check(&args)?;
        let spelled = program::spelled(&args);
        // Started for one item, it is the item's own; started for many, its end is an accident to most of them.
        let is_items_own = program.is_some() && !args.coproc;
        let memory = args.memory_limit.map(Size::bytes);
        let plugins = system.plugins(&args.plugin, memory, &args.env)?;
        let known = plugins.signatures();
        let spec = |argument, text: Option<String>| {
            let parse = |text: String| {
                let error = |error| UsageError::bad_task(argument, &text, &error);
                TaskSpec::parse_with(&text, &known).map_err(error)
            };
            text.map(parse).transpose()
        };
        let (task, expr) = (spec("TASK", args.task)?, spec("--expr", args.expr)?);
        let task = expr.or(task).unwrap_or_default();
        let filter = spec("--filter", args.filter)?;
        let input = match (args.given, args.range, args.arg_file) {
            (Some(_), Some(_), _) => return Err(UsageError::beside_items("--range")),
            (Some(_), _, Some(_)) => return Err(UsageError::beside_items("--arg-file")),
            (Some(items), ..) => Input::Given(items),
            (None, Some(range), _) => Input::Range(range),
            (None, None, Some(path)) => Input::File(path),
            (None, None, None) if system.stdin_is_terminal() => return Err(UsageError::no_input()),
            (None, None, None) => Input::Stdin,
        };
        let recipe = Recipe { task, filter, reduction: args.reduce, cells: None };
        check_reduction(&recipe, &args.on_error)?;
        let format = match (args.tag && program.is_none(), args.format) {
            (false, format) => format,
            (true, Format::Plain) => Format::Records(RecordForm::Tagged),
            (true, format) if format.is_binary() => {
                return Err(UsageError::tag_of_cells(format.text()));
            }
            (true, format) => return Err(UsageError::tag_of_records(format.text())),
        };
        check_format(format, &recipe, &args.on_error)?;
        if program.is_some() && args.format != Format::Plain {
            return Err(UsageError::format_of_program(args.format.text()));
        }
        if recipe.text_len() > LONGEST_TEXT {
            return Err(UsageError::long_task(LONGEST_TEXT));
        }
        let (mode, flag) = match (args.resume, args.resume_failed) {
            (_, true) => (Mode::ResumeFailed, "--resume-failed"),
            (true, _) => (Mode::Resume, "--resume"),
            _ => (Mode::Anew, ""),
        };
        if mode != Mode::Anew && args.joblog.is_none() {
            return Err(UsageError::resume_without_joblog(flag));
        }
        if args.joblog.is_some() && args.reduce.is_some() {
            return Err(UsageError::joblog_of_reduced());
        }
        if let (Format::Npy(_), Some(_), None) = (format, &args.joblog, &args.output) {
            return Err(UsageError::joblog_of_headless(format.text()));
        }
        let joblog = args.joblog.map(|path| (path, mode));
        let workers = args.workers.count(|| system.cores());
        let wanted = args.threads_per_worker.map(Whole::get);
        let cores = if wanted.is_some() { 1 } else { system.cores().get() };
        let is_set = |name: &str| std::env::var_os(name).is_some();
        let mut environment = environment::threads(wanted, cores, workers.get(), is_set);
        environment.extend(args.env);
        Ok(Self {
            workers,
            bounds: Bounds {
                memory,
                item_seconds: args.cpu_time.map(CpuTime::seconds),
                niceness: u8::try_from(args.nice.get()).unwrap_or(u8::MAX),
                sandbox: args.sandbox,
            },
            tasks_per_worker: args.max_tasks_per_worker.and_then(|n| NonZeroU64::new(n.get())),
            environment,
            input,
            recipe,
            plugins,
            retries: args.retries.map_or(if is_items_own { 0 } else { 2 }, Retries::get),
            retry_on: args.retry_on.unwrap_or_else(|| {
                let usual = Classes::default();
                // A program's exit code says as little about the next try as a death does.
                if is_items_own { usual.with(Class::Error) } else { usual }
            }),
            input_format: args.input_format,
            null: args.null,
            program,
            spelled,
            // One result is in no order.
            ordered: !args.unordered && args.reduce.is_none(),
            chunk: args.chunk_size,
            window: args.window,
            retry_delay: args.retry_delay.get(),
            timeout: args.timeout.map(Limit::get),
            halt: args.halt,
            on_error: args.on_error,
            output: args.output,
            format,
            joblog,
            grace: args.grace.get(),
            progress: args.progress,
            color: args.color,
            verbosity: match (args.quiet, args.verbose) {
                (true, _) => Verbosity::Quiet,
                (_, true) => Verbosity::Verbose,
                _ => Verbosity::Normal,
            },
            stats: args.stats,
        })
    }
}
