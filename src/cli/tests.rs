//! What is accepted, up to its borders. What is refused is `tests/usage.rs`, on the real process.

use std::ffi::OsStr;
use std::num::{NonZeroU64, NonZeroUsize};
use std::path::PathBuf;
use std::time::Duration;

use clap::CommandFactory as _;

use super::options::System;
use super::*;
use crate::error::Class;
use crate::journal::Mode;
use crate::plugin::Signature;
use crate::sched::policy::{ChunkSize, Window};
use crate::sched::{Classes, Delay, TimeLimit};
use crate::task::TaskSpec;
use crate::wire::{Bounds, Command, Stdin};

/// A machine of four cores, fed from a pipe or sat at.
struct Machine {
    terminal: bool,
}

impl System for Machine {
    fn stdin_is_terminal(&self) -> bool {
        self.terminal
    }

    fn cores(&self) -> NonZeroUsize {
        NonZeroUsize::new(4).expect("not 0")
    }

    fn plugins(
        &self,
        paths: &[PathBuf],
        _: Option<u64>,
        _: &[Variable],
    ) -> Result<Plugins, UsageError> {
        // What is in the example; real ones are for `tests/plugins`.
        let mine = || Signature::new("mine", 1, true, false).expect("a function");
        Ok(if paths.is_empty() { Plugins::default() } else { Plugins::declaring(mine()) })
    }

    /// All programs are where they usually are, and in one folder beside.
    fn has_program(&self, _: &OsStr, path: Option<&OsStr>) -> bool {
        path.is_none_or(|path| path == "/there")
    }
}

fn on(machine: &Machine, words: &[&str]) -> Result<Options, Stop> {
    let line = ["pmap"].iter().chain(words).map(OsString::from);
    Options::resolve(read(line.collect())?, machine).map_err(Stop::Usage)
}

/// The options of a line that is right, with stdin a pipe.
fn good(words: &[&str]) -> Options {
    on(&Machine { terminal: false }, words).unwrap_or_else(|stop| panic!("{words:?}: {stop:?}"))
}

#[test]
fn clap_finds_the_definition_sound() {
    Args::command().debug_assert();
}

#[test]
fn defaults() {
    let options = good(&[]);
    assert_eq!(options.workers.get(), 4);
    assert_eq!(options.input, Input::Stdin);
    assert_eq!(options.recipe.task.to_string(), TaskSpec::default().to_string());
    assert!(options.ordered);
    assert_eq!(options.chunk, ChunkSize::Auto);
    assert_eq!(options.window, Window::Auto);
    assert_eq!(options.bounds, Bounds::default());
    assert_eq!(options.tasks_per_worker, None);
    assert_eq!(options.retries, 2);
    assert_eq!(options.retry_on, Classes::default());
    assert_eq!(options.retry_delay, Delay::None);
    assert_eq!(options.timeout, None);
    assert_eq!(options.halt, None);
    assert_eq!(options.on_error, OnError::Skip);
    assert_eq!(options.grace, Duration::from_secs(2));
    assert_eq!(options.progress, When::Auto);
    assert_eq!(options.color, When::Auto);
    assert_eq!(options.verbosity, Verbosity::Normal);
    assert_eq!(options.stats, None);
}

