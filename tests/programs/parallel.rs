//! The same command lines as GNU parallel's: the same output, byte for byte. Where pmap is another, `docs/PROGRAMS.md` says
//! so. Rows 49 and 54 of the conformance table.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;

use crate::support::{Random, oracle, pmap};

fn is_there() -> bool {
    oracle::is_there("GNU parallel", Command::new("parallel").args(["--no-notice", "--version"]))
}

/// What GNU parallel writes, and its joblog.
fn parallel(arguments: &[&str], items: &[u8]) -> (Vec<u8>, String) {
    let home = tempfile::tempdir().expect("a folder");
    let log = home.path().join("log");
    let mut child = Command::new("parallel")
        .args(["--no-notice", "--joblog"])
        .arg(&log)
        .args(arguments)
        .env("HOME", home.path())
        .env("PARALLEL_HOME", home.path())
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it is there");
    let mut stdin = child.stdin.take().expect("a pipe");
    let output = thread::scope(|scope| {
        scope.spawn(move || std::io::Write::write_all(&mut stdin, items).expect("it reads all"));
        child.wait_with_output().expect("it ends")
    });
    (output.stdout, fs::read_to_string(log).unwrap_or_default())
}

/// Paths with everything that a shell, a file system or a parser of extensions might stumble over.
fn paths(random: &mut Random, count: usize) -> BTreeSet<String> {
    const PARTS: [&str; 22] = [
        "a", "b c", ".", "..", "/", "/", "//", ".gz", ".tar", "'", "\"", "$HOME", "`x`", "*", "\\",
        "ü", "語", "\t", "{}", "-n", "%s", ";",
    ];
    let mut path = || {
        let parts = 1 + random.below(6);
        (0..parts).filter_map(|_| random.pick(&PARTS).copied()).collect::<String>()
    };
    (0..count).map(|_| path()).collect()
}

#[test]
fn placeholders_stand_for_the_same() {
    if !is_there() {
        return;
    }
    let mut random = Random::new();
    // An item may hold what looks like a placeholder to parallel, which replaces them one kind after the other.
    let paths = paths(&mut random, 400).into_iter().filter(|path| !path.contains("{}"));
    let items: String = paths.map(|path| path + "\n").collect();
    let words = ["{}", "{.}", "{/}", "{//}", "{/.}", "{#}", "a{.}b{/}c", "{}{}"];
    let (expected, _) = parallel(
        &["-k", "-j2", &format!("printf -- '<%s>' {}; echo", words.join(" "))],
        items.as_bytes(),
    );
    let script = "printf -- '<%s>' \"$@\"; echo";
    let ours = pmap(&[&["-w2", "--", "sh", "-c", script, "sh"], &words[..]].concat());
    let ended = ours.text(items.clone()).run();
    let pairs = items.lines().zip(text(&expected).lines().zip(text(&ended.stdout).lines()));
    for (item, (theirs, ours)) in pairs {
        assert_eq!(ours, theirs, "{item:?}, seed {}", random.seed);
    }
    ended.expect(0, &expected, "");
}

#[test]
fn row_49_whoever_is_done_first_results_are_in_order() {
    if !is_there() {
        return;
    }
    let items = "0.4\n0.3\n0.2\n0.1\n0\n";
    let (expected, _) = parallel(&["-k", "-j5", "sleep {}; echo {}"], items.as_bytes());
    let ended = pmap(&["-w5", "--shell", "--", "sleep $1; echo $1"]).text(items).run();
    ended.expect(0, &expected, "");
}

/// The columns that say which item it was, how that ended, and what was started; times and hosts differ.
#[test]
fn row_54_the_job_log_says_the_same() {
    if !is_there() {
        return;
    }
    let items = ["1", "2", "x y", "7", "", "-9", "$HOME", "127", "255", "-15", "-11", "-1", "-2"];
    let list: String = items.iter().map(|item| format!("{item}\n")).collect();
    // One that exits with its item, or is killed by it.
    let script = r#"case $1 in -*) kill $1 $$;; [0-9]*) exit $1;; *) echo "$1";; esac"#;
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("script");
    fs::write(&file, script).expect("a file");
    let file = file.to_str().expect("text");
    let (_, theirs) = parallel(&["-k", "-j1", "sh", file, "{}"], list.as_bytes());
    let log = folder.path().join("log");
    let words = ["-w1", "--joblog", log.to_str().expect("text"), "--", "sh", file, "{}"];
    assert_eq!(pmap(&words).text(list).run().status.code(), Some(1));
    let ours = fs::read_to_string(&log).expect("a log");
    let heads = [&theirs, &ours].map(|log| log.lines().next().expect("a head").to_owned());
    assert!(heads[1].starts_with(&heads[0]), "{heads:?}");
    let rows = |log: &str| -> Vec<Vec<String>> {
        let lines = log.lines().skip(1);
        let mut rows: Vec<Vec<String>> =
            lines.map(|line| line.split('\t').map(str::to_owned).collect()).collect();
        rows.sort_unstable_by_key(|row| row[0].parse::<u32>().expect("a number"));
        rows
    };
    let (theirs, ours) = (rows(&theirs), rows(&ours));
    assert_eq!((theirs.len(), ours.len()), (items.len(), items.len()));
    for ((theirs, ours), item) in theirs.iter().zip(&ours).zip(items) {
        // Seq, Send, Receive, Exitval, Signal.
        for column in [0, 4, 5, 6, 7] {
            assert_eq!(ours[column], theirs[column], "{item:?}: {theirs:?} {ours:?}");
        }
        // What was started, each quoted in its own way: the same to a shell.
        let words = |line: &str| {
            let script = format!("printf '<%s>' {line}");
            Command::new("bash").args(["-c", &script]).output().expect("bash").stdout
        };
        assert_eq!(text(&words(&ours[8])), text(&words(&theirs[8])), "{item:?}");
        assert_eq!(ours[15], item);
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}
