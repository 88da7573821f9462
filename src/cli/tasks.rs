//! `pmap tasks [NAME]`: what a task can call.
//!
//! As `map`, the word is no clap subcommand, because clap would take every TASK for a misspelled one. It hides no
//! task: no function and no constant is called `tasks`, and `pmap map tasks` is still the task of that name.

use std::ffi::OsString;

use super::Stop;
use super::usage::UsageError;
use crate::task::{FunctionInfo, functions};

const HELP: &str = "\
List the functions that a task can call: what they take, what they give, and an example with its result

Usage: pmap tasks [NAME]

Arguments:
  [NAME]  Only functions with this in their name

Options:
  -h, --help  Print this help
";

/// Answers what stands behind the word.
pub(super) fn answer(words: &[OsString]) -> Stop {
    let name = match words {
        [] => "",
        [word] if word == "-h" || word == "--help" => return Stop::Text(HELP.to_owned()),
        [word] => match word.to_str().filter(|word| !word.starts_with('-')) {
            Some(name) => name,
            None => return Stop::Usage(UsageError::behind_tasks(word)),
        },
        [_, word, ..] => return Stop::Usage(UsageError::behind_tasks(word)),
    };
    let found: Vec<FunctionInfo> =
        functions().filter(|function| function.name().contains(name)).collect();
    if found.is_empty() {
        return Stop::Usage(UsageError::no_function(name));
    }
    Stop::Text(table(&found))
}

/// A line for each, in columns: signature, help, example, result.
fn table(functions: &[FunctionInfo]) -> String {
    let rows: Vec<[String; 4]> = functions
        .iter()
        .map(|function| {
            let [help, example, result] =
                [function.help(), function.example(), function.result()].map(str::to_owned);
            [function.signature(), help, example, result]
        })
        .collect();
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
