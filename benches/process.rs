//! What a process for one function costs, beside the cheapest program there is.
//!
//! Each bench checks its answer.

use std::hint::black_box;
use std::process::Command;

use criterion::{Criterion, criterion_group, criterion_main};
use pmap::Process;

pmap::init_before_main!();

/// How many run side by side.
const MANY: u64 = 16;

fn square(n: u64) -> u64 {
    n * n
}

fn processes(c: &mut Criterion) {
    let mut group = c.benchmark_group("process");
    group.sample_size(50);
    group.bench_function("spawn and join a function", |b| {
        b.iter(|| {
            let process = Process::spawn(square, black_box(12)).expect("a process");
            assert_eq!(process.join(), Ok(144));
        });
    });
    group.bench_function("spawn and wait for `true`", |b| {
        b.iter(|| {
            assert!(Command::new("true").status().expect("a process").success());
        });
    });
    group.bench_function("16 functions side by side", |b| {
        b.iter(|| {
            let all: Vec<_> =
                (0..MANY).map(|n| Process::spawn(square, n).expect("a process")).collect();
            let sum: u64 = all.iter().map(|process| process.join().expect("a square")).sum();
            assert_eq!(sum, 1240);
        });
    });
    group.bench_function("8 MiB there and back", |b| {
        let numbers: Vec<u64> = (0..1 << 20).collect();
        b.iter(|| {
            let process =
                Process::spawn(|numbers: Vec<u64>| numbers, numbers.clone()).expect("a process");
            assert_eq!(process.join().expect("the same").len(), numbers.len());
        });
    });
    group.finish();
}

criterion_group!(benches, processes);
criterion_main!(benches);