/// A program, and what its flags make of it.
#[test]
fn programs() {
    type Case = (&'static [&'static str], fn(&Options, &Command) -> bool);
    let cases: &[Case] = &[
        (&["--", "cat"], |_, command| command.stdin == Stdin::Empty && command.separator == b'\n'),
        (&["map", "--", "cat", "--range"], |options, _| options.input == Input::Stdin),
        (&["-0", "--", "cat"], |_, command| command.separator == 0),
        (&["--pipe", "--", "cat"], |_, command| command.stdin == Stdin::Line && !command.tags),
        (&["--pipe", "--null", "--", "cat"], |_, command| command.stdin == Stdin::Item),
        (&["--coproc", "--", "cat"], |options, command| {
            command.stdin == Stdin::Items(b'\n') && options.retries == 2
        }),
        (&["--coproc", "-0", "--", "cat", "{%}"], |options, command| {
            command.stdin == Stdin::Items(0) && !options.retry_on.contains(Class::Error)
        }),
        (&["--tag", "--", "{}"], |_, command| command.tags && command.spec.program().is_none()),
        (&["--env=PATH=/x", "--env=PATH=/there", "--", "dog"], |_, _| true),
        (&["--", "cat"], |options, _| options.retries == 0),
        (&["--retries", "3", "--", "cat"], |options, _| options.retries == 3),
        (&["--", "cat"], |options, _| options.retry_on.contains(Class::Error)),
        (&["--retry-on", "death", "--", "cat"], |options, _| {
            !options.retry_on.contains(Class::Error)
        }),
        (&["--", "cat", ":::"], |options, _| options.input == Input::Given(vec![])),
        (&["--", "cat", ":::", "-w", "--"], |options, command| {
            options.input == Input::Given(vec!["-w".into(), "--".into()]) && command.separator == 0
        }),
    ];
    for (words, holds) in cases {
        let options = good(words);
        let command = options.program.as_ref().expect("a program");
        assert!(holds(&options, command), "{words:?}: {options:?}");
    }
}

