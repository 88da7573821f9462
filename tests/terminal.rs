//! What is typed at a terminal: Ctrl-C once and twice, Ctrl-\, Ctrl-Z with `fg` and `bg` from a shell.

mod support;

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::fd::AsFd as _;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use support::{
    PROGRAM, Pmap, Process, Random, Run, assert_same, assert_whole_prefix, lines, pmap, squares,
    terminal,
};

const CTRL_C: u8 = 0x03;
const CTRL_Z: u8 = 0x1a;
const CTRL_BACKSLASH: u8 = 0x1c;

/// A person at a terminal, who reads what is shown.
struct Person {
    hand: File,
    seen: Arc<Mutex<Vec<u8>>>,
}

impl Person {
    fn at(terminal: File) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let (mut eye, all) = (terminal.try_clone().expect("a descriptor"), Arc::clone(&seen));
        thread::spawn(move || {
            let mut block = [0; 4096];
            // The end of a terminal is an error.
            while let Ok(length @ 1..) = eye.read(&mut block) {
                all.lock().expect("no panic").extend_from_slice(&block[..length]);
            }
        });
        Self { hand: terminal, seen }
    }

    fn press(&mut self, key: u8) {
        self.hand.write_all(&[key]).expect("a terminal");
    }

    fn enter(&mut self, line: &str) {
        self.hand.write_all(format!("{line}\n").as_bytes()).expect("a terminal");
    }

    fn seen(&self) -> String {
        String::from_utf8_lossy(&self.seen.lock().expect("no panic")).into_owned()
    }

    /// How the terminal is set.
    fn modes(&self) -> Termios {
        tcgetattr(self.hand.as_fd()).expect("a terminal")
    }
}

#[track_caller]
fn assert_same_modes(now: &Termios, before: &Termios) {
    assert_eq!(format!("{now:?}"), format!("{before:?}"), "the terminal is as it was");
}

/// The ways in which a person or a system ends a run.
#[derive(Debug, Clone, Copy)]
enum End {
    Key(u8, Signal),
    /// Twice, without a break.
    Twice(u8, Signal),
    Signal(Signal),
}

impl End {
    fn signal(self) -> Signal {
        match self {
            Self::Key(_, signal) | Self::Twice(_, signal) | Self::Signal(signal) => signal,
        }
    }
}

/// Ends a run at a random moment; how long it then took.
fn end_once(end: End, random: &mut Random) -> Duration {
    let (person, program) = terminal();
    let mut person = Person::at(person);
    let before = person.modes();
    let words = ["--workers", "3", "--progress", "always", "--range", "0..1000000000"];
    let words = [&words[..], &["n**2 + sleep(0.0001)"]].concat();
    let mut run = pmap(&words).env("TERM", "xterm").at(program).start();
    // Before, it is ended as any program is that has caught nothing yet.
    run.until("some output", |run| run.lines() >= 1);
    thread::sleep(random.time(Duration::from_millis(30)));
    let start = Instant::now();
    match end {
        End::Key(key, _) => person.press(key),
        End::Twice(key, _) => {
            person.press(key);
            person.press(key);
        }
        End::Signal(signal) => run.signal(signal),
    }
    let ended = run.finish();
    let took = start.elapsed();
    ended.expect_signal(end.signal());
    assert_same_modes(&person.modes(), &before);
    let count = ended.stdout.iter().filter(|byte| **byte == b'\n').count();
    assert_whole_prefix(&ended.stdout, &squares(0..i64::try_from(count).expect("few")));
    assert!(!person.seen().contains("pmap: "), "an end that was asked for is no news");
    took
}

/// Each way to end a run, so many times.
fn end_often(counts: [usize; 5]) {
    let mut random = Random::new();
    eprintln!("PMAP_SEED={}", random.seed);
    let ways = [
        End::Key(CTRL_C, Signal::INT),
        End::Twice(CTRL_C, Signal::INT),
        End::Key(CTRL_BACKSLASH, Signal::QUIT),
        End::Signal(Signal::TERM),
        End::Signal(Signal::HUP),
    ];
    for (end, count) in ways.into_iter().zip(counts) {
        let worst = (0..count).map(|_| end_once(end, &mut random)).max();
        eprintln!("{end:?}, {count} times: at most {:?}", worst.unwrap_or_default());
    }
}

#[test]
fn whoever_ends_a_run_gets_a_whole_prefix_and_his_terminal() {
    end_often([6, 4, 3, 3, 3]);
}

#[test]
#[ignore = "long: 50 Ctrl-C, 20 of them double, and 20 each of Ctrl-\\, SIGTERM, SIGHUP"]
fn whoever_ends_a_run_gets_a_whole_prefix_and_his_terminal_often() {
    end_often([50, 20, 20, 20, 20]);
}

