//! `pmap tasks [--plugin LIB]... [NAME]`: what a task can call.
//!
//! As `map`, the word is no clap subcommand, because clap would take every TASK for a misspelled one. It hides no
//! task: no function and no constant is called `tasks`, and `pmap map tasks` is still the task of that name.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use super::Stop;
use super::plugins::Plugins;
use super::quote::escape;
use super::usage::UsageError;
use crate::plugin::{Declared, LONGEST_HELP};
use crate::task::{FunctionInfo, functions};

const HELP: &str = "\
List the functions that a task can call: what they take, what they give, and an example with its result

Usage: pmap tasks [--plugin LIB]... [NAME]

Arguments:
  [NAME]  Only functions with this in their name

Options:
      --plugin <LIB>  List the functions of this native library, too
  -h, --help          Print this help
";

/// Answers what stands behind the word.
pub(super) fn answer(words: &[OsString]) -> Stop {
    list(words).map_or_else(|stop| stop, Stop::Text)
}

fn list(words: &[OsString]) -> Result<String, Stop> {
    let mut name = None;
    let mut paths: Vec<PathBuf> = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let unexpected = || Stop::Usage(UsageError::behind_tasks(word));
        match word.to_str() {
            Some("-h" | "--help") => return Err(Stop::Text(HELP.to_owned())),
            Some("--plugin") => {
                let path = words.next().ok_or_else(|| Stop::Usage(UsageError::no_library()))?;
                paths.push(path.into());
            }
            Some(text) if !text.starts_with('-') && name.is_none() => name = Some(text),
            _ => match word.as_bytes().strip_prefix(b"--plugin=") {
                Some(path) => paths.push(OsStr::from_bytes(path).into()),
                None => return Err(unexpected()),
            },
        }
    }
    let name = name.unwrap_or_default();
    let plugins = Plugins::describe(&paths, None, &[]).map_err(Stop::Usage)?;
    let ours = functions().filter(|function| function.name().contains(name));
    let theirs = plugins.functions().iter();
    let theirs = theirs.filter(|declared| declared.signature.name().contains(name));
    let rows: Vec<Row> = ours.map(|ours| row(&ours)).chain(theirs.map(foreign_row)).collect();
    if rows.is_empty() {
        return Err(Stop::Usage(UsageError::no_function(name)));
    }
    Ok(table(&rows))
}

/// Signature, help, example, result.
type Row = [String; 4];

fn row(function: &FunctionInfo) -> Row {
    let [help, example, result] =
        [function.help(), function.example(), function.result()].map(str::to_owned);
    [function.signature(), help, example, result]
}

/// What a library says of its function may hold anything.
fn foreign_row(declared: &Declared) -> Row {
    let help = escape(&declared.help).chars().take(LONGEST_HELP).collect();
    [declared.signature.to_string(), help, String::new(), String::new()]
}

/// A line for each, in columns.
fn table(rows: &[Row]) -> String {
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max();
    let [signature, help, example] = [0, 1, 2].map(|column| width(column).unwrap_or_default());
    rows.iter()
        .map(|row| {
            let line =
                format!("{:signature$}  {:help$}  {:example$}  {}", row[0], row[1], row[2], row[3]);
            format!("{}\n", line.trim_end())
        })
        .collect()
}
