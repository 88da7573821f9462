//! What an expression costs for an item, on one core, beside the same in a loop of Rust, in CPython, NumPy, numexpr and
//! mawk, as far as they are installed: a table in Markdown, on stdout.
//!
//! ```text
//! cargo bench --bench expressions
//! ```
//!
//! Each adds up its results over the same numbers, so that nobody can leave anything out, and the sums are compared:
//! a wrong one is marked. Rivals measure themselves, without their start. The least of five runs counts.

use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use pmap::task::{Indices, Partial, Reduction, Results, TaskSpec, Total};

/// Numbers in a block, as in a worker.
const BLOCK: i64 = 512;

const FIRST: i64 = 1_000_000;

/// How many numbers the fast ones get; those that take some ten nanoseconds get a tenth.
const COUNT: i64 = 20_000_000;

const ROUNDS: usize = 5;

struct Formula {
    /// In Python, for pmap and CPython.
    text: &'static str,
    /// As far as they are spelled otherwise; empty where there is none.
    numpy: &'static str,
    numexpr: &'static str,
    awk: &'static str,
    rust: fn(i64, i64) -> f64,
}

/// A loop over the numbers `$from..$to` for which all is known to the compiler, as it is to somebody who writes the formula
/// into his program; what leaves `i64` is checked for.
macro_rules! sum {
    ($from:expr, $to:expr, |$n:ident| $value:expr) => {{
        let mut sum = 0_i128;
        for $n in $from..$to {
            let value: Option<i64> = $value;
            sum += i128::from(value.unwrap_or_default());
        }
        sum as f64
    }};
}

const FORMULAS: [Formula; 6] = [
    Formula {
        text: "n**2",
        numpy: "n**2",
        numexpr: "n*n",
        awk: "n*n",
        rust: |from, to| sum!(from, to, |n| n.checked_mul(n)),
    },
    Formula {
        text: "3*n**2 + 2*n - 7",
        numpy: "3*n**2 + 2*n - 7",
        numexpr: "3*n*n + 2*n - 7",
        awk: "3*n*n + 2*n - 7",
        rust: |from, to| {
            sum!(from, to, |n| n
                .checked_mul(n)
                .and_then(|square| square.checked_mul(3))
                .and_then(|sum| sum.checked_add(n.checked_mul(2)?))
                .and_then(|sum| sum.checked_sub(7)))
        },
    },
    Formula {
        text: "n//2 if n % 2 == 0 else 3*n + 1",
        numpy: "np.where(n % 2 == 0, n//2, 3*n + 1)",
        numexpr: "where(n % 2 == 0, n >> 1, 3*n + 1)",
        awk: "n % 2 == 0 ? n / 2 : 3*n + 1",
        rust: |from, to| {
            sum!(from, to, |n| if n.rem_euclid(2) == 0 {
                Some(n.div_euclid(2))
            } else {
                n.checked_mul(3).and_then(|product| product.checked_add(1))
            })
        },
    },
    Formula {
        text: "n % 1000 + n // 7",
        numpy: "n % 1000 + n // 7",
        numexpr: "",
        awk: "n % 1000 + int(n / 7)",
        rust: |from, to| sum!(from, to, |n| n.rem_euclid(1000).checked_add(n.div_euclid(7))),
    },
    Formula {
        text: "sqrt(n) * 2",
        numpy: "np.sqrt(n) * 2",
        numexpr: "sqrt(n) * 2",
        awk: "sqrt(n) * 2",
        rust: |from, to| (from..to).map(|n| (n as f64).sqrt() * 2.0).sum(),
    },
    Formula {
        text: "sin(n)**2 + cos(n)**2",
        numpy: "np.sin(n)**2 + np.cos(n)**2",
        numexpr: "sin(n)**2 + cos(n)**2",
        awk: "sin(n)^2 + cos(n)^2",
        rust: |from, to| {
            (from..to).map(|n| (n as f64).sin().powi(2) + (n as f64).cos().powi(2)).sum()
        },
    },
];

/// What somebody needed: nanoseconds for each number; and the sum.
type Measured = (f64, f64);

/// The least time of some rounds over `count` numbers.
fn measure(count: i64, mut run: impl FnMut() -> f64) -> Measured {
    let mut best = f64::INFINITY;
    let mut sum = 0.0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        sum = black_box(run());
        best = best.min(start.elapsed().as_secs_f64());
    }
    (best * 1e9 / count as f64, sum)
}

