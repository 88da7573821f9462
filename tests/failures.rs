//! What becomes of items that fail: which are tried again and when, what stands in their place, and when enough of
//! them end a run.

mod support;

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;
use support::{Ended, Input, assert_same, lines, pmap, squares};

/// Words of a command line, and what is then said of item 17.
type Tries = (&'static str, &'static str);

/// By kind of failure: how often it is tried.
const TRIES: [Tries; 9] = [
    ("panic()", "panicked at src/task/effects.rs:_: the task called panic()"),
    (
        "--retry-on error panic()",
        "panicked at src/task/effects.rs:_: the task called panic() (attempt 3 of 3)",
    ),
    (
        "--retry-on death,error --retries 1 panic()",
        "panicked at src/task/effects.rs:_: the task called panic() (attempt 2 of 2)",
    ),
    ("--timeout 300ms hang()", "ran longer than --timeout 300ms (worker _, pid _, attempt 1 of 1)"),
    (
        "--timeout 300ms --retries 1 --retry-on timeout hang()",
        "ran longer than --timeout 300ms (worker _, pid _, attempt 2 of 2)",
    ),
    ("--retry-on death abort()", "killed by SIGABRT (worker _, pid _, attempt 3 of 3)"),
    ("--retry-on timeout,error abort()", "killed by SIGABRT (worker _, pid _, attempt 1 of 1)"),
    ("--retry-on oom abort()", "killed by SIGABRT (worker _, pid _, attempt 1 of 1)"),
    (
        "--retries 0 --retry-on error panic()",
        "panicked at src/task/effects.rs:_: the task called panic()",
    ),
];

/// What was said, without numbers that differ from run to run or from version to version.
fn said(ended: &Ended) -> Vec<String> {
    let without_line = |line: &String| match line.split_once(".rs:") {
        Some((head, tail)) => {
            format!("{head}.rs:_{}", tail.trim_start_matches(|c: char| c.is_ascii_digit()))
        }
        None => line.clone(),
    };
    ended.said().iter().map(without_line).collect()
}

#[test]
fn each_kind_of_failure_is_tried_as_often_as_is_asked_for() {
    let mut report = String::new();
    for (words, says) in TRIES {
        for flow in [&["--workers", "1", "--chunk-size", "30"][..], &["--workers", "3"]] {
            let mut words: Vec<&str> = words.split(' ').collect();
            let task = format!("{} if n == 17 else n**2", words.pop().expect("a task"));
            let words = [&["--range", "0..60"], flow, &words, &[&task]].concat();
            let ended = pmap(&words).run();
            let is_right = ended.stdout == squares((0..60).filter(|n| *n != 17));
            let says = format!("pmap: item 17 (input 17): {says}");
            if ended.status.code() != Some(1) || !is_right || said(&ended) != [says.as_str()] {
                let _ = writeln!(report, "{words:?}: {}, {:?}", ended.status, said(&ended));
            }
        }
    }
    assert!(report.is_empty(), "\n{report}");
}

#[test]
fn a_second_try_waits_as_long_as_is_asked_for_and_nobody_else_does() {
    for (delay, least) in [("600ms", 1200), ("500ms..1s", 750)] {
        let words = ["--workers", "2", "--retry-delay", delay, "abort() if n == 0 else n"];
        let mut run = pmap(&[&words[..], &["--unordered"]].concat()).text(lines(0..50)).start();
        let start = Instant::now();
        run.until("the others", |run| run.lines() == 49);
        assert!(!run.has_ended(), "{delay}: the others are done before it has failed for good");
        let ended = run.finish();
        assert!(start.elapsed() >= Duration::from_millis(least), "{delay}: {:?}", start.elapsed());
        assert_eq!(ended.status.code(), Some(1));
        assert!(ended.stderr.contains("attempt 3 of 3"), "{}", ended.stderr);
    }
}

#[test]
fn an_item_that_is_done_at_its_second_try_is_done() {
    for words in [&["--retries", "1"][..], &["--retries", "1", "--retry-delay", "10ms..20ms"]] {
        let words = [&["--workers", "2", "--range", "0..20", "n + sleep(0.05)"], words].concat();
        let mut run = pmap(&words).start();
        run.until_workers(2);
        assert!(run.workers()[0].signal(Signal::KILL));
        run.finish().expect(0, &lines(0..20), "");
    }
}