/// Good lines, and a fact about the options they lead to.
#[test]
fn borders() {
    type Case = (&'static [&'static str], fn(&Options) -> bool);
    const SECOND: Duration = Duration::from_secs(1);

    fn range(o: &Options, start: i64, step: i64, len: u64) -> bool {
        matches!(o.input, Input::Range(r) if (r.start(), r.step(), r.len()) == (start, step, len))
    }
    fn chunk(o: &Options, items: u64) -> bool {
        NonZeroU64::new(items).is_some_and(|items| o.chunk == ChunkSize::Items(items))
    }
    fn window(o: &Options, items: u64) -> bool {
        NonZeroU64::new(items).is_some_and(|items| o.window == Window::Items(items))
    }

    let cases: &[Case] = &[
        (&["map"], |o| o.recipe.task.to_string() == "n**2"),
        (&["map", "n+1"], |o| o.recipe.task.to_string() == "n+1"),
        (&["map", "--range", "0..2", "n"], |o| range(o, 0, 1, 2)),
        (&["n+1", "--range", "0..2"], |o| o.recipe.task.to_string() == "n+1" && range(o, 0, 1, 2)),
        (&["-e", "-n"], |o| o.recipe.task.to_string() == "-n"),
        (&["-e-n"], |o| o.recipe.task.to_string() == "-n"),
        (&["--expr=-n"], |o| o.recipe.task.to_string() == "-n"),
        (&["--range", "-5..5"], |o| range(o, -5, 1, 10)),
        (&["--range", "-5..=5"], |o| range(o, -5, 1, 11)),
        (&["--range=-5..-10:-2"], |o| range(o, -5, -2, 3)),
        (&["--range", "0..1e6"], |o| range(o, 0, 1, 1_000_000)),
        (&["--range", "0..1_000"], |o| range(o, 0, 1, 1000)),
        (&["--range", "5..0"], |o| range(o, 5, 1, 0)),
        (&["--range", "-9223372036854775808..9223372036854775807"], |o| {
            range(o, i64::MIN, 1, u64::MAX)
        }),
        (&["-w", "1"], |o| o.workers.get() == 1),
        (&["-w3"], |o| o.workers.get() == 3),
        (&["--workers", "1024"], |o| o.workers.get() == 1024),
        (&["--workers=auto"], |o| o.workers.get() == 4),
        (&["-j", "50%"], |o| o.workers.get() == 2),
        (&["--jobs", "1%"], |o| o.workers.get() == 1),
        (&["-P", "1000%"], |o| o.workers.get() == 40),
        (&["--memory-limit", "1.5G"], |o| o.bounds.memory == Some(3 << 29)),
        (&["--cpu-time", "2m"], |o| o.bounds.item_seconds == Some(120)),
        (&["--nice", "19"], |o| o.bounds.niceness == 19),
        (&["--sandbox"], |o| o.bounds.sandbox),
        (&[], |o| !o.bounds.sandbox && o.output.is_none() && o.joblog.is_none()),
        (&["-o", "-x"], |o| o.output.as_deref() == Some("-x".as_ref())),
        (&["--joblog", "f"], |o| o.joblog == Some(("f".into(), Mode::Anew))),
        (&["--joblog", "f", "--resume"], |o| o.joblog == Some(("f".into(), Mode::Resume))),
        (&["--resume-failed", "--joblog=f", "--resume"], |o| {
            o.joblog == Some(("f".into(), Mode::ResumeFailed))
        }),
        (&["--max-tasks-per-worker", "1"], |o| o.tasks_per_worker == NonZeroU64::new(1)),
        (&["--threads-per-worker", "3", "--env", "A=b"], |o| {
            o.environment.last() == "A=b".parse().ok().as_ref()
                && o.environment.iter().any(|it| it.name == "OMP_NUM_THREADS" && it.value == "3")
        }),
        (&["--retries", "0"], |o| o.retries == 0),
        (&["--retries", "1000"], |o| o.retries == 1000),
        (&["--timeout", "0.000001ms"], |o| {
            o.timeout == Some(TimeLimit::Fixed(Duration::from_nanos(1)))
        }),
        (&["--timeout", "10000h"], |o| o.timeout == Some((36_000_000 * SECOND).into())),
        (&["--timeout", "1.5s"], |o| o.timeout == Some((3 * SECOND / 2).into())),
        (&["--timeout", "3"], |o| o.timeout == Some((3 * SECOND).into())),
        (&["--timeout", "300%"], |o| o.timeout == Some(TimeLimit::OfMedian(300))),
        (&["--retry-on", "timeout,error"], |o| {
            o.retry_on == Classes::NONE.with(Class::Timeout).with(Class::Error)
        }),
        (&["--retry-delay", "1s"], |o| o.retry_delay == Delay::Fixed(SECOND)),
        (&["--retry-delay", "1s..2s"], |o| {
            o.retry_delay == Delay::Doubling { first: SECOND, longest: 2 * SECOND }
        }),
        (&["--halt", "now,fail=1"], |o| {
            o.halt.is_some_and(|halt| halt.to_string() == "now,fail=1")
        }),
        (&["--on-error", "fill=NA"], |o| o.on_error == OnError::Fill("NA".to_owned())),
        (&["--grace", "0"], |o| o.grace.is_zero()),
        (&["--grace", "10000h"], |o| o.grace == 36_000_000 * SECOND),
        (&["--unordered"], |o| !o.ordered),
        (&["-k"], |o| o.ordered),
        (&["--keep-order"], |o| o.ordered),
        (&["--chunk-size", "1"], |o| chunk(o, 1)),
        (&["--chunk-size", "1_000_000_000"], |o| chunk(o, 1_000_000_000)),
        (&["--chunk-size", "auto"], |o| o.chunk == ChunkSize::Auto),
        (&["--window", "1"], |o| window(o, 1)),
        (&["--window", "18446744073709551615"], |o| window(o, u64::MAX)),
        (&["--window", "auto"], |o| o.window == Window::Auto),
        (&["--progress", "always"], |o| o.progress == When::Always),
        (&["--progress=never"], |o| o.progress == When::Never),
        (&["--color", "always"], |o| o.color == When::Always),
        (&["--color", "auto"], |o| o.color == When::Auto),
        (&["-q"], |o| o.verbosity == Verbosity::Quiet),
        (&["--verbose"], |o| o.verbosity == Verbosity::Verbose),
        (&["--stats"], |o| o.stats == Some(StatsFormat::Text)),
        (&["--stats", "n+1"], |o| {
            o.stats == Some(StatsFormat::Text) && o.recipe.task.to_string() == "n+1"
        }),
        (&["--stats=text"], |o| o.stats == Some(StatsFormat::Text)),
        (&["--stats=json"], |o| o.stats == Some(StatsFormat::Json)),
    ];
    for (words, holds) in cases {
        let options = good(words);
        assert!(holds(&options), "{words:?} became {options:?}");
    }
}

