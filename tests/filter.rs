//! `--filter`: which items have a result, whoever evaluates them and whatever happens to him.

mod support;

use std::fmt::Write as _;

use rustix::process::Signal;
use support::{Json, assert_same, lines, pmap, squares};

/// How items are given out, and how their results come back.
const FLOWS: [&[&str]; 4] = [
    &["--workers", "1"],
    &["--workers", "3", "--chunk-size", "7"],
    &["--workers", "2", "--chunk-size", "1", "--window", "9"],
    &["--workers", "2", "--retry-on", "death,error"],
];

fn words<'a>(parts: &[&[&'a str]]) -> Vec<&'a str> {
    parts.concat()
}

/// An expression, and the same in Rust.
type Filter = (&'static str, fn(i64) -> bool);

/// Runs of all lengths are dropped between those that are kept.
const FILTERS: [Filter; 8] = [
    ("n % 2", |n| n % 2 != 0),
    ("n % 17 == 3", |n| n.rem_euclid(17) == 3),
    ("n % 17 != 3", |n| n.rem_euclid(17) != 3),
    ("n < -1500 or n > 1400", |n| !(-1500..=1400).contains(&n)),
    ("is_prime(n) and n % 4 == 1", |n| {
        n > 1 && (2..n).take_while(|d| d * d <= n).all(|d| n % d != 0) && n % 4 == 1
    }),
    ("0.5 if n % 3 else 0", |n| n % 3 != 0),
    ("False", |_| false),
    ("nan", |_| true),
];

#[test]
fn only_wanted_items_have_results() {
    for flow in FLOWS {
        for (filter, wants) in FILTERS {
            let words = words(&[&["--range", "-2000..2000", "--filter", filter], flow, &["n*n"]]);
            let ended = pmap(&words).run();
            let want = squares((-2000_i64..2000).filter(|n| wants(*n)));
            ended.expect(0, &want, "");
        }
    }
}

#[test]
fn the_index_is_that_of_the_input() {
    for flow in FLOWS {
        let filter = ["--range", "3000..0:-1", "--filter", "i % 5 == 2 and n % 2"];
        let ended = pmap(&words(&[&filter, flow, &["10000*i + n"]])).run();
        let pairs = (0..3000).map(|i| (i, 3000 - i));
        let wanted = pairs.filter(|(i, n)| i % 5 == 2 && n % 2 == 1);
        ended.expect(0, &lines(wanted.map(|(i, n)| 10_000 * i + n)), "");
    }
}

/// Numbers of all kinds between each other, and lines that are none.
#[test]
fn lines_of_all_kinds_are_filtered() {
    let (mut text, mut want, mut failures) = (String::new(), String::new(), Vec::new());
    for n in 0..800_i64 {
        let item = match n % 7 {
            0 => format!("{n}.5"),
            1 => format!("{n}00000000000000000000"),
            2 if n % 3 == 0 => "x".to_owned(),
            _ => n.to_string(),
        };
        writeln!(text, "{item}").unwrap();
        if item == "x" {
            failures.push(n);
        } else if item.parse::<f64>().unwrap() >= 400.0 {
            writeln!(want, "{item}").unwrap();
        }
    }
    for flow in FLOWS {
        let ended = pmap(&words(&[&["--filter", "n >= 400"], flow, &["n"]]))
            .text(text.clone().into_bytes())
            .run();
        assert_same(&ended.stdout, want.as_bytes(), &format!("{flow:?}"));
        let said = ended.said();
        assert_eq!(said.len(), failures.len());
        for n in &failures {
            // In whatever order.
            let item = format!("pmap: item {n} (line {}, input x): ", n + 1);
            assert_eq!(said.iter().filter(|line| line.starts_with(&item)).count(), 1, "{item}");
        }
        assert_eq!(ended.status.code(), Some(1));
    }
}

#[test]
fn as_they_come_it_is_the_same_items() {
    let words = ["--range", "0..20000", "--filter", "n % 3 == 0", "--unordered", "n"];
    let ended = pmap(&words).run();
    let mut found: Vec<i64> = String::from_utf8(ended.stdout)
        .unwrap()
        .lines()
        .map(|line| line.parse().unwrap())
        .collect();
    found.sort_unstable();
    assert_eq!(found, (0..20_000).step_by(3).collect::<Vec<_>>());
}

#[test]
fn a_filter_that_fails_fails_its_item() {
    for flow in FLOWS {
        let filter = ["--range", "-3..4", "--filter", "1 / n > -0.7", "--on-error", "fill=NA"];
        let ended = pmap(&words(&[&filter, flow, &["n"]])).run();
        let attempts = if flow.contains(&"death,error") { " (attempt 3 of 3)" } else { "" };
        let why = "filter: ZeroDivisionError: division by zero";
        let said = format!("pmap: item 3 (input 0): {why}{attempts}\n");
        ended.expect(1, b"-3\n-2\nNA\n1\n2\n3\n", &said);
    }
}

#[test]
fn what_is_no_number_has_its_truth() {
    let words = ["--range", "1..8", "--filter", "factor(n) if n < 5 else divmod(n, 7)", "n"];
    pmap(&words).run().expect(0, b"2\n3\n4\n5\n6\n7\n", "");
}

/// By the filter or by the task, at an item that the filter wants, or does not want but for its effect.
#[test]
fn whoever_dies_in_a_filter_costs_its_item() {
    for flow in FLOWS {
        for (filter, task) in [
            ("segv() if n == 31 else n % 2", "n*n"),
            ("n % 2", "segv() if n == 31 else n*n"),
            ("n % 2", "n*n if n != 31 else n + segv()"),
        ] {
            let words = words(&[&["--range", "0..100", "--filter", filter], flow, &[task]]);
            let ended = pmap(&words).run();
            let want = squares((0..100).filter(|n| n % 2 == 1 && *n != 31));
            let why = "killed by SIGSEGV (worker _, pid _, attempt 3 of 3)";
            assert_same(&ended.stdout, &want, &format!("{words:?}"));
            assert_eq!(ended.said(), [format!("pmap: item 31 (input 31): {why}")]);
            assert_eq!(ended.status.code(), Some(1));
        }
    }
}

#[test]
fn killed_workers_change_nothing() {
    let words =
        ["--range", "0..3000", "--filter", "n % 3", "--workers", "2", "n*n + sleep(0.0002)"];
    let mut run = pmap(&words).start();
    for lines in [50, 300, 700] {
        run.until("some results", |run| run.lines() > lines);
        if let Some(worker) = run.workers().first() {
            worker.signal(Signal::KILL);
        }
    }
    let ended = run.finish();
    ended.expect(0, &squares((0..3000).filter(|n| n % 3 != 0)), "");
}

#[test]
fn dropped_items_are_done_with_and_no_successes() {
    let words = ["--range", "0..1000", "--filter", "n % 10 == 7", "--stats=json", "1 // (n - 7)"];
    let ended = pmap(&words).run();
    assert_eq!(ended.status.code(), Some(1));
    let said = ended.said();
    let stats = Json::parse(&said[1]);
    let counts = ["items", "dropped", "failed"].map(|key| stats.get(key).number());
    assert_eq!(counts, [1000.0, 900.0, 1.0]);

    let ended = pmap(&["--range", "0..100", "--filter", "n > 89", "--stats", "n"]).run();
    assert!(ended.said()[0].ends_with("; 0 failed, 90 dropped"), "{:?}", ended.said());

    let flow = ["--workers", "1", "--chunk-size", "1", "--halt", "soon,success=3"];
    let words =
        [&["--range", "0..1000000", "--filter", "n % 100 == 99"], &flow[..], &["n"]].concat();
    let ended = pmap(&words).run();
    assert!(ended.stdout.starts_with(b"99\n199\n299\n"), "{:?}", ended.said());
    assert!(ended.stdout.len() < 1000, "it has ended soon");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn a_bad_filter_starts_nothing() {
    let ended = pmap(&["--range", "0..9", "--filter", "n + sqr(n)", "n"]).run();
    let said = "pmap: invalid value for --filter: unknown name `sqr`; did you mean `sqrt`?\n    n + sqr(n)\n        ^\n";
    ended.expect(2, b"", said);

    let long = format!("n{}", " + n".repeat(20_000));
    let ended = pmap(&["--range", "0..9", "--filter", &long, &long]).run();
    let said = "pmap: TASK and --filter have more than 131072 characters together\nshorten them\n";
    ended.expect(2, b"", said);
    pmap(&["--range", "0..1", "--filter", &long, "1"]).run().expect(0, b"", "");
}