#[test]
fn a_text_may_stand_in_the_place_of_a_result() {
    for (task, arguments) in [
        ("panic() if n % 4 == 1 else n", &[][..]),
        ("abort() if n % 4 == 1 else n", &["--retries", "0"]),
        ("hang() if n % 4 == 1 else n", &["--timeout", "300ms"]),
    ] {
        for (fill, line) in [("fill=NA", "NA"), ("fill=", ""), ("fill=a b", "a b")] {
            let words = [&["--range", "0..9", "--on-error", fill], arguments, &[task]].concat();
            let ended = pmap(&words).run();
            assert_eq!(ended.status.code(), Some(1), "{words:?}");
            let want =
                lines((0..9).map(|n| if n % 4 == 1 { line.to_owned() } else { n.to_string() }));
            assert_same(&ended.stdout, &want, &format!("{words:?}"));
            assert_eq!(ended.said().len(), 2, "{}", ended.stderr);
        }
    }
    let words = ["--range", "0..9", "--on-error", "skip", "panic() if n == 1 else n"];
    assert_same(&pmap(&words).run().stdout, &lines((0..9).filter(|n| *n != 1)), "skip");
}

/// A run that is halted, and how it ends.
struct Halted {
    words: &'static str,
    task: &'static str,
    code: i32,
    /// At least so many results and failures.
    results: usize,
    failures: usize,
}

#[rustfmt::skip] // one line a case
const HALTED: [Halted; 8] = [
    Halted { words: "--halt now,fail=1", task: "panic() if n == 3 else n + sleep(0.02)", code: 1, results: 1, failures: 1 },
    Halted { words: "--halt soon,fail=1", task: "panic() if n == 3 else n + sleep(0.02)", code: 1, results: 1, failures: 1 },
    Halted { words: "--halt now,fail=2 --retries 0", task: "abort() if n % 10 == 3 else n + sleep(0.01)", code: 1, results: 1, failures: 2 },
    Halted { words: "--halt soon,fail=10% --retries 0", task: "abort() if n % 5 == 3 else n + sleep(0.01)", code: 1, results: 1, failures: 3 },
    Halted { words: "--halt now,success=3", task: "hang() if n == 0 else n + sleep(0.01)", code: 0, results: 3, failures: 0 },
    Halted { words: "--halt soon,success=3", task: "panic() if n == 0 else n + sleep(0.01)", code: 0, results: 3, failures: 0 },
    Halted { words: "--halt soon,done=5", task: "n + sleep(0.01)", code: 0, results: 5, failures: 0 },
    Halted { words: "--halt now,done=5", task: "n + sleep(0.01)", code: 0, results: 5, failures: 0 },
];

#[test]
fn a_halted_run_writes_what_is_finished_and_says_what_is_not() {
    for Halted { words, task, code, results, failures } in HALTED {
        for flow in ["--workers 2", "--workers 3 --chunk-size 1", "--workers 1 --chunk-size 50"] {
            // One worker that hangs at the first item never comes to the others.
            if task.starts_with("hang()") && flow.starts_with("--workers 1") {
                continue;
            }
            let mut words: Vec<&str> = words.split(' ').chain(flow.split(' ')).collect();
            words.extend(["--range", "0..2000", task]);
            let ended = pmap(&words).run();
            let what = format!("{words:?}: {}\n{}", ended.status, ended.stderr);
            assert_eq!(ended.status.code(), Some(code), "{what}");
            let text = String::from_utf8(ended.stdout.clone()).expect("numbers");
            let numbers: Vec<u32> = text.lines().map(|n| n.parse().expect("a number")).collect();
            assert!(numbers.is_sorted(), "{what}");
            assert!(numbers.len() >= results && numbers.len() < 1000, "{what}");
            let said = ended.said();
            assert!(said.len() > failures, "{what}");
            let (last, others) = said.split_last().expect("a line");
            let left = 2000 - numbers.len() - others.len();
            assert_eq!(*last, format!("pmap: halted, as --halt says: {left} items not done"));
            assert!(others.iter().all(|line| line.starts_with("pmap: item ")), "{what}");
        }
    }
}

/// A run that is over before it could be halted is as any other.
#[test]
fn a_run_that_gives_no_reason_is_not_halted() {
    let words = ["--range", "0..100", "--halt", "now,fail=2", "panic() if n == 7 else n"];
    let ended = pmap(&words).run();
    assert_eq!(ended.status.code(), Some(1));
    assert_same(&ended.stdout, &lines((0..100).filter(|n| *n != 7)), &ended.stderr);
    assert_eq!(ended.said().len(), 1, "{}", ended.stderr);
}

