//! Usage errors as the user reads them: one to three lines that name the argument, what is wrong
//! with it, and what to type instead.
//!
//! clap finds most of them. Its own texts go on for five lines and more, so they are rebuilt here
//! from what its error knows.

use std::error::Error as _;
use std::ffi::OsStr;
use std::fmt;
use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::quote::{NotUtf8, escape, quote};
use crate::source::range::Range;
use crate::sys::stdio::Headless;
use crate::task::{Reduction, TaskError};
use crate::value::Cell;

/// A command line that cannot be understood. Displayed as the whole text for stderr, without a
/// newline at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    /// One to three lines, the first without its `pmap: `.
    text: String,
}

const SEE_HELP: &str = "try 'pmap --help'";

impl UsageError {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// Stdin is a terminal and there is no range: nobody will type a list of numbers.
    pub(super) fn no_input() -> Self {
        Self::new(
            "no input: give --range, --arg-file, or items behind ':::', or send them to stdin, one per line\n\
             try 'pmap --range 0..10', 'pmap ::: 1 2 3', or 'seq 10 | pmap'",
        )
    }

    /// Only a program has a stdin, a shell and lines.
    pub(super) fn needs_program(flag: &str) -> Self {
        Self::new(format!(
            "{flag} is for programs\ngive one behind '--', as in 'pmap {flag} -- cat'"
        ))
    }

    /// There are two things to do with an item.
    pub(super) fn program_beside(other: &str) -> Self {
        Self::new(format!(
            "{other} and the program behind '--' exclude each other; give one\n\
             (a TASK that begins with a minus goes with --expr)"
        ))
    }

    /// One program runs many items.
    pub(super) fn item_of_coprocess(word: &OsStr) -> Self {
        let word = NotUtf8::new(word).quoted();
        Self::new(format!(
            "{word} stands for an item, which a program with --coproc gets as a line of its standard input\n\
             leave it out, or leave --coproc out to start a program for each item"
        ))
    }

    /// A limit on a process is none on one of its items.
    pub(super) fn cpu_time_of_coprocess() -> Self {
        Self::new(
            "--cpu-time is for one item, and a program with --coproc runs many\n\
             give --timeout, or leave --coproc out to start a program for each item",
        )
    }

    /// Items come from one place.
    pub(super) fn another_source(word: &OsStr) -> Self {
        let word = NotUtf8::new(word).quoted();
        Self::new(format!(
            "unexpected {word} behind ':::'\ngive all items behind one ':::'; items that look like \
             that go to stdin"
        ))
    }

    /// Items come from one place.
    pub(super) fn beside_items(other: &str) -> Self {
        Self::new(format!("{other} and ':::' exclude each other; give one"))
    }

    pub(super) fn fill_of_reduced() -> Self {
        Self::new(
            "--on-error fill= and --reduce exclude each other: there is no line an item\n\
             leave --on-error out; items that fail are said on stderr, and count for nothing",
        )
    }

    /// A flag that is about lines, one an item.
    pub(super) fn lines_of_reduced(flag: &str) -> Self {
        Self::new(format!(
            "{flag} and --reduce exclude each other: there is one number, and no line an item\n\
             leave {flag} out"
        ))
    }

    pub(super) fn tag_of_records(format: &str) -> Self {
        Self::new(format!(
            "--tag and --format {format} exclude each other: the item is in a record already\n\
             leave --tag out"
        ))
    }

    /// There is room for a number.
    pub(super) fn tag_of_cells(format: &str) -> Self {
        Self::new(format!(
            "--tag and --format {format} exclude each other: a number of eight bytes has no room for its item\n\
             leave --tag out, or give --format tsv"
        ))
    }

    pub(super) fn format_of_program(format: &str) -> Self {
        Self::new(format!(
            "--format {format} is for expressions: what a program writes is passed on as it is\n\
             leave --format out; --joblog tells index, input, exit status and time of every item"
        ))
    }

    pub(super) fn several_in_cells(format: &str, what: &str) -> Self {
        Self::new(format!(
            "--format {format} needs numbers, and the task gives {what}\n\
             make a number of it, or leave --format out"
        ))
    }

    /// `why` it is no number of this type.
    pub(super) fn bad_fill(text: &str, format: &str, cell: Cell, why: &str) -> Self {
        let numbers = if cell == Cell::I64 {
            "an integer of 64 bits, as in fill=0"
        } else {
            "a float, as in fill=nan"
        };
        Self::new(format!(
            "{} for --on-error cannot stand in --format {format}: {}\ngive {numbers}",
            quote(&format!("fill={text}")),
            escape(why)
        ))
    }

    /// Nobody reads binary numbers there.
    pub(super) fn binary_to_terminal(format: &str) -> Self {
        Self::new(format!(
            "--format {format} is nothing for a terminal\ngive -o FILE, or redirect standard output"
        ))
    }