#[test]
fn map_is_a_word_only_in_front() {
    for words in [&["map", "map"][..], &["--unordered", "map"]] {
        assert!(
            matches!(on(&Machine { terminal: false }, words), Err(Stop::Usage(_))),
            "{words:?}"
        );
    }
}

#[test]
fn a_terminal_is_no_input() {
    let machine = Machine { terminal: true };
    let Err(Stop::Usage(error)) = on(&machine, &["n**2"]) else {
        panic!("a run that reads a terminal");
    };
    let text = error.to_string();
    assert!(text.starts_with("pmap: no input") && text.contains("--range"), "{text}");
    assert!(on(&machine, &["--range", "0..10"]).is_ok(), "a range needs no stdin");
}

#[test]
fn a_range_wins_over_a_pipe() {
    assert!(matches!(good(&["--range", "0..1"]).input, Input::Range(_)));
}

#[test]
fn help_and_version_are_texts() {
    for words in [["-h"], ["--help"], ["-V"], ["--version"]] {
        let Err(Stop::Text(text)) = on(&Machine { terminal: true }, &words) else {
            panic!("{words:?} asks for a text");
        };
        assert!(text.ends_with('\n') && !text.contains('\u{1b}'), "{text}");
    }
}

#[test]
fn no_argument_at_all_is_no_crash() {
    let _ = parse([]);
}

/// Every option has a help text under a heading of its own, and can be found in the help by name.
#[test]
fn every_option_is_explained() {
    let command = Args::command();
    for arg in command.get_arguments().filter(|arg| !arg.is_hide_set()) {
        assert!(arg.get_help().is_some(), "{} has no help", arg.get_id());
        assert!(arg.get_help_heading().is_some(), "{} has no heading", arg.get_id());
    }
    let help = Args::command().render_help().to_string();
    let headings =
        ["Input:", "Task:", "Pool:", "Order and flow:", "Failure:", "Screen:", "Examples:"];
    let places = headings.map(|heading| help.find(heading).unwrap_or_else(|| panic!("{heading}")));
    assert!(places.is_sorted(), "headings in the order of a command line's life");
    assert!(!help.contains("Options:") && !help.contains("Arguments:"), "{help}");
}

/// The lines under "Examples:" are lines that work, as far as this module can tell.
#[test]
fn the_examples_are_good() {
    let help = Args::command().render_help().to_string();
    let (_, examples) = help.split_once("Examples:\n").expect("examples");
    for example in examples.lines() {
        let (line, meaning) = example.trim().split_once("   ").expect("a line and its meaning");
        assert!(!meaning.trim().is_empty(), "{example}");
        let (_, words) = line.split_once("pmap ").expect("a call of pmap");
        // Quoted parts are one word each; the examples need no more of a shell.
        let words: Vec<&str> = words
            .split('\'')
            .enumerate()
            .flat_map(|(i, part)| match i % 2 {
                0 => part.split_whitespace().collect(),
                _ => vec![part],
            })
            .collect();
        if words.first() == Some(&"tasks") {
            let line = ["pmap"].iter().chain(&words).map(OsString::from);
            let stop = parse(line).expect_err("a list is nothing to run");
            assert!(!matches!(stop, Stop::Usage(_)), "{example}: {stop:?}");
        } else {
            good(&words);
        }
    }
}
