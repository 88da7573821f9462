//! The examples, built as their comments say and run.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::library::{compile, sorted};
use crate::support::{Ended, lines, pmap};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(library: &Path, arguments: &[&str]) -> Ended {
    let mut all = vec!["--plugin", library.to_str().expect("text")];
    all.extend(arguments);
    pmap(&all).run()
}

#[test]
fn in_c() {
    let folder = tempfile::tempdir().expect("a folder");
    let library = folder.path().join("libnumerics.so");
    let source = root().join("examples/native_plugin/c/numerics.c");
    compile(&source, &library, &["-O2"]);

    // The C library's error function is the judge.
    let task = "abs(romberg(0, n/100) - sqrt(pi)/2 * erf(n/100)) < 1e-11";
    let all = run(&library, &["--range", "1..400", "--workers", "2", task]);
    all.expect(0, "True\n".repeat(399).as_bytes(), "");

    let backwards = (0..50_000).map(|n: u32| {
        n.to_string().chars().rev().collect::<String>().parse::<u32>().expect("digits")
    });
    run(&library, &["--range", "0..50000", "reverse"]).expect(0, &lines(backwards), "");
    let path = library.to_str().expect("text");
    let ended = pmap(&["--plugin", path, "reverse"]).text("-1\n9000000000000000099\n12\n").run();
    assert_eq!(ended.stdout, b"21\n");
    let why = "9000000000000000099 backwards has more than 64 bits";
    let said = [
        "pmap: item 0 (line 1, input -1): reverse: -1 is negative".to_owned(),
        format!("pmap: item 1 (line 2, input 9000000000000000099): reverse: {why}"),
    ];
    assert_eq!(sorted(ended.said()), said);

    // Global state, of each worker its own.
    let counted =
        run(&library, &["--range", "0..3", "--workers", "1", "romberg(0, 1) * 0 + evaluations()"]);
    let counts: Vec<f64> = String::from_utf8(counted.stdout)
        .expect("text")
        .lines()
        .map(|n| n.parse().expect("a number"))
        .collect();
    assert!(counts.len() == 3 && counts[0] > 1.0 && counts.is_sorted(), "{counts:?}");
}

/// Has cargo make the library of the example in Rust.
fn digits() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("native_plugin");
    let mut cargo = Command::new(env!("CARGO"));
    cargo
        .args(["build", "--offline", "--quiet", "--package", "digits", "--target-dir"])
        .arg(&target);
    let made = cargo.current_dir(root()).output().expect("cargo");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    target.join("debug/libdigits.so")
}

#[test]
fn in_rust() {
    let library = digits();
    let sum = |n: i64| n.to_string().bytes().map(|digit| i64::from(digit - b'0')).sum::<i64>();
    run(&library, &["--range", "0..5000", "digit_sum(n**2)"]).expect(
        0,
        &lines((0..5000).map(|n| sum(n * n))),
        "",
    );
    // https://oeis.org/A003001: the least numbers of each persistence.
    let least =
        "0\n10\n25\n39\n77\n679\n6788\n68889\n2677889\n26888999\n3778888999\n277777788888899\n";
    let path = library.to_str().expect("text");
    pmap(&["--plugin", path, "persistence"]).text(least).run().expect(0, &lines(0..12), "");
    // Errors and panics fail the item, in a block and alone.
    for extra in [&[][..], &["--retries", "0"]] {
        let ended = run(&library, &[&["--range", "1..4", "digit(n, n - 1)"], extra].concat());
        let panic = "digit: panicked at examples/native_plugin/rust/src/lib.rs:12: index out of bounds: the len is 1 but the index is";
        let said = [(1, 2), (2, 3)]
            .map(|(item, n)| format!("pmap: item {item} (input {n}): {panic} {item}"));
        assert_eq!(sorted(ended.said()), said);
        assert_eq!(ended.stdout, b"1\n");
    }
    let said =
        "pmap: item 0 (input -1): persistence: only numbers from 0 on have digits to multiply\n";
    run(&library, &["--range", "-1..1", "persistence(n)"]).expect(1, b"0\n", said);
    // Three arguments, in the order of the tasks own arithmetic.
    let steps = run(
        &library,
        &[
            "--range",
            "1..9",
            "logistic(3.7, n/10, 2) == 3.7*(3.7*(n/10)*(1.0-n/10))*(1.0-3.7*(n/10)*(1.0-n/10))",
        ],
    );
    steps.expect(0, "True\n".repeat(8).as_bytes(), "");

    let listed = pmap(&["tasks", "--plugin", path, "persistence"]).run();
    let help = "persistence(n)  How many steps of replacing n by the product of its digits lead to one digit\n";
    listed.expect(0, help.as_bytes(), "");
}
