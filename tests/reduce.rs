//! `--reduce`: one result, the same whoever has reduced which items and whatever happened to him.

mod support;

use std::fmt::Write as _;

use rustix::process::Signal;
use support::{Json, lines, pmap};

/// How items are given out.
const FLOWS: [&[&str]; 5] = [
    &["--workers", "1"],
    &["--workers", "3", "--chunk-size", "7"],
    &["--workers", "2", "--chunk-size", "1", "--window", "9"],
    &["--workers", "2", "--timeout", "100s", "--unordered"],
    &["--workers", "2", "--retry-on", "death,error"],
];

/// Tasks of -1000, -999 … 1999, what they are reduced to, and what CPython makes of that.
const ANSWERS: [(&str, &str, &str); 18] = [
    ("n", "sum", "1498500"),
    ("n", "count", "3000"),
    ("n", "min", "-1000"),
    ("n", "max", "1999"),
    ("n", "mean", "499.5"),
    (
        "n**30",
        "sum",
        "68738137358015679358847802125655615067836796342028904617247628900979781016297937119257785753492307500",
    ),
    ("n * 10**30", "sum", "1498500000000000000000000000000000000"),
    ("n / 7", "sum", "214071.42857142858"),
    ("sin(n)", "sum", "-0.027430428997476428"),
    ("1e16 if n % 2 else 1", "sum", "1.5000000000000002e+19"),
    ("n > 3", "sum", "1996"),
    ("n > 3", "max", "True"),
    ("n == n", "min", "True"),
    ("1 if n % 2 else 1.0", "max", "1.0"),
    ("True if n == -999 else n / n if n else 1", "min", "1.0"),
    ("nan if n == -1000 else n", "max", "nan"),
    ("nan if n == -999 else n", "min", "-1000"),
    ("divmod(n, 7)", "count", "3000"),
];

#[test]
fn the_result_is_pythons_whoever_has_which_items() {
    for flow in FLOWS {
        for (task, reduction, want) in ANSWERS {
            let words =
                [&["--range", "-1000..2000", "--reduce", reduction][..], flow, &[task]].concat();
            pmap(&words).run().expect(0, format!("{want}\n").as_bytes(), "");
        }
    }
}

#[test]
fn items_without_a_result_do_not_count() {
    for flow in FLOWS {
        let tries = if flow.contains(&"death,error") { " (attempt 3 of 3)" } else { "" };
        let words = [
            &["--range", "0..100", "--filter", "n % 2", "--reduce", "sum"],
            flow,
            &["segv() if n == 31 else 1 // (n - 51) * n"],
        ]
        .concat();
        let ended = pmap(&words).run();
        // 1 // (n - 51) is -1 below 51, 1 for 52 (which is even) and 0 above.
        let want = -(0..51).filter(|n| n % 2 == 1 && *n != 31).sum::<i64>();
        assert_eq!(ended.status.code(), Some(1));
        assert_eq!(ended.stdout, lines([want]), "{words:?}");
        let mut said = ended.said();
        said.sort();
        let died = "pmap: item 31 (input 31): killed by SIGSEGV (worker _, pid _, attempt 3 of 3)";
        let failed = "ZeroDivisionError: integer division or modulo by zero";
        let failed = format!("pmap: item 51 (input 51): {failed}{tries}");
        assert_eq!(said, [died.to_owned(), failed]);
    }
}

/// Failures at the ends of blocks, next to each other and alone.
#[test]
fn failures_stand_between_the_items_that_are_reduced() {
    let (mut text, mut want, mut failed) = (String::new(), 0, 0);
    for n in 0..5000_i64 {
        if n % 512 < 2 || n % 100 == 7 || (3000..3100).contains(&n) {
            writeln!(text, "x").unwrap();
            failed += 1;
        } else {
            writeln!(text, "{n}").unwrap();
            want += n;
        }
    }
    for flow in FLOWS {
        let words = [&["--reduce", "sum"], flow, &["n"]].concat();
        let ended = pmap(&words).text(text.clone().into_bytes()).run();
        assert_eq!(ended.stdout, lines([want]), "{words:?}");
        assert_eq!((ended.said().len(), ended.status.code()), (failed, Some(1)));
    }
}

