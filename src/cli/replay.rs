//! `pmap replay --joblog FILE --item N`: one item of an earlier run once more, in the foreground.

use std::ffi::OsString;
use std::fs::File;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap::{ArgAction, Parser};

use super::joblog::{self, FILTER, PROGRAM, TASK};
use super::options::{Input, Item, Options};
use super::usage::UsageError;
use super::{Exit, Stop, run, words};
use crate::ids::Index;
use crate::journal::Identity;
use crate::output::joblog::text_in;
use crate::sys::identity::program;
use crate::task::Recipe;
use crate::wire::{self, Batch, Line};
use crate::worker;

/// Run one item of an earlier run once more, alone, in the foreground
///
/// What it prints on stderr is seen, its result goes to stdout, and nothing is tried twice. A program takes the place of this
/// one: it is at the terminal, and its exit code is what comes of it.
#[derive(Parser)]
#[command(name = "pmap replay", disable_help_flag = true)]
struct Args {
    /// The log that the run has kept
    #[arg(long, value_name = "FILE", allow_hyphen_values = true)]
    joblog: PathBuf,

    /// The item's number, from 0, as messages and the log's last column have it
    #[arg(long, value_name = "N")]
    item: Index,

    /// Run it in gdb, which must be installed
    #[arg(long)]
    gdb: bool,

    /// In this process instead of a worker: what gdb is given
    #[arg(long, hide = true, conflicts_with = "gdb")]
    in_process: bool,

    /// Print this help
    #[arg(short, long, action = ArgAction::Help)]
    help: Option<bool>,
}

/// What stands behind the word is done; how to exit.
pub(super) fn main(words: &[OsString]) -> Exit {
    let name = OsString::from("pmap replay");
    let args = match Args::try_parse_from(std::iter::once(name).chain(words.iter().cloned())) {
        Ok(args) => args,
        Err(error) => return Stop::from(error).report(),
    };
    if args.gdb {
        return debug(&args);
    }
    match options(&args) {
        Ok(options) => match (&options.input, &options.program) {
            (Input::Item(item), Some(program)) => start(program, item),
            (Input::Item(item), None) if args.in_process => rehearse(&options.recipe, item),
            _ => run::run(&options),
        },
        Err(error) => {
            run::say(&format!("{error}\n"));
            Exit::Usage
        }
    }
}

/// Becomes gdb; returns only if that cannot be.
fn debug(args: &Args) -> Exit {
    let mut gdb = Command::new("gdb");
    gdb.arg("--args").arg(program().canonicalize().unwrap_or_else(|_| program()));
    gdb.args(["replay", "--in-process", "--joblog"]).arg(&args.joblog);
    gdb.args(["--item", &args.item.to_string()]);
    let error = gdb.exec();
    run::say(&format!("pmap: cannot start gdb: {error} (is it installed?)\n"));
    Exit::Pool
}

/// A run of nothing but that item.
fn options(args: &Args) -> Result<Options, UsageError> {
    let refused = |what: &dyn std::fmt::Display| UsageError::replay(&args.joblog, what);
    let identity =
        Identity::read(&joblog::journal_of(&args.joblog)).map_err(|error| refused(&error))?;
    let what = what_is_done(&identity).ok_or_else(|| refused(&"its journal names no task"))?;
    let text = text_of(&args.joblog, args.item).map_err(|error| refused(&error))?;
    let text = text.ok_or_else(|| refused(&format!("item {} is not in it", args.item)))?;
    let alone = ["pmap", "--workers", "1", "--retries", "0"].map(OsString::from);
    // In the place of its text, which replaces it.
    let item = [":::", "0"].map(OsString::from);
    let options = super::parse(alone.into_iter().chain(what).chain(item));
    let options = options.map_err(|stop| match (stop, identity.fact(PROGRAM)) {
        // It is not there any more, most likely.
        (Stop::Usage(error), Some(_)) => error,
        _ => refused(&"this version does not know its task"),
    })?;
    Ok(Options { input: Input::Item(Item { index: args.item, text }), ..options })
}

/// The arguments that say what is done with an item.
fn what_is_done(identity: &Identity) -> Option<Vec<OsString>> {
    if let Some(program) = identity.fact(PROGRAM) {
        return Some(words::split(program)?.into_iter().map(OsString::from_vec).collect());
    }
    let task = ["--expr", identity.fact(TASK)?];
    let filter = identity.fact(FILTER).map(|filter| ["--filter", filter]);
    Some(task.into_iter().chain(filter.into_iter().flatten()).map(OsString::from).collect())
}

/// An item's text, as the last line about it has it.
fn text_of(joblog: &Path, item: Index) -> std::io::Result<Option<Vec<u8>>> {
    let mut found = None;
    for line in BufReader::new(File::open(joblog)?).split(b'\n') {
        found = text_in(&line?, item).or(found);
    }
    Ok(found)
}

/// Becomes the item's program; returns only if that cannot be.
fn start(program: &wire::Command, item: &Item) -> Exit {
    let why = worker::become_program(program, item.index, &item.text);
    run::say(&format!("pmap: item {}: {}\n", item.index, why.into_cause()));
    Exit::ItemsFailed
}

/// Runs the item in this process, which is what a debugger looks at.
fn rehearse(recipe: &Recipe, item: &Item) -> Exit {
    let outcome = worker::rehearse(recipe, item.index, &item.text);
    let mut exit = Exit::Done;
    for line in Batch::new(&outcome).lines() {
        match line {
            Line::Result(result) => {
                if std::io::stdout().write_all(result).is_err() {
                    exit = Exit::Output;
                }
            }
            Line::Dropped => {}
            Line::Failure(why) => {
                let why = String::from_utf8_lossy(why);
                run::say(&format!("pmap: item {}: {why}\n", item.index));
                exit = Exit::ItemsFailed;
            }
        }
    }
    exit
}
