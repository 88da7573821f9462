//! `pmap replay`: one item of an earlier run once more.

mod support;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use rustix::process::Signal;
use support::{pmap, shell, terminal};

/// A folder with the log of a run in it, and the log's name.
fn logged(arguments: &[&str], input: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log").to_str().unwrap().to_owned();
    pmap(&[&["--joblog", &log], arguments].concat()).text(input).run();
    (folder, log)
}

fn replay(log: &str, item: &str, more: &[&str]) -> support::Ended {
    pmap(&[&["replay", "--joblog", log, "--item", item], more].concat()).run()
}

#[test]
fn one_item_is_run_once_more() {
    let task = "abort() if n == 5 else 1 // 0 if n == 6 else n * 1000 + i";
    let (_folder, log) = logged(&["--workers", "2", task], "9\n\n8\n5\n6\nseven\n");
    for more in [&[][..], &["--in-process"]] {
        replay(&log, "0", more).expect(0, b"9000\n", "");
        replay(&log, "1", more).expect(0, b"8001\n", "");
        let error = replay(&log, "3", more);
        assert_eq!((error.status.code(), error.stdout.len()), (Some(1), 0));
        assert!(error.stderr.starts_with("pmap: item 3"), "{}", error.stderr);
        assert!(error.stderr.contains("zero"), "{}", error.stderr);
        let no_number = replay(&log, "4", more);
        assert_eq!(no_number.status.code(), Some(1));
        assert!(no_number.stderr.contains("not a number"), "{}", no_number.stderr);
    }
    let crash = replay(&log, "2", &[]);
    assert_eq!(crash.status.code(), Some(1));
    assert!(crash.stderr.contains("item 2 (input 5): killed by SIGABRT"), "{}", crash.stderr);
    assert!(crash.stderr.contains("attempt 1 of 1"), "{}", crash.stderr);
    // What a debugger sees.
    replay(&log, "2", &["--in-process"]).expect_signal(Signal::ABORT);
}

/// Each of a program's runs in which something has gone wrong can be had again, with its words, its item and its part of
/// the environment; it is at the terminal, and its exit code is ours.
#[test]
fn an_items_program_is_started_once_more() {
    let script = r#"echo "$1 $PMAP_ITEM $PMAP_ATTEMPT $PMAP_WORKER"; case $1 in k*) kill -9 $$;; esac; exit 7"#;
    let (_folder, log) =
        logged(&["-w2", "--retries=1", "--shell", "--", script], "a\nit's\tb \\x\nkill\n");
    for more in [&[][..], &["--in-process"]] {
        replay(&log, "0", more).expect(7, b"a 0 1 1\n", "");
        replay(&log, "1", more).expect(7, b"it's\tb \\x 1 1 1\n", "");
        let killed = replay(&log, "2", more);
        killed.expect_signal(Signal::KILL);
        assert_eq!(killed.stdout, b"kill 2 1 1\n");
    }
    let (_folder, log) = logged(&["-0", "--pipe", "--", "wc", "-l"], "a\nb\0c\0");
    replay(&log, "0", &[]).expect(0, b"1\n", "");
    replay(&log, "1", &[]).expect(0, b"0\n", "");
    let (_folder, log) = logged(&["--range", "5..8", "--", "echo", "{#}:{}:\u{fc}'"], "");
    replay(&log, "2", &[]).expect(0, "3:7:\u{fc}'\n".as_bytes(), "");
}

#[test]
fn a_program_is_at_the_terminal() {
    let script =
        r#"if [ -t 0 ] && [ -t 2 ]; then read -r answer; echo "heard $answer"; else exit 3; fi"#;
    let (_folder, log) = logged(&["--shell", "--", script, ":::", "x"], "");
    let (mut person, program) = terminal();
    let run = pmap(&["replay", "--joblog", &log, "--item", "0"]).at(program).start();
    person.write_all(b"you\n").expect("a terminal");
    run.finish().expect(0, b"heard you\n", "");
}

/// Said, and nothing is started.
#[test]
fn a_program_that_is_gone_is_not_started() {
    let (folder, log) = logged(&["--", "{}"], "./mine\n/bin/true\n");
    replay(&log, "1", &[]).expect(0, b"", "");
    let gone = replay(&log, "0", &[]);
    assert_eq!(gone.status.code(), Some(1));
    assert!(
        gone.stderr.starts_with("pmap: item 0: cannot start './mine': No such file"),
        "{}",
        gone.stderr
    );
    let program = folder.path().join("program");
    fs::copy("/bin/true", &program).expect("a copy");
    let (_folder, log) = logged(&["--", program.to_str().unwrap()], "x\n");
    fs::remove_file(&program).expect("it was there");
    let gone = replay(&log, "0", &[]);
    assert_eq!(gone.status.code(), Some(2));
    assert!(gone.stderr.contains("there is no program"), "{}", gone.stderr);
}

#[test]
fn what_cannot_be_replayed_is_said() {
    let (_folder, log) = logged(&["--workers", "1", "--range", "0..3"], "");
    let other = format!("{log}.other");
    for (log, item, says) in
        [(log.as_str(), "3", "item 3 is not in it"), (&other, "0", "No such file")]
    {
        let ended = replay(log, item, &[]);
        assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
        assert!(ended.stderr.contains(says), "{}", ended.stderr);
    }
    assert_eq!(pmap(&["replay", "--item", "1"]).run().status.code(), Some(2));
    assert_eq!(replay(&log, "x", &[]).status.code(), Some(2));
    assert_eq!(pmap(&["replay", "--help"]).run().status.code(), Some(0));
}

/// The debugger is a script that shows what it was given; what it was given is then run.
#[test]
fn under_gdb() {
    let (folder, log) = logged(&["--workers", "1", "--range", "10..13"], "");
    let gdb = folder.path().join("gdb");
    let script =
        "#!/bin/sh\n[ \"$1\" = --args ] || exit 9\nshift\necho \"debugging\"\nexec \"$@\"\n";
    fs::write(&gdb, script).expect("a script");
    fs::set_permissions(&gdb, fs::Permissions::from_mode(0o755)).expect("a script");
    let path = format!("{}:/usr/bin:/bin", folder.path().display());
    let run = "exec \"$PMAP\" replay --joblog \"$LOG\" --item 2 --gdb";
    shell(run).env("PATH", path).env("LOG", &log).run().expect(0, b"debugging\n144\n", "");
    let ended = shell("PATH=/nowhere; exec \"$PMAP\" replay --joblog x --item 2 --gdb").run();
    assert_eq!(ended.status.code(), Some(3));
    assert!(ended.stderr.starts_with("pmap: cannot start gdb"), "{}", ended.stderr);
}