#[test]
fn killed_workers_change_nothing() {
    let task = "n / 3 + sleep(0.0005)";
    let words = ["--range", "0..3000", "--reduce", "sum", "--workers", "2", task, "-v"];
    let mut run = pmap(&words).start();
    for deaths in 1..4 {
        run.until_workers(2);
        if let Some(worker) = run.workers().first() {
            worker.signal(Signal::KILL);
        }
        run.until("its death", |run| run.said().matches("killed by SIGKILL").count() >= deaths);
    }
    let ended = run.finish();
    assert_eq!(ended.stdout, b"1499500.0\n");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn no_results_make_no_least_one() {
    for (reduction, stdout, said) in [
        ("sum", "0\n", ""),
        ("count", "0\n", ""),
        ("min", "", "ValueError: min() arg is an empty sequence"),
        ("max", "", "ValueError: max() arg is an empty sequence"),
        ("mean", "", "ValueError: mean requires at least one data point"),
    ] {
        let said = if said.is_empty() {
            String::new()
        } else {
            format!("pmap: --reduce {reduction}: {said}\n")
        };
        let code = i32::from(!said.is_empty());
        for input in [&["--range", "0..0"][..], &["--range", "0..99", "--filter", "n < 0"]] {
            let words = [input, &["--reduce", reduction]].concat();
            pmap(&words).run().expect(code, stdout.as_bytes(), &said);
        }
    }
    let ended = pmap(&["--range", "0..9", "--reduce", "sum", "inf if n % 2 else -inf"]).run();
    ended.expect(1, b"", "pmap: --reduce sum: ValueError: -inf + inf in fsum\n");
    let ended = pmap(&["--range", "0..9", "--reduce", "sum", "1e308"]).run();
    ended.expect(1, b"", "pmap: --reduce sum: OverflowError: intermediate overflow in fsum\n");
}

#[test]
fn results_do_not_travel() {
    let words = ["--range", "0..3000000", "--reduce", "sum", "--stats=json", "--filter", "n % 3"];
    let ended = pmap(&words).run();
    let stats = Json::parse(&ended.stderr);
    let numbers = ["items", "dropped", "failed", "result_bytes"].map(|key| stats.get(key).number());
    assert_eq!(numbers, [3e6, 1e6, 0.0, ended.stdout.len() as f64]);
}

#[test]
fn a_halted_run_gives_what_was_finished() {
    let flow = ["--workers", "1", "--chunk-size", "1", "--reduce", "sum"];
    let words = [&["--range", "1..1000000", "--halt", "now,fail=1"], &flow[..]].concat();
    let ended = pmap(&[&words[..], &["n // (n != 50)"]].concat()).run();
    assert_eq!(ended.status.code(), Some(1));
    let total: i64 = String::from_utf8(ended.stdout).unwrap().trim().parse().unwrap();
    // Those before, and maybe some that were in hand.
    let is_it = |last: &i64| (1..=*last).sum::<i64>() - if *last >= 50 { 50 } else { 0 } == total;
    assert!((49..1_000_000).any(|last| is_it(&last)), "{total}");

    let words = [&["--range", "1..1000000", "--halt", "soon,success=10"], &flow[..]].concat();
    let ended = pmap(&[&words[..], &["--filter", "n % 2", "1"]].concat()).run();
    assert_eq!(ended.status.code(), Some(0));
    let total: i64 = String::from_utf8(ended.stdout).unwrap().trim().parse().unwrap();
    assert!((10..10_000).contains(&total), "{total}");
}

#[test]
fn whoever_interrupts_it_gets_no_part_for_the_whole() {
    for signal in [Signal::INT, Signal::TERM] {
        let words = ["--range", "0..1000000", "--reduce", "sum", "n + sleep(0.001)", "-v"];
        let mut run = pmap(&words).start();
        run.until("some work", |run| run.said().contains("ready"));
        run.signal(signal);
        let ended = run.finish();
        ended.expect_signal(signal);
        assert_eq!(ended.stdout, b"");
    }
}

#[test]
fn what_cannot_be_reduced_starts_nothing() {
    for (words, said) in [
        (
            &["--reduce", "median", "n"][..],
            "invalid value 'median' for --reduce: give sum, min, max, count or mean",
        ),
        (
            &["--reduce", "sum", "n if n else factor(n)"],
            "--reduce sum needs numbers, and the task gives a list\nmake a number of it, or use --reduce count",
        ),
        (
            &["--reduce", "count", "--on-error", "fill=NA", "n"],
            "--on-error fill= and --reduce exclude each other: there is no line an item\nleave --on-error out; items that fail are said on stderr, and count for nothing",
        ),
    ] {
        let words = [&["--range", "0..9"], words].concat();
        pmap(&words).run().expect(2, b"", &format!("pmap: {said}\n"));
    }
}