    /// How many numbers there are is written in front of them, once it is known.
    pub(super) fn headless(format: &str, why: Headless) -> Self {
        let why = match why {
            Headless::Stream => "the output is no regular file",
            Headless::Appends => "standard output appends to its file",
            Headless::Begun => "standard output does not stand at the begin of its file",
        };
        Self::new(format!(
            "--format {format} writes its header last, and {why}\n\
             give -o FILE, or --format i64le or f64le, which have no header"
        ))
    }

    /// The header's place is in a file that the next run has to find.
    pub(super) fn joblog_of_headless(format: &str) -> Self {
        Self::new(format!(
            "--format {format} with --joblog needs a file by its name, for the run that goes on\ngive -o FILE"
        ))
    }

    pub(super) fn stdout_is_input(format: &str) -> Self {
        Self::new(format!(
            "standard output is the file that items are read from, and --format {format} replaces it\n\
             give -o FILE, and rename it when the run is done"
        ))
    }

    /// Failed items have a place of their own.
    pub(super) fn fill_of_records() -> Self {
        Self::new(
            "--on-error fill= and --format tsv or jsonl exclude each other: failed items have records, too\n\
             leave --on-error out",
        )
    }

    pub(super) fn several_reduced(reduction: Reduction, what: &str) -> Self {
        Self::new(format!(
            "--reduce {reduction} needs numbers, and the task gives {what}\n\
             make a number of it, or use --reduce count"
        ))
    }

    pub(super) fn long_task(most: usize) -> Self {
        Self::new(format!(
            "TASK and --filter have more than {most} characters together\nshorten them"
        ))
    }

    /// There is nothing to go on with.
    pub(super) fn resume_without_joblog(flag: &str) -> Self {
        Self::new(format!(
            "{flag} needs --joblog FILE: the log of the run that is to go on\n\
             to be able to go on with a run, start it with --joblog"
        ))
    }

    /// Items have no results of their own, so that there is nothing to log of each.
    pub(super) fn joblog_of_reduced() -> Self {
        Self::new(
            "--joblog and --reduce exclude each other: items that are reduced have no results of their own\n\
             write the results to a file with -o and --joblog, and reduce that",
        )
    }

    /// An item that cannot be run once more.
    pub(super) fn replay(joblog: &Path, why: &dyn fmt::Display) -> Self {
        let joblog = NotUtf8::new(joblog.as_os_str()).quoted();
        Self::new(format!("cannot replay from --joblog {joblog}: {}", escape(&why.to_string())))
    }

    /// Binary numbers are in no range, on no command line, and nothing separates them.
    pub(super) fn binary_beside(format: &str, other: &str) -> Self {
        Self::new(format!(
            "--input-format {format} and {other} exclude each other; give one\n\
             binary numbers come from stdin or with --arg-file"
        ))
    }

    pub(super) fn binary_for_program(format: &str) -> Self {
        Self::new(format!(
            "--input-format {format} is for expressions: a program gets its item as text\n\
             print the numbers first, as in 'pmap --input-format {format} n | pmap -- CMD'"
        ))
    }

    /// Results would overwrite the items before they are read.
    pub(super) fn output_is_input(path: &Path) -> Self {
        let path = NotUtf8::new(path.as_os_str()).quoted();
        Self::new(format!(
            "--output {path} is the file that items are read from\ngive it another name, and rename it when the run is done"
        ))
    }

    /// `path` is how the library is shown.
    pub(super) fn bad_plugin(path: &str, fault: &dyn fmt::Display) -> Self {
        Self::new(format!("invalid value {path} for --plugin: {}", escape(&fault.to_string())))
    }

    pub(super) fn many_plugins(most: usize) -> Self {
        Self::new(format!(
            "--plugin is given more than {most} times\nput the functions into fewer libraries"
        ))
    }

    /// What `pmap tasks` does not take.
    pub(super) fn behind_tasks(word: &OsStr) -> Self {
        let word = NotUtf8::new(word).quoted();
        Self::new(format!(
            "unexpected argument {word} behind 'tasks'\ngive one name or a part of one, as in 'pmap tasks prime'"
        ))
    }

    pub(super) fn no_library() -> Self {
        Self::new("--plugin lacks its value: give --plugin <LIB>")
    }

    pub(super) fn no_function(name: &str) -> Self {
        Self::new(format!(
            "no function has {} in its name\ntry 'pmap tasks', which lists all of them",
            quote(name)
        ))
    }

