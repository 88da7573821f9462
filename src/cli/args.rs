//! The arguments as typed. Each value is already of its own type, since a bad one does not parse;
//! whether they make a run together, on this machine, is for [`Options`](super::Options) to say.
//!
//! Every option that takes a value takes one that begins with a minus, so that `-w -1` is told
//! what is wrong with `-1`, and not that there is no flag of that name.

use std::error::Error;
use std::ffi::OsString;
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::{OsStringValueParser, TypedValueParser};
use clap::{ArgAction, Parser};

use super::duration::{CpuTime, Span};
use super::environment::Variable;
use super::format::Format;
use super::input_format::InputFormat;
use super::limit::Limit;
use super::on_error::OnError;
use super::options::StatsFormat;
use super::quote::NotUtf8;
use super::retries::Retries;
use super::retry_delay::RetryDelay;
use super::size::Size;
use super::when::When;
use super::whole::Whole;
use super::workers::Workers;
use crate::sched::policy::{ChunkSize, Window};
use crate::sched::{Classes, Halt};
use crate::source::range::Range;
use crate::task::Reduction;

const SIGNALS_AND_EXAMPLES: &str = "\
Programs:
  Behind -- stands a program that is run once for each item, without a shell. In its words,
  {} is the item, {.} the item without its extension, {/} without its folder, {//} its folder,
  {/.} without both, {#} its number, {%} its worker's. Without any of them, the item becomes the
  last argument. What it writes is the result, as it is, if it exits with 0. With --coproc it is
  started once per worker, reads items line by line, and answers each with a line.

Signals:
  Ctrl-C, TERM, HUP, Ctrl-\\ write what is finished and end; a second one ends at once
  Ctrl-Z                    stops workers and clocks; fg and bg go on
  USR1                      says on stderr which worker runs which item since when

Examples:
  pmap --range 0..10                          the squares of 0 to 9, in order
  pmap --range -5..=5 'n**3 - n'              another task, a range that includes its end
  seq 1e6 | pmap --workers 4 'is_prime'       items from stdin, one per line
  pmap --range 1..1e6 --timeout 2s --stats    at most two seconds per item; a summary at the end
  pmap --plugin ./libmine.so 'mine(n) + 1'    a function of your own, in C or Rust
  pmap 'n + 1' ::: 1 2 3                      items from the command line
  pmap --range 0..1e6 'n / 3' --format npy -o a.npy   an array for NumPy
  printf 'a\\nb\\n' | pmap --pipe -- tr a-z A-Z   a program for each item, which it reads
  ls *.gz | pmap -- gzip -t                   a program for each item, its last argument
  find . -print0 | pmap -0 -- file -b {}      the same, for items of any kind
  pmap --shell -- 'wc -l < \"$1\"' ::: *.txt    a script for each item
  pmap --coproc -- python3 -u script.py       one program per worker, for all of its items
  pmap tasks prime                            the functions that are named so";

/// How many items one worker runs.
type Tasks = Whole<1, { u64::MAX }>;

/// More is a mistake.
type Threads = Whole<1, 1024>;

/// As `nice(1)` has it, but only downward.
type Niceness = Whole<0, 19>;

/// Map a task over numbers on a pool of worker processes.
///
/// Results go to stdout, in the order of the input; a failed item is one line on stderr, and costs
/// no other item.
#[derive(Parser)]
#[command(
    name = "pmap",
    version,
    about = "Map a task over numbers on a pool of worker processes",
    long_about = None,
    override_usage = "pmap [map] [OPTIONS] [TASK] [::: ITEM...]\n       pmap [map] [OPTIONS] -- CMD [ARG | {}]... [::: ITEM...]\n       pmap tasks [--plugin LIB] [NAME]\n       pmap replay --joblog FILE --item N [--gdb]",
    after_help = SIGNALS_AND_EXAMPLES,
    disable_help_flag = true,
    disable_version_flag = true
)]
pub(super) struct Args {
    /// Numbers from A to B: A..B, A..=B with B, A..B:STEP; without it and --arg-file, items are lines of stdin
    #[arg(help_heading = "Input", long, value_name = "RANGE")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Range>())]
    pub(super) range: Option<Range>,

    /// Items of stdin end with NUL bytes, as find -print0 writes them, instead of newlines
    #[arg(help_heading = "Input", short = '0', long, conflicts_with = "range")]
    pub(super) null: bool,