/// As a worker evaluates: by blocks, and the sum exact.
fn pmap(text: &str) -> Measured {
    let mut evaluator = text.parse::<TaskSpec>().expect("a task").compile();
    let mut results = Results::default();
    let mut items = Vec::new();
    measure(COUNT, || {
        let mut partial = Partial::new(Reduction::Sum);
        for first in (FIRST..FIRST + COUNT).step_by(BLOCK as usize) {
            items.clear();
            items.extend(first..(first + BLOCK).min(FIRST + COUNT));
            let is_block = evaluator.block_at(&items, Indices::From(first - FIRST), &mut results);
            let lanes = results.run(0);
            assert!(is_block && lanes.len() == items.len(), "{text}: a block");
            partial.add_lanes(lanes);
        }
        let mut total = Total::new(Reduction::Sum);
        total.merge(0, COUNT as u64, &partial).expect("a partial sum");
        total.result().expect("a sum").to_string().parse().expect("a number")
    })
}

/// Runs a program that prints nanoseconds for each number, and the sum; `None` if it is not there.
fn rival(program: &str, arguments: &[&str]) -> Option<Measured> {
    let output =
        Command::new(program).args(arguments).output().ok().filter(|it| it.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    let (nanos, sum) = text.trim().split_once(' ')?;
    Some((nanos.parse().ok()?, sum.parse().ok()?))
}

/// A Python program that times `sum` over `count` numbers; `make` makes what it sums over.
fn python(import: &str, make: &str, sum: &str, count: i64) -> Option<Measured> {
    let program = format!(
        "import time\nfrom math import *\n{import}\n\
         first, count = {FIRST}, {count}\n{make}\nbest = inf\n\
         for _ in range({ROUNDS}):\n    start = time.perf_counter()\n    total = {sum}\n    \
         best = min(best, time.perf_counter() - start)\n\
         print(best * 1e9 / count, float(total))"
    );
    rival("python3", &["-c", &program])
}

/// Arrays of a million: whole ones would be measures of the memory. Their sums leave 64 bits, and are of doubles.
fn by_arrays(import: &str, value: &str) -> Option<Measured> {
    if value.is_empty() {
        return None;
    }
    let make = "blocks = [np.arange(at, at + 10**6) for at in range(first, first + count, 10**6)]";
    python(import, make, &format!("sum(({value}).sum(dtype=float) for n in blocks)"), COUNT)
}

/// mawk has no clock: the time of a whole run, less that of an empty loop's start.
fn mawk(value: &str, count: i64) -> Option<Measured> {
    let program = format!(
        "BEGIN {{ for (n = {FIRST}; n < {FIRST} + {count}; n++) sum += {value}; printf \"%.17g\", sum }}"
    );
    let mut sum = None;
    let (nanos, _) = measure(count, || {
        let output = Command::new("mawk").arg(&program).output().ok();
        sum = output.and_then(|it| String::from_utf8(it.stdout).ok()?.trim().parse().ok());
        0.0
    });
    Some((nanos, sum?))
}

/// A cell of the table: the time, marked if the sum is another than in exact arithmetic, by more than rounding explains.
fn cell(found: Option<Measured>, right: f64) -> String {
    match found {
        None => "".to_owned(),
        Some((nanos, sum)) => {
            let digits = if nanos < 20.0 { 1 } else { 0 };
            let mark = if (sum / right - 1.0).abs() < 1e-9 { "" } else { " (wrong)" };
            format!("{nanos:.digits$}{mark}")
        }
    }
}

fn main() {
    // `cargo test --benches` and the like only want to know that it starts.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!("| ns an item and core | pmap | Rust | NumPy | numexpr | mawk | CPython |");
    println!("|---|---|---|---|---|---|---|");
    for formula in FORMULAS {
        let few = COUNT / 10;
        let ours = pmap(formula.text);
        let rust = measure(COUNT, || (formula.rust)(black_box(FIRST), black_box(FIRST + COUNT)));
        let numpy = by_arrays("import numpy as np", formula.numpy);
        let value = format!("ne.evaluate('{}')", formula.numexpr);
        let value = if formula.numexpr.is_empty() { "" } else { value.as_str() };
        let import = "import numpy as np, numexpr as ne\nne.set_num_threads(1)";
        let numexpr = by_arrays(import, value);
        let sum = format!("sum({} for n in range(first, first + count))", formula.text);
        let cpython = python("", "", &sum, few);
        let mawk = mawk(formula.awk, few);
        // Of fewer numbers, another sum.
        let right_of_few = (formula.rust)(FIRST, FIRST + few);
        println!(
            "| `{}` | {} | {} | {} | {} | {} | {} |",
            formula.text,
            cell(Some(ours), rust.1),
            cell(Some(rust), rust.1),
            cell(numpy, rust.1),
            cell(numexpr, rust.1),
            cell(mawk, right_of_few),
            cell(cpython, right_of_few),
        );
    }
}