/// A shell at a terminal, with job control.
fn shell_at(program: std::os::fd::OwnedFd) -> Run {
    let mut command = Command::new("sh");
    command.arg("-i").env("PMAP", PROGRAM).env("PS1", "> ").env("TERM", "xterm");
    command.env_remove("ENV");
    let screen = program.try_clone().expect("a descriptor");
    Pmap::from(command).at(program).stdout(screen).start()
}

fn lines_of(path: &Path) -> usize {
    let text = fs::read(path).unwrap_or_default();
    text.iter().filter(|byte| **byte == b'\n').count()
}

/// Everybody of the run that the shell has started, its supervisor first.
fn everybody(run: &Run) -> Vec<Process> {
    let mut all: Vec<_> =
        run.workers().into_iter().filter(|process| process.name.starts_with("pmap")).collect();
    all.sort_unstable_by_key(|process| process.name != "pmap");
    all
}

fn are_all_stopped(run: &Run) -> bool {
    let all = everybody(run);
    !all.is_empty() && all.iter().all(Process::is_stopped)
}

/// Stops a run by Ctrl-Z so many times, each time for longer than any of its items may take, and continues it by
/// each of `ways` in turn.
fn stop_often(times: usize, ways: &[&str]) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("results");
    let (person, program) = terminal();
    // What is typed is not shown, so that what is shown is what was said.
    let mut quiet = tcgetattr(program.as_fd()).expect("a terminal");
    quiet.local_modes.remove(LocalModes::ECHO);
    // Whoever writes from the background is stopped.
    quiet.local_modes.insert(LocalModes::TOSTOP);
    tcsetattr(program.as_fd(), OptionalActions::Now, &quiet).expect("a terminal");
    let mut run = shell_at(program);
    let mut person = Person::at(person);
    person.enter(&format!("FILE={}; echo flags $-", file.display()));
    run.until("a shell with job control", |_| {
        let seen = person.seen();
        seen.split_once("flags ").is_some_and(|(_, flags)| flags.contains('m'))
    });
    let before = person.modes();

    let items = 40 * times;
    person.enter(&format!(
        "\"$PMAP\" -w 3 --range 0..{items} --timeout 200ms --progress always 'n + sleep(0.02)' >\"$FILE\""
    ));
    let mut shown = 0;
    for nth in 0..times {
        let wanted = 30 * nth + 10;
        run.until("more output", |_| lines_of(&file) >= wanted);
        person.press(CTRL_Z);
        run.until("a stop of all", |run| are_all_stopped(run));
        assert_same_modes(&person.modes(), &before);
        run.until_quiet();
        let lines = lines_of(&file);
        assert!(lines < items, "it was stopped before its end");
        shown = person.seen().len();
        person.enter(ways[nth % ways.len()]);
        run.until("that it goes on", |_| lines_of(&file) > lines);
    }
    let in_background = ways[(times - 1) % ways.len()] == "bg";
    if in_background {
        run.until("all output", |_| lines_of(&file) == items);
        person.enter("wait %1");
    }
    person.enter("echo status $?");
    run.until("the end of the run", |run| {
        everybody(run).is_empty() && person.seen().contains("status ")
    });
    let seen = person.seen();
    assert!(!seen.contains("pmap: "), "nothing went wrong: {seen}");
    assert!(seen.contains("status 0"), "{seen}");
    assert_eq!(seen[shown..].contains(" items, "), !in_background, "{seen}");
    assert_same(&fs::read(&file).expect("results"), &lines(0..items), &seen);
    assert_same_modes(&person.modes(), &before);
    person.enter("exit");
    run.finish();
}

#[test]
fn ctrl_z_stops_everybody_and_every_clock_until_fg() {
    stop_often(3, &["fg"]);
}

#[test]
#[ignore = "long: 20 times Ctrl-Z and fg"]
fn ctrl_z_stops_everybody_and_every_clock_until_fg_often() {
    stop_often(20, &["fg"]);
}

#[test]
fn a_run_in_the_background_draws_nothing() {
    stop_often(3, &["fg", "fg", "bg"]);
}

/// Nobody is told of a death of a stopped process, and yet nobody outlives it.
#[test]
fn nothing_is_left_of_a_stopped_run_that_is_killed() {
    for signal in [Signal::KILL, Signal::TERM] {
        let (person, program) = terminal();
        let mut run = shell_at(program);
        let mut person = Person::at(person);
        person.enter("\"$PMAP\" -w 3 --range 0..1000 'n + sleep(0.02)'");
        run.until("some output", |_| person.seen().contains("20"));
        person.press(CTRL_Z);
        run.until("a stop of all", |run| are_all_stopped(run));
        let supervisor = run.process("pmap").expect("a supervisor");
        assert!(supervisor.signal(signal));
        // Whoever is stopped hears of a request only once he goes on.
        supervisor.signal(Signal::CONT);
        run.until("the end of all", |run| everybody(run).is_empty());
        run.reap_orphans();
        person.enter("wait; exit");
        run.finish();
    }
}