    /// Items are lines of FILE, which workers read for themselves; a pipe or a device is read as stdin is
    #[arg(
        help_heading = "Input",
        short = 'a',
        long,
        value_name = "FILE",
        conflicts_with = "range"
    )]
    #[arg(allow_hyphen_values = true)]
    pub(super) arg_file: Option<PathBuf>,

    /// What items of stdin or FILE are: lines of text, integers or floats of eight bytes (little-endian), or the
    /// numbers of an array that NumPy has saved
    #[arg(
        help_heading = "Input",
        long,
        value_name = "text|i64le|f64le|npy",
        default_value = "text"
    )]
    #[arg(allow_hyphen_values = true, value_parser = typed::<InputFormat>())]
    pub(super) input_format: InputFormat,

    /// An expression in n [default: n**2]
    #[arg(help_heading = "Task", display_order = 0, value_name = "TASK", value_parser = typed::<String>())]
    pub(super) task: Option<String>,

    /// The same as TASK, for one that begins with a minus
    #[arg(help_heading = "Task", short, long, value_name = "EXPR", conflicts_with = "task")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<String>())]
    pub(super) expr: Option<String>,

    /// Only items for which this expression is true have a result; the others are dropped
    #[arg(help_heading = "Task", long, value_name = "EXPR")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<String>())]
    pub(super) filter: Option<String>,

    /// Add the functions of a native library (see include/pmap_plugin.h); may be given several times
    #[arg(help_heading = "Task", long, value_name = "LIB", action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true)]
    pub(super) plugin: Vec<PathBuf>,

    /// Print one number instead of all results: their exact sum, the least or greatest of them, how
    /// many there are, or their mean
    #[arg(help_heading = "Task", long, value_name = "sum|min|max|count|mean")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Reduction>())]
    pub(super) reduce: Option<Reduction>,

    /// Give the item to the program on its stdin, and not as an argument
    #[arg(help_heading = "Task", long)]
    pub(super) pipe: bool,

    /// One program per worker for all items: each is a line of its stdin, answered by one line of its stdout
    #[arg(help_heading = "Task", long, conflicts_with = "pipe")]
    pub(super) coproc: bool,

    /// The one word behind -- is a script for sh, in which "$1" is the item
    #[arg(help_heading = "Task", long)]
    pub(super) shell: bool,

    /// Begin every result, and every line that a program writes, with its item and a tab
    #[arg(help_heading = "Task", long)]
    pub(super) tag: bool,

    /// Worker processes: a number, a share of the cores such as 50%, or auto for one per core
    #[arg(help_heading = "Pool", short, long, value_name = "N|N%|auto", default_value = "auto")]
    #[arg(visible_alias = "jobs", visible_short_aliases = ['j', 'P'])]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Workers>())]
    pub(super) workers: Workers,

    /// Memory that one worker may use: 512M, 1.5G; an item that needs more fails
    #[arg(help_heading = "Pool", long, value_name = "SIZE")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Size>())]
    pub(super) memory_limit: Option<Size>,

    /// Items that a worker runs before a fresh one takes its place
    #[arg(help_heading = "Pool", long, value_name = "N")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Tasks>())]
    pub(super) max_tasks_per_worker: Option<Tasks>,

    /// Threads that libraries may use in each worker (OMP_NUM_THREADS and the like); by default the
    /// cores are shared out among the workers, unless the variable is set
    #[arg(help_heading = "Pool", long, value_name = "N")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Threads>())]
    pub(super) threads_per_worker: Option<Threads>,

    /// A variable for the environment of workers; may be given several times
    #[arg(help_heading = "Pool", long, value_name = "NAME=VALUE", action = ArgAction::Append)]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Variable>())]
    pub(super) env: Vec<Variable>,

    /// Workers, and what they start, may read files and compute: no file is changed, no network reached, nobody else signalled
    #[arg(help_heading = "Pool", long)]
    pub(super) sandbox: bool,

    /// How much workers make way for other programs
    #[arg(help_heading = "Pool", long, value_name = "0..19", default_value = "0")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Niceness>())]
    pub(super) nice: Niceness,

    /// Write each result as soon as it is there
    #[arg(help_heading = "Order and flow", long)]
    pub(super) unordered: bool,

    /// Write results in the order of the input (the default)
    #[arg(help_heading = "Order and flow", short, long, conflicts_with = "unordered")]
    pub(super) keep_order: bool,

    /// Items given to a worker at once
    #[arg(help_heading = "Order and flow", long, value_name = "N|auto", default_value = "auto")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<ChunkSize>())]
    pub(super) chunk_size: ChunkSize,

    /// How many items the workers may be ahead of the first result not yet written
    #[arg(help_heading = "Order and flow", long, value_name = "N|auto", default_value = "auto")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Window>())]
    pub(super) window: Window,

    /// Time that one item may take: 500ms, 1.5s, 3m, 1h, a plain number is seconds; or a share of the
    /// median time of the items so far, such as 300%
    #[arg(help_heading = "Failure", long, value_name = "DURATION|N%")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Limit>())]
    pub(super) timeout: Option<Limit>,

    /// Processor time that one item may use, in whole seconds
    #[arg(help_heading = "Failure", long, value_name = "DURATION")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<CpuTime>())]
    pub(super) cpu_time: Option<CpuTime>,

    /// Times an item that has failed is tried again [default: 2; 0 for programs without --coproc]
    #[arg(help_heading = "Failure", long, value_name = "N")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Retries>())]
    pub(super) retries: Option<Retries>,

    /// Failures that are tried again, with commas between them: death (the worker died), oom (it ran
    /// out of memory), timeout, error (the task said so, or its program) [default: death,oom;
    /// death,oom,error for programs]
    #[arg(help_heading = "Failure", long, value_name = "LIST")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Classes>())]
    pub(super) retry_on: Option<Classes>,

    /// Time before an item is tried again; 1s..1m doubles it each time and varies it by chance
    #[arg(help_heading = "Failure", long, value_name = "DURATION|A..B", default_value = "0")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<RetryDelay>())]
    pub(super) retry_delay: RetryDelay,

    /// End the run before its time: now or soon (what is begun is finished), after fail=N, fail=N%,
    /// success=N or done=N items
    #[arg(help_heading = "Failure", long, value_name = "WHEN,WHAT")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Halt>())]
    pub(super) halt: Option<Halt>,

    /// What is written for an item without a result: nothing, or a line of text (of binary numbers, a number)
    #[arg(help_heading = "Failure", long, value_name = "skip|fill=TEXT", default_value = "skip")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<OnError>())]
    pub(super) on_error: OnError,

    /// Time that a worker gets to end by itself before it is killed
    #[arg(help_heading = "Failure", long, value_name = "DURATION", default_value = "2s")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Span>())]
    pub(super) grace: Span,

    /// Write results to FILE instead of stdout; what is in it is replaced
    #[arg(help_heading = "Output", short, long, value_name = "FILE")]
    #[arg(allow_hyphen_values = true)]
    pub(super) output: Option<PathBuf>,

    /// Form of the results: plain as Python prints them; tsv or jsonl, which say of each item index, input, result
    /// or error, attempts, worker, process id and seconds; i64le or f64le, numbers of eight bytes; npy, an array
    /// that NumPy loads, of whichever of the two fits the task (npy:i64 and npy:f64 say which)
    #[arg(
        help_heading = "Output",
        long,
        value_name = "plain|tsv|jsonl|i64le|f64le|npy",
        default_value = "plain"
    )]
    #[arg(allow_hyphen_values = true, value_parser = typed::<Format>())]
    pub(super) format: Format,

    /// Keep a log of every run of an item in FILE, and a journal for --resume in FILE.journal
    #[arg(help_heading = "Output", long, value_name = "FILE", allow_hyphen_values = true)]
    pub(super) joblog: Option<PathBuf>,

    /// Go on with the run that --joblog tells of: what is finished is not done again
    #[arg(help_heading = "Output", long)]
    pub(super) resume: bool,

    /// The same, but items that have failed are run once more
    #[arg(help_heading = "Output", long)]
    pub(super) resume_failed: bool,

    /// Show progress on stderr; auto: if it is a terminal
    #[arg(help_heading = "Screen", long, value_name = "auto|always|never", default_value = "auto")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<When>())]
    pub(super) progress: When,

    /// Say nothing on stderr but what went wrong
    #[arg(help_heading = "Screen", short, long, conflicts_with = "verbose")]
    pub(super) quiet: bool,

    /// Say on stderr what happens to workers and items
    #[arg(help_heading = "Screen", short, long)]
    pub(super) verbose: bool,

    /// Print a summary on stderr at the end, as text or as json
    #[arg(help_heading = "Screen", long, value_name = "text|json", num_args = 0..=1)]
    #[arg(require_equals = true, default_missing_value = "text")]
    #[arg(value_parser = typed::<StatsFormat>())]
    pub(super) stats: Option<StatsFormat>,

    /// Use colour on stderr; auto: if it is a terminal and NO_COLOR is not set
    #[arg(help_heading = "Screen", long, value_name = "auto|always|never", default_value = "auto")]
    #[arg(allow_hyphen_values = true, value_parser = typed::<When>())]
    pub(super) color: When,

    /// Print this help
    #[arg(help_heading = "Screen", short, long, action = ArgAction::Help)]
    help: Option<bool>,

    /// Print the version
    #[arg(help_heading = "Screen", short = 'V', long, action = ArgAction::Version)]
    version: Option<bool>,

    /// What stands behind `--`: a program to run for each item, and its arguments.
    #[arg(last = true, hide = true)]
    pub(super) program: Vec<OsString>,

    /// What stands behind `:::`, if that is there: the items. It is taken off before the rest is looked at.
    #[arg(skip)]
    pub(super) given: Option<Vec<OsString>>,
}

/// A parser for a domain type, by its own `FromStr`.
///
/// clap's own `value_parser!` would do, were it not for arguments that are no UTF-8: it refuses
/// those without a word on which argument it was.
fn typed<T>() -> impl TypedValueParser<Value = T>
where
    T: FromStr<Err: Error + Send + Sync + 'static> + Clone + Send + Sync + 'static,
{
    OsStringValueParser::new().try_map(
        |value: OsString| -> Result<T, Box<dyn Error + Send + Sync>> {
            let text = value.to_str().ok_or_else(|| NotUtf8::new(&value))?;
            Ok(text.parse()?)
        },
    )
}