    /// A value that its type refused, for a reason that ends with the remedy.
    fn bad_value(error: &clap::Error) -> Self {
        let argument = name(&context(error, ContextKind::InvalidArg)).to_owned();
        let value = context(error, ContextKind::InvalidValue);
        let Some(reason) = error.source() else {
            return Self::new(format!(
                "invalid value {} for {argument}\n{SEE_HELP}",
                quote(&value)
            ));
        };
        let value = match reason.downcast_ref::<NotUtf8>() {
            Some(raw) => raw.quoted(), // clap has lost its odd bytes
            None => quote(&value),
        };
        Self::new(format!("invalid value {value} for {argument}: {reason}"))
    }

    /// Shows the task, and a caret under the place.
    pub(super) fn bad_task(argument: &str, task: &str, error: &TaskError) -> Self {
        if task.trim().is_empty() {
            return Self::new(format!(
                "invalid value {} for {argument}: it is empty; give an expression in n, as in 'n**2'",
                quote(task)
            ));
        }
        if task.parse::<Range>().is_ok() {
            return Self::new(format!(
                "invalid value {} for {argument}: it is a range; give it with --range",
                quote(task)
            ));
        }
        let (line, caret) = excerpt(task, error.position());
        let caret = format!("{:caret$}^", "");
        let reason = escape(&error.to_string());
        Self::new(format!("invalid value for {argument}: {reason}\n    {line}\n    {caret}"))
    }

    fn unknown(error: &clap::Error) -> Self {
        let argument = context(error, ContextKind::InvalidArg);
        let guess = context(error, ContextKind::SuggestedArg);
        let guess = match name(&guess) {
            "" => String::new(),
            guess => format!(" (did you mean '{guess}'?)"),
        };
        let remedy = if !argument.starts_with('-') {
            "quote a task that has spaces in it, as in 'n**2 + 1'; or "
        } else if guess.is_empty() && !argument.starts_with("--") {
            "give a task that begins with a minus with --expr; or "
        } else {
            ""
        };
        Self::new(format!("unexpected argument {}{guess}\n{remedy}{SEE_HELP}", quote(&argument)))
    }
}

impl From<clap::Error> for UsageError {
    fn from(error: clap::Error) -> Self {
        let shown = context(&error, ContextKind::InvalidArg);
        let argument = name(&shown);
        let value = context(&error, ContextKind::InvalidValue);
        match error.kind() {
            ErrorKind::ValueValidation => Self::bad_value(&error),
            ErrorKind::UnknownArgument => Self::unknown(&error),
            // clap's word for a flag that ends the line without its value.
            ErrorKind::InvalidValue if value.is_empty() => {
                Self::new(format!("{argument} lacks its value: give {shown}"))
            }
            ErrorKind::ArgumentConflict => {
                let prior = context(&error, ContextKind::PriorArg);
                match name(&prior) {
                    prior if prior == argument => {
                        Self::new(format!("{argument} is given twice; give it once"))
                    }
                    prior => {
                        Self::new(format!("{argument} and {prior} exclude each other; give one"))
                    }
                }
            }
            ErrorKind::TooManyValues => Self::new(format!(
                "{argument} takes no value, and got {}; give it alone",
                quote(&value)
            )),
            // What the arguments as they are can't lead to. clap's first line is the best there is.
            _ => {
                let text = error.render().to_string();
                let line = text.lines().next().unwrap_or_default();
                let line = line.strip_prefix("error: ").unwrap_or(line);
                Self::new(format!("{}\n{SEE_HELP}", escape(line)))
            }
        }
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pmap: {}", self.text)
    }
}

impl std::error::Error for UsageError {}

/// The text of a context, or the first of its texts; empty if clap has none.
fn context(error: &clap::Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.first().cloned().unwrap_or_default(),
        _ => String::new(),
    }
}

/// `--stats` of `--stats[=<text|json>]`, and `TASK` of `[TASK]`.
fn name(shown: &str) -> &str {
    let shown = shown.trim_start_matches(['[', '<']);
    let end = shown.find([' ', '=', '[', ']', '<', '>']);
    &shown[..end.unwrap_or(shown.len())]
}

/// The part of a task around a byte of it, on one line, and how far into that line the byte is.
fn excerpt(task: &str, position: usize) -> (String, usize) {
    /// How many characters are shown on either side.
    const REACH: usize = 36;

    let mut position = position.min(task.len());
    while !task.is_char_boundary(position) {
        position -= 1;
    }
    let (before, after) = task.split_at(position);
    let from = before.char_indices().rev().nth(REACH - 1).map_or(0, |(at, _)| at);
    let to = after.char_indices().nth(REACH).map_or(after.len(), |(at, _)| at);

    let head = if from > 0 { "..." } else { "" };
    let tail = if to < after.len() { "..." } else { "" };
    let before = format!("{head}{}", escape(&before[from..]));
    let line = format!("{before}{}{tail}", escape(&after[..to]));
    (line, before.chars().count())
}

#[cfg(test)]
mod tests;
