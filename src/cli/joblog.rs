//! The job log and the journal beside it: their files, and which run they are of.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::binary::Binary;
use super::options::{Input, Options};
use super::words;
use crate::error::RunError;
use crate::journal::{Identity, Mode, Session};
use crate::output::joblog::{CommandLine, JobLog};
use crate::sys::identity::host;
use crate::sys::stdio::{Output, name_of};
use crate::task::CommandSpec;

/// The journal beside a job log.
pub(super) fn journal_of(joblog: &Path) -> PathBuf {
    let mut name = joblog.as_os_str().to_owned();
    name.push(".journal");
    name.into()
}

/// The names of facts that [replay](super::replay) asks for.
pub(super) const TASK: &str = "the task";
pub(super) const PROGRAM: &str = "the program";
pub(super) const FILTER: &str = "--filter";

/// What a run's output follows from, beside what it reads. Every option is either among it or said to change no byte.
fn identity(options: &Options, binary: Option<&Binary>, output: &Output) -> Identity {
    let Options {
        // Who does the work, and how fast: the same bytes.
        workers: _,
        bounds: _,
        tasks_per_worker: _,
        chunk: _,
        window: _,
        progress: _,
        color: _,
        verbosity: _,
        stats: _,
        grace: _,
        // Whether an item fails may depend on these, but those that have not failed are what they are.
        environment: _,
        retries: _,
        retry_on: _,
        retry_delay: _,
        timeout: _,
        // It goes on behind where it was halted.
        halt: _,
        // The file may have been moved; its content is checked.
        output: _,
        joblog: _,
        input,
        input_format,
        null,
        // As it is spelled.
        program: _,
        spelled,
        recipe,
        plugins,
        ordered,
        on_error,
        format,
    } = options;
    let (input, items) = match input {
        Input::Range(range) => {
            let (count, start, step) = (range.len(), range.start(), range.step());
            (
                "a range",
                Some(("--range", format!("{count} numbers from {start} in steps of {step}"))),
            )
        }
        Input::Stdin => ("standard input", None),
        Input::Given(items) => {
            let items = words::joined(items.iter().map(|item| item.as_bytes()));
            ("arguments", Some((":::", items)))
        }
        // Which one it is, its content says.
        Input::File(_) => ("a file", None),
        Input::Item(item) => ("one item", Some(("its number", item.index.to_string()))),
    };
    let (what, done) = match spelled {
        Some(program) => (PROGRAM, program.as_str()),
        None => (TASK, recipe.task.source()),
    };
    let identity = Identity::default()
        .with("pmap's version", env!("CARGO_PKG_VERSION"))
        .with(what, done)
        .with("the input", input)
        .with("--input-format", input_format.text())
        .with("--null", if *null { "on" } else { "off" })
        .with("--unordered", if *ordered { "off" } else { "on" })
        .with("--on-error", on_error.text())
        .with("--format", format.text())
        .with("the output", if output.can_be_cut() { "a file" } else { "a stream" });
    let identity = match &recipe.filter {
        Some(filter) => identity.with(FILTER, filter.source()),
        None => identity,
    };
    let identity = match plugins.contents() {
        Some(contents) => identity.with("--plugin", contents),
        None => identity,
    };
    // It follows from what is read, too, of which the digest knows no more than the bytes.
    let identity = match binary {
        Some(binary) => identity.with("the form of results", format!("{:?}", binary.cells.form)),
        None => identity,
    };
    match items {
        Some((flag, items)) => identity.with(flag, items),
        None => identity,
    }
}

/// Opens the journal, then the log, whose last line may have been torn by a kill.
///
/// # Errors
/// The journal is of another run, damaged or in use, or one of the files cannot be written.
pub(super) fn open(
    options: &Options,
    binary: Option<&Binary>,
    output: &Output,
) -> anyhow::Result<(Option<Session>, Option<JobLog>)> {
    let Some((path, mode)) = &options.joblog else { return Ok((None, None)) };
    let results = options.output.as_deref().filter(|_| output.can_be_cut());
    let results = results.map(|path| (path, output.head()));
    let identity = identity(options, binary, output);
    let session = Session::open(&journal_of(path), *mode, &identity, results)?;
    let command_line = options.program.as_ref().map(|program| command_line(program.spec.clone()));
    let log = open_log(path, *mode)
        .and_then(|(file, is_empty)| JobLog::new(file, is_empty, host(), command_line));
    let log = log.map_err(|source| RunError::JobLog { to: name_of(path), source })?;
    Ok((Some(session), Some(log)))
}

/// What is started for an item, as a shell would be told it; nothing where it could not be.
fn command_line(spec: CommandSpec) -> CommandLine {
    Box::new(move |item, index, slot| {
        let filled = spec.words(item, index, slot).unwrap_or_default();
        words::joined(filled.iter().map(Vec::as_slice)).into_bytes()
    })
}

/// The log, at its end, and whether nothing is in it.
fn open_log(path: &Path, mode: Mode) -> io::Result<(File, bool)> {
    let mut options = File::options();
    let is_new = mode == Mode::Anew;
    let mut file = options.read(true).write(true).create(true).truncate(is_new).open(path)?;
    let length = file.metadata()?.len();
    let mut kept = length;
    // From the end, a block at a time, to where a line ends.
    while kept > 0 {
        let from = kept.saturating_sub(4096);
        file.seek(SeekFrom::Start(from))?;
        let mut block = Vec::new();
        BufReader::new(&file).take(kept - from).read_to_end(&mut block)?;
        if let Some(newline) = block.iter().rposition(|byte| *byte == b'\n') {
            kept = from + newline as u64 + 1;
            break;
        }
        kept = from;
    }
    if kept < length {
        file.set_len(kept)?;
    }
    file.seek(SeekFrom::Start(kept))?;
    Ok((file, kept == 0))
}
