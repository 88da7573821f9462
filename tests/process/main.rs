//! Processes that run one function, as a program sees them. Named after the rows of the conformance table where there is
//! one.

mod ends;
mod handle;
mod nothing_left;
mod start;
mod values;
#[path = "../support/watchdog.rs"]
mod watchdog;

use std::process::{self, Command};
use std::time::Duration;
use std::{env, fs, thread};

use rustix::process::{Pid, Signal};

pmap::init_before_main!();

/// Longer than any test takes.
const LONG: u64 = 1000;

/// After this a test hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs a test, and ends the whole program if it hangs.
fn watched(test: impl FnOnce()) {
    watchdog::watched(LIMIT, test);
}

fn sleep(seconds: u64) {
    thread::sleep(Duration::from_secs(seconds));
}

/// The state and the parent of a process, if there is one.
fn state(pid: u32) -> Option<(char, u32)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

/// Waits until a process is gone, or is at least not ours to reap.
fn until_gone(pid: u32) {
    while state(pid).is_some_and(|(state, parent)| state != 'Z' || parent == process::id()) {
        thread::sleep(Duration::from_millis(1));
    }
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    rustix::process::kill_process(pid, signal).unwrap();
}

/// Set for a run of this program in which one of its fixtures does something.
const FIXTURE: &str = "PMAP_TEST_FIXTURE";

/// Has `command`, which ends with this program's name, run a fixture, which is told this word.
fn with_fixture<'a>(command: &'a mut Command, fixture: &str, word: &str) -> &'a mut Command {
    command.args(["--exact", fixture, "--nocapture"]).env(FIXTURE, word)
}

/// This program, to run that fixture.
fn fixture(fixture: &str, word: &str) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    with_fixture(&mut command, fixture, word);
    command
}

/// The word that a fixture is told, if it is to do something.
fn word() -> Option<String> {
    env::var(FIXTURE).ok()
}
