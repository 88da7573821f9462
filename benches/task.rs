//! What a task costs for an item: in blocks, as workers evaluate, and one by one, beside the same in Rust.
//!
//! Each bench first checks that what it times gives the right answer.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pmap::task::{Lanes, Results, TaskSpec};
use pmap::value::Number;

/// Numbers in a block: as many as a worker evaluates at a time.
const BLOCK: i64 = 512;

/// A task, and the same in Rust where that is an `i64`.
type Formula = (&'static str, fn(i64) -> Option<i64>);

const INTEGERS: [Formula; 7] = [
    ("n**2", |n| n.checked_mul(n)),
    ("3*n**2 + 2*n - 7", |n| {
        3_i64.checked_mul(n.checked_mul(n)?)?.checked_add(2_i64.checked_mul(n)?)?.checked_sub(7)
    }),
    ("n//2 if n % 2 == 0 else 3*n + 1", |n| {
        if n.rem_euclid(2) == 0 {
            Some(n.div_euclid(2))
        } else {
            3_i64.checked_mul(n)?.checked_add(1)
        }
    }),
    ("n % 1000 + n // 7", |n| n.rem_euclid(1000).checked_add(n.div_euclid(7))),
    ("n**2 % 7 < 3 and n % 3 != i % 5", |n| {
        let i = n - FIRST;
        Some((n.checked_mul(n)?.rem_euclid(7) < 3 && n.rem_euclid(3) != i.rem_euclid(5)).into())
    }),
    ("isqrt(n)", i64::checked_isqrt),
    ("gcd(n, 360360)", |n| {
        let (mut a, mut b) = (n, 360_360);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Some(a)
    }),
];

/// A task of floats, and the same in Rust.
type FloatFormula = (&'static str, fn(f64) -> f64);

const FLOATS: [FloatFormula; 3] = [
    ("n / 7 + 0.5", |n| n / 7.0 + 0.5),
    ("sqrt(n) * 2", |n| n.sqrt() * 2.0),
    ("sin(n)**2 + cos(n)**2", |n| n.sin().powf(2.0) + n.cos().powf(2.0)),
];

const FIRST: i64 = 1_000_000;

fn blocks(c: &mut Criterion) {
    let inputs: Vec<i64> = (FIRST..FIRST + BLOCK).collect();
    let mut group = c.benchmark_group("task");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for (text, native) in INTEGERS {
        let mut evaluator = text.parse::<TaskSpec>().expect("a task").compile();
        let mut results = Results::default();
        assert!(evaluator.block(&inputs, 0, &mut results));
        let (Lanes::Ints(found) | Lanes::Bools(found)) = results.run(0) else {
            panic!("{text}: no integers");
        };
        let wanted: Option<Vec<i64>> = inputs.iter().map(|n| native(*n)).collect();
        assert_eq!(found, wanted.expect("small numbers"), "{text}");
        group.bench_function(format!("{text}/block"), |b| {
            b.iter(|| evaluator.block(black_box(&inputs), 0, &mut results));
        });
        let mut out = Vec::new();
        group.bench_function(format!("{text}/rust"), |b| {
            b.iter(|| {
                out.clear();
                out.extend(black_box(&inputs).iter().map(|n| native(*n).unwrap_or_default()));
                out.last().copied()
            });
        });
    }
    for (text, native) in FLOATS {
        let mut evaluator = text.parse::<TaskSpec>().expect("a task").compile();
        let mut results = Results::default();
        assert!(evaluator.block(&inputs, 0, &mut results));
        let wanted: Vec<f64> = inputs.iter().map(|n| native(*n as f64)).collect();
        assert_eq!(results.run(0), Lanes::Floats(&wanted), "{text}");
        group.bench_function(format!("{text}/block"), |b| {
            b.iter(|| evaluator.block(black_box(&inputs), 0, &mut results));
        });
    }
    group.finish();
}

/// What an item costs that leaves 64 bits, or comes as a float between integers.
fn single(c: &mut Criterion) {
    let mut group = c.benchmark_group("task, one by one");
    for (text, item, wanted) in [
        ("3*n**2 + 2*n - 7", 1_000_000_i128, "3000001999993"),
        ("3*n**2 + 2*n - 7", 1 << 62, "63802943797675961908606110930311315449"),
        (
            "3*n**2 + 2*n - 7",
            1 << 100,
            "4820814132776970826625886277026023108767065440151371912314873",
        ),
    ] {
        let item = Number::from(item);
        let mut evaluator = text.parse::<TaskSpec>().expect("a task").compile();
        assert_eq!(evaluator.exact(&item, 0).expect("a result").to_string(), wanted);
        group.bench_function(format!("{text} of {item}"), |b| {
            b.iter(|| evaluator.exact(black_box(&item), 0));
        });
    }
    group.finish();
}

criterion_group!(benches, blocks, single);
criterion_main!(benches);
