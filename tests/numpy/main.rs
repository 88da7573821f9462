//! Arrays beside NumPy: what it has saved is read as it reads it, and what is written is to the byte what it saves.
//!
//! Where there is no NumPy, the tests are listed as ignored and not as passed. `.ci/setup` installs it.

mod read;
#[path = "../support/mod.rs"]
mod support;
mod write;

use std::path::Path;
use std::process::{Command, ExitCode};

use libtest_mimic::{Arguments, Trial};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let question = ["-c", "import numpy"];
    let lacks_numpy = !support::oracle::is_there("NumPy", Command::new("python3").args(question));
    let trials = read::all().into_iter().chain(write::all());
    let trials = trials.map(|(name, test)| {
        let test = move || {
            test();
            Ok(())
        };
        Trial::test(name, test).with_ignored_flag(lacks_numpy)
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}

/// Runs a script, with these files as its arguments; whether it has ended well.
fn python(script: &str, files: &[&Path]) -> bool {
    let ended = Command::new("python3").args(["-W", "error", "-c", script]).args(files).output();
    ended.is_ok_and(|ended| {
        if !files.is_empty() {
            eprint!("{}", String::from_utf8_lossy(&ended.stderr));
        }
        ended.status.success()
    })
}