#[test]
fn a_limit_may_be_a_share_of_the_median() {
    let words = ["--workers", "2", "--range", "0..60", "--timeout", "1000%"];
    let ended = pmap(&[&words[..], &["hang() if n == 40 else n + sleep(0.03)"]].concat()).run();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_same(&ended.stdout, &lines((0..60).filter(|n| *n != 40)), &ended.stderr);
    let said = ended.said();
    assert_eq!(said.len(), 1, "{}", ended.stderr);
    assert!(
        said[0].starts_with("pmap: item 40 (input 40): ran longer than --timeout "),
        "{said:?}"
    );
}

/// Whoever waits for a reader, of results or of what is said, takes no time of his own.
#[test]
fn a_slow_reader_is_no_hang() {
    // Of results: five times as long as an item may take.
    let words = ["--workers", "2", "--timeout", "200ms", "--range", "0..400000"];
    let mut run = pmap(&words).open_stdout().start();
    run.until_stuck();
    thread::sleep(Duration::from_millis(1000));
    let mut pipe = run.stdout.take().expect("a pipe");
    let mut text = Vec::new();
    pipe.read_to_end(&mut text).expect("a pipe");
    run.finish().expect(0, b"", "");
    assert_same(&text, &squares(0..400_000), "a slow reader of results");

    // Of what is said: a thousand lines of which each is wrong fill the pipe, and the supervisor stands still.
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    let words = ["--workers", "2", "--timeout", "200ms", "n + sleep(0.02)"];
    let mut run =
        pmap(&words).input(Input::Open).stderr(std::os::fd::OwnedFd::from(writer)).start();
    let mut stdin = run.stdin.take().expect("a pipe");
    stdin.write_all(&lines(0..20)).expect("a reader");
    stdin.write_all("no number\n".repeat(2000).as_bytes()).expect("a reader");
    stdin.write_all(&lines(20..60)).expect("a reader");
    drop(stdin);
    run.until("a full pipe", |_| rustix::io::ioctl_fionread(&reader).expect("a pipe") > 32 << 10);
    run.until_quiet();
    thread::sleep(Duration::from_millis(500));
    let mut said = String::new();
    reader.read_to_string(&mut said).expect("a pipe");
    let ended = run.finish();
    assert!(!said.contains("--timeout"), "{said}");
    assert_eq!(ended.status.code(), Some(1));
    assert_same(&ended.stdout, &lines(0..60), "a slow reader of what is said");
    assert_eq!(said.lines().count(), 2000);
}

/// Every way to ruin a process that a task has, in one run.
#[test]
fn a_thousand_items_with_poison_of_every_kind() {
    let poisons = [
        (100, "abort()", "killed by SIGABRT (worker _, pid _, attempt 3 of 3)"),
        (200, "segv()", "killed by SIGSEGV (worker _, pid _, attempt 3 of 3)"),
        (300, "exit(0)", "its worker exited with status 0 (worker _, pid _, attempt 3 of 3)"),
        (400, "exit(7)", "its worker exited with status 7 (worker _, pid _, attempt 3 of 3)"),
        (500, "alloc(2**28)", "its worker ran out of memory (worker _, pid _, attempt 3 of 3)"),
        (600, "hang()", "ran longer than --timeout 1s (worker _, pid _, attempt 1 of 1)"),
        (700, "panic()", "panicked at src/task/effects.rs:_: the task called panic()"),
    ];
    let chosen = poisons.iter().map(|(n, effect, _)| format!("{effect} if n == {n} else "));
    let task = format!("{}n**2", chosen.collect::<String>());
    for flow in [&["--workers", "4"][..], &["--workers", "2", "--chunk-size", "64"]] {
        let limits = ["--range", "0..1000", "--timeout", "1s", "--memory-limit", "64M"];
        let ended = pmap(&[&limits[..], flow, &[&task]].concat()).run();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
        let want = squares((0..1000).filter(|n| !poisons.iter().any(|poison| poison.0 == *n)));
        assert_same(&ended.stdout, &want, &ended.stderr);
        let mut said = said(&ended);
        said.sort_unstable();
        let says = poisons.map(|(n, _, says)| format!("pmap: item {n} (input {n}): {says}"));
        assert_eq!(said, says);
    }
}
