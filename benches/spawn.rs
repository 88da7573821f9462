//! From a command to its first result, and to its end: what a short run costs, and which part of it are the workers.
//!
//! Each bench first checks the answer. `benches/wall.sh` has the same beside other programs.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use criterion::{Criterion, criterion_group, criterion_main};

fn pmap(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pmap"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
    command
}

/// The time to the first line on stdout; the run then ends by itself, untimed.
fn to_first_result(arguments: &[&str]) -> Duration {
    let start = Instant::now();
    let mut child = pmap(arguments).spawn().expect("pmap starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let first = lines.next().expect("a result").expect("text");
    let elapsed = start.elapsed();
    assert_eq!(first, "0");
    assert_eq!(lines.count(), 9, "the other results");
    assert!(child.wait().expect("pmap ends").success());
    elapsed
}

fn short_runs(c: &mut Criterion) {
    let mut group = c.benchmark_group("ten items");
    group.sample_size(50);
    for workers in ["1", "2", "4"] {
        let arguments = ["--workers", workers, "--range", "0..10"];
        let output = pmap(&arguments).output().expect("pmap runs");
        assert!(output.status.success());
        assert_eq!(output.stdout, b"0\n1\n4\n9\n16\n25\n36\n49\n64\n81\n");

        group.bench_function(format!("to the first result, {workers} workers"), |b| {
            b.iter_custom(|runs| (0..runs).map(|_| to_first_result(&arguments)).sum());
        });
        group.bench_function(format!("to the end, {workers} workers"), |b| {
            b.iter(|| pmap(&arguments).output().expect("pmap runs"));
        });
    }
    // A run without a worker: what is spent before the first one is started.
    group.bench_function("--version, no worker", |b| {
        b.iter(|| pmap(&["--version"]).output().expect("pmap runs"));
    });
    group.finish();
}

criterion_group!(benches, short_runs);
criterion_main!(benches);
