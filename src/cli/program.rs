//! What stands behind `--`: a program for each item.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::args::Args;
use super::quote::{NotUtf8, quote};
use super::usage::UsageError;
use super::words;
use crate::task::CommandSpec;
use crate::wire::{Command, Stdin};

/// The longest command, in bytes: it is told to workers in one message.
const LONGEST: usize = 128 << 10;

/// The program of a command line, if it has one. `exists` says whether a program can be run.
pub(super) fn program(
    args: &Args,
    exists: impl Fn(&OsStr) -> bool,
) -> Result<Option<Command>, UsageError> {
    let Some(first) = args.program.first() else {
        let flags = [("--coproc", args.coproc), ("--pipe", args.pipe), ("--shell", args.shell)];
        return match flags.into_iter().find(|(_, is_given)| *is_given) {
            Some((flag, _)) => Err(UsageError::needs_program(flag)),
            None => Ok(None),
        };
    };
    let others = [
        ("TASK", args.task.is_some()),
        ("--expr", args.expr.is_some()),
        ("--filter", args.filter.is_some()),
        ("--reduce", args.reduce.is_some()),
        ("--plugin", !args.plugin.is_empty()),
    ];
    if let Some((other, _)) = others.into_iter().find(|(_, is_given)| *is_given) {
        return Err(UsageError::program_beside(other));
    }
    if args.coproc && args.cpu_time.is_some() {
        return Err(UsageError::cpu_time_of_coprocess());
    }
    let is_given = args.given.is_some();
    let spec = spec(args)?;
    if spec.len() > LONGEST {
        return Err(UsageError::new(format!(
            "the program and its arguments are longer than {LONGEST} bytes; put them into a script"
        )));
    }
    if let Some(name) = spec.program().map(OsStr::from_bytes) {
        if name.is_empty() || !exists(name) {
            return Err(no_program(first, args.shell));
        }
    }
    let separator = if args.null || is_given { 0 } else { b'\n' };
    let stdin = match (args.coproc, args.pipe, args.null) {
        (true, _, null) => Stdin::Items(if null { 0 } else { b'\n' }),
        (false, false, _) => Stdin::Empty,
        (false, true, false) => Stdin::Line,
        (false, true, true) => Stdin::Item,
    };
    Ok(Some(Command { spec, separator, stdin, tags: args.tag }))
}

/// The program as the command line has it, with the flags that say what it is given: what a run is told apart by, and what
/// starts it again.
pub(super) fn spelled(args: &Args) -> Option<String> {
    let flags = [
        ("--null", args.null),
        ("--coproc", args.coproc),
        ("--pipe", args.pipe),
        ("--shell", args.shell),
        ("--tag", args.tag),
    ];
    let flags = flags.iter().filter(|(_, is_given)| *is_given).map(|(flag, _)| flag.as_bytes());
    let program = args.program.iter().map(|word| word.as_bytes());
    let words = flags.chain([b"--".as_slice()]).chain(program);
    (!args.program.is_empty()).then(|| words::joined(words))
}

fn spec(args: &Args) -> Result<CommandSpec, UsageError> {
    let words = || args.program.iter().map(|word| word.as_bytes());
    match (args.shell, args.program.as_slice()) {
        (true, [script]) if args.coproc => Ok(CommandSpec::shell(script.as_bytes(), false)),
        (true, [script]) => {
            let mentions = |text: &str| {
                script.as_bytes().windows(text.len()).any(|window| window == text.as_bytes())
            };
            let has_item = ["$1", "${1", "$@", "$*", "${@", "${*"].into_iter().any(mentions);
            if mentions("{}") && !has_item && !args.pipe {
                return Err(UsageError::new(
                    "--shell replaces no {} in its script\nwrite \"$1\" where the item shall be, as \
                     in 'pmap --shell -- '\\''wc -l < \"$1\"'\\'''",
                ));
            }
            Ok(CommandSpec::shell(script.as_bytes(), !args.pipe))
        }
        (true, _) => Err(UsageError::new(
            "--shell takes one word behind '--', the script\nquote it, as in 'pmap --shell -- '\\''wc \
             -l < \"$1\"'\\'''",
        )),
        (false, words_given) if args.coproc => {
            let of_item = |word: &&OsString| CommandSpec::asks_for_item(word.as_bytes());
            match words_given.iter().find(of_item) {
                Some(word) => Err(UsageError::item_of_coprocess(word)),
                None => Ok(CommandSpec::without_item(words())),
            }
        }
        (false, _) if args.pipe => Ok(CommandSpec::without_item(words())),
        (false, _) => Ok(CommandSpec::new(words())),
    }
}

fn no_program(first: &OsString, is_shell: bool) -> UsageError {
    let name = if is_shell { quote("sh") } else { NotUtf8::new(first).quoted() };
    let has_blank = !is_shell && first.as_bytes().contains(&b' ');
    let remedy = if has_blank {
        "give its arguments as words of their own, or a script with --shell"
    } else {
        "give the name of a program in PATH, or the path of one"
    };
    UsageError::new(format!("there is no program {name} that can be run\n{remedy}"))
}

/// Whether there is such a program in one of the folders of `path`, or, of a name with a slash, in its own.
pub(super) fn exists(name: &OsStr, path: &OsStr) -> bool {
    let is_program = |file: &Path| {
        file.metadata()
            .is_ok_and(|found| found.is_file() && found.permissions().mode() & 0o111 != 0)
    };
    if name.as_bytes().contains(&b'/') {
        return is_program(Path::new(name));
    }
    std::env::split_paths(path).any(|folder| is_program(&folder.join(name)))
}
