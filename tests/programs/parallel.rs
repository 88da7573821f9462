//! The same command lines as GNU parallel's: the same output, byte for byte. Where pmap is another, `docs/PROGRAMS.md` says
//! so. Rows 49 and 54 of the conformance table.

use std::collections::BTreeSet;
use std::fs;
use std::process::{Command, Stdio};
use std::thread;

use crate::support::{Random, pmap};

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
        .expect("GNU parallel: .ci/setup installs it");
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
    let items = "0.4\n0.3\n0.2\n0.1\n0\n";
    let (expected, _) = parallel(&["-k", "-j5", "sleep {}; echo {}"], items.as_bytes());
    let ended = pmap(&["-w5", "--shell", "--", "sleep $1; echo $1"]).text(items).run();
    ended.expect(0, &expected, "");
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}
