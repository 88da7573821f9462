//! How a program comes to have processes, and when it must not.

use std::io::Read;
use std::process::Command;
use std::{env, fs};

use pmap::Process;
use pmap::error::NotReady;

use super::{fixture, with_fixture, word};

/// [`fixture_spawn`].
const SPAWN: &str = "start::fixture_spawn";

#[test]
fn an_ignored_sigchld_is_refused() {
    // By what starts the program: it is a setting of a whole process, and goes on to what that starts.
    fn ignore(default: bool) -> String {
        let mut command = Command::new("env");
        command
            .arg(if default { "--default-signal=CHLD" } else { "--ignore-signal=CHLD" })
            .arg(env::current_exe().unwrap());
        let output = with_fixture(&mut command, SPAWN, "spawn").output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
    assert!(ignore(false).contains("ignores SIGCHLD"), "{}", ignore(false));
    assert!(ignore(true).contains("answer 42"), "{}", ignore(true));
}

/// Starts a process and says what comes out, if it is asked to.
#[test]
fn fixture_spawn() {
    match word().as_deref() {
        Some("spawn") => {}
        Some("deleted") => fs::remove_file(env::current_exe().unwrap()).unwrap(),
        _ => return,
    }
    match Process::spawn(|n: u32| n + 2, 40) {
        Ok(process) => println!("answer {}", process.join().unwrap()),
        Err(error) => println!("{error}"),
    }
}

#[test]
fn row_64_the_program_is_found_however_it_was_started() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(env::current_exe().unwrap(), folder.path().join("copied-test")).unwrap();
    let run = |program: &str, word: &str| {
        let mut command = Command::new(program);
        command.current_dir(folder.path()).env("PATH", folder.path());
        let output = with_fixture(&mut command, SPAWN, word).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.contains("answer 42"), "{program}: {text}");
        assert_eq!(text.matches("answer").count(), 1, "{text}");
    };
    run("./copied-test", "spawn");
    run("copied-test", "spawn");
    // From now on there is no such file any more.
    run("./copied-test", "deleted");
    assert!(!folder.path().join("copied-test").exists());
}

#[test]
fn row_64_by_hand_nobody_becomes_a_worker() {
    for arguments in [&["__worker"][..], &["__worker", "process"]] {
        let output = Command::new(env::current_exe().unwrap()).args(arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(64));
        assert!(output.stdout.is_empty(), "no test has run");
        assert!(String::from_utf8_lossy(&output.stderr).contains("by hand"));
    }
}

#[test]
fn errors_say_what_to_do() {
    assert!(NotReady::NotInitialised.to_string().contains("first line of `main`"));
}

#[test]
fn a_process_reads_nothing_and_prints_where_its_parent_prints() {
    let output = fixture("start::fixture_print", "print").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("read 0 bytes"), "{text}");
    let text = String::from_utf8(output.stderr).unwrap();
    assert!(text.contains("panicked at") && text.contains("as loud as ever"), "{text}");
}

#[test]
fn fixture_print() {
    if word().as_deref() != Some("print") {
        return;
    }
    let print = |()| {
        let mut text = Vec::new();
        std::io::stdin().read_to_end(&mut text).unwrap();
        println!("read {} bytes", text.len());
        panic!("as loud as ever");
    };
    let process: Process<()> = Process::spawn(print, ()).unwrap();
    assert!(process.join().is_err());
}
