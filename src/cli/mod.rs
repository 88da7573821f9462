//! The command line, in two stages: the arguments as typed, then [`Options`], which may look at the
//! system.
//!
//! [`parse`] is the door. It starts nothing, but for the processes that look at plugins, and prints nothing: what the user should read instead
//! of a run comes back as a [`Stop`], which knows its stream and its exit code.

mod args;
mod binary;
mod destination;
mod duration;
mod environment;
mod exit;
mod format;
mod input_format;
mod joblog;
mod limit;
mod on_error;
mod options;
mod origin;
mod plugins;
mod program;
mod quote;
mod replay;
mod retries;
mod retry_delay;
mod run;
mod size;
mod tasks;
mod usage;
mod when;
mod whole;
mod words;
mod workers;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser as _;

use args::Args;

pub use duration::{CpuTime, Span, SpanError, Timeout};
pub use environment::{Variable, VariableError};
pub use exit::Exit;
pub use format::Format;
pub use input_format::InputFormat;
pub use limit::{Limit, LimitError};
pub use on_error::{OnError, OnErrorError};
pub use options::{Input, Options, StatsFormat, Verbosity};
pub use plugins::Plugins;
pub use retries::{Retries, RetriesError};
pub use retry_delay::{RetryDelay, RetryDelayError};
pub use size::{Size, SizeError};
pub use usage::UsageError;
pub use when::{When, WordError};
pub use workers::{Workers, WorkersError};

/// The command: what `main` does in a process that is no worker.
#[must_use]
pub fn main() -> std::process::ExitCode {
    let args: Vec<OsString> = std::env::args_os().collect();
    if let [_, word, rest @ ..] = args.as_slice() {
        if word == "replay" {
            return replay::main(rest).into();
        }
    }
    match parse(args) {
        Ok(options) => run::run(&options).into(),
        Err(stop) => stop.report().into(),
    }
}

/// Reads a command line; the first argument is the program's name.
///
/// A leading word `map` is dropped: `pmap map TASK` is `pmap TASK`. The word `replay`, which runs no such line, is for
/// [`main`]. A leading word `tasks` asks for the list of functions.
///
/// # Errors
///
/// [`Stop`], if there is nothing to run: help or a list was asked for, or the line cannot be understood.
pub fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Options, Stop> {
    let args: Vec<OsString> = args.into_iter().collect();
    if let [_, word, rest @ ..] = args.as_slice() {
        if word == "tasks" {
            return Err(tasks::answer(rest));
        }
    }
    Options::from_args(read(args)?).map_err(Stop::Usage)
}

/// The arguments as typed. What stands behind `:::` is not for clap to look at: items may begin with a minus.
fn read(mut args: Vec<OsString>) -> Result<Args, Stop> {
    let behind = args.iter().position(|word| word == ":::").map(|at| args.split_off(at));
    let given = match behind.as_deref() {
        None => None,
        Some([_, items @ ..]) => {
            let is_another = |word: &&OsString| *word == ":::" || *word == "::::";
            if let Some(word) = items.iter().find(is_another) {
                return Err(Stop::Usage(UsageError::another_source(word)));
            }
            Some(items.to_vec())
        }
        Some([]) => Some(Vec::new()),
    };
    let mut args = Args::try_parse_from(without_map(args)).map_err(Stop::from)?;
    args.given = given;
    Ok(args)
}

/// `map` is no clap subcommand, because clap would take every TASK for a misspelled one.
fn without_map(args: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|word| word == "map") {
        args.remove(1);
    }
    args
}

/// Why a command line leads to no run.
#[derive(Debug)]
pub enum Stop {
    /// The help, the version or a list, asked for: a text for stdout.
    Text(String),
    /// A line that cannot be understood: a text for stderr.
    Usage(UsageError),
}

impl Stop {
    /// Writes the text to its stream and says how to exit.
    ///
    /// Exits like any other output if it cannot be written: `pmap --help | head -1` is 141.
    #[must_use]
    pub fn report(&self) -> Exit {
        match self {
            Self::Text(text) => match put(io::stdout(), text) {
                Ok(()) => Exit::Done,
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Exit::ReaderGone,
                Err(error) => {
                    let _ = put(io::stderr(), &format!("pmap: cannot write to stdout: {error}\n"));
                    Exit::Output
                }
            },
            Self::Usage(error) => {
                // Nobody to tell if this fails; the exit code still says it.
                let _ = put(io::stderr(), &format!("{error}\n"));
                Exit::Usage
            }
        }
    }
}

impl From<clap::Error> for Stop {
    fn from(error: clap::Error) -> Self {
        if error.use_stderr() {
            Self::Usage(UsageError::from(error))
        } else {
            Self::Text(error.render().to_string())
        }
    }
}

fn put(mut stream: impl Write, text: &str) -> io::Result<()> {
    stream.write_all(text.as_bytes())?;
    stream.flush()
}

#[cfg(test)]
mod tests;
