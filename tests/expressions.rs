//! Tasks as the command runs them: whatever the workers and chunks, an item's result is that of its number and index.

mod support;

use std::fmt::Write as _;

use support::{assert_same, lines, pmap};

/// How items are given out.
const FLOWS: [&[&str]; 3] = [
    &["--workers", "1"],
    &["--workers", "3", "--chunk-size", "7"],
    &["--workers", "2", "--chunk-size", "1", "--window", "9"],
];

#[test]
fn the_index_is_that_of_the_input() {
    for flow in FLOWS {
        let words = [&["--range", "100..0:-1"], flow, &["1000*i + n"]].concat();
        let ended = pmap(&words).run();
        ended.expect(0, &lines((0..100).map(|i| 1000 * i + 100 - i)), "");

        // Blank lines are no items.
        let words = [flow, &["i if n == 7 else -1"]].concat();
        let ended = pmap(&words).text(b"7\n\n7.0\n 8 \n7".to_vec()).run();
        ended.expect(0, b"0\n1\n-1\n3\n", "");
    }
}

#[test]
fn results_of_every_kind_print_as_in_python() {
    for flow in FLOWS {
        for (task, want) in [
            ("n > 0", "False\nTrue\nTrue\nTrue\n"),
            ("n / 2", "0.0\n0.5\n1.0\n1.5\n"),
            ("n if n < 2 else n / 4", "0\n1\n0.5\n0.75\n"),
            ("divmod(n, 2)", "(0, 0)\n(0, 1)\n(1, 0)\n(1, 1)\n"),
            ("factor(n + 12)", "[2, 2, 3]\n[13]\n[2, 7]\n[3, 5]\n"),
            ("n << 62", "0\n4611686018427387904\n9223372036854775808\n13835058055282163712\n"),
            ("inf * (n - 1)", "-inf\nnan\ninf\ninf\n"),
        ] {
            let words = [&["--range", "0..4"], flow, &[task]].concat();
            pmap(&words).run().expect(0, want.as_bytes(), "");
        }
    }
}

#[test]
fn what_python_raises_costs_its_item() {
    for flow in FLOWS {
        let words = [&["--range", "-40..40"], flow, &["100 // n"]].concat();
        let ended = pmap(&words).run();
        let want = (-40_i64..40).filter(|n| *n != 0).map(|n| (100_f64 / n as f64).floor());
        let error = "ZeroDivisionError: integer division or modulo by zero";
        assert_same(&ended.stdout, &lines(want), &format!("{words:?}"));
        assert_eq!(ended.said(), [format!("pmap: item 40 (input 0): {error}")]);
        assert_eq!(ended.status.code(), Some(1));
    }
}

/// Numbers of all kinds between each other: those that go through blocks, and those that don't.
#[test]
fn integers_floats_and_large_integers_may_alternate() {
    let (mut text, mut want) = (String::new(), String::new());
    for n in 0..600_i64 {
        let (item, result) = match n % 7 {
            0 => (format!("{n}.5"), format!("{}.5", n + 1)),
            1 => (format!("{n}00000000000000000000"), format!("{n}00000000000000000001")),
            2 => (i64::MAX.to_string(), (i128::from(i64::MAX) + 1).to_string()),
            _ => (n.to_string(), (n + 1).to_string()),
        };
        writeln!(text, "{item}").unwrap();
        writeln!(want, "{result}").unwrap();
    }
    for flow in FLOWS {
        let words = [flow, &["n + 1"]].concat();
        pmap(&words).text(text.clone().into_bytes()).run().expect(0, want.as_bytes(), "");
    }
}
