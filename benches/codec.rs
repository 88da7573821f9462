//! What it costs to say what is to be done, and to say what came of it: headers, outcomes, lines and numbers.
//!
//! Each bench first checks that what it times gives the right answer.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use pmap::task::TaskSpec;
use pmap::value::{format, lines};
use pmap::wire::{self, Encoding, Lease, Payload};

/// Lines of text in a piece of input.
const LINES: i64 = 10_000;

fn lease_header(c: &mut Criterion) {
    let lease = Lease {
        sequence: 7,
        items: 16_384,
        attempt: 0,
        singly: false,
        first: 1 << 40,
        payload: Payload::Range { start: -5, step: 3 },
    };
    let header = lease.header();
    assert_eq!(Lease::parse(&header), Some(lease));

    let mut group = c.benchmark_group("lease header");
    group.bench_function("encode", |b| b.iter(|| black_box(&lease).header()));
    group.bench_function("parse", |b| b.iter(|| Lease::parse(black_box(&header))));
    group.finish();
}

fn outcomes(c: &mut Criterion) {
    let text = text(0..LINES);
    let items = LINES as u64;
    assert_eq!(Encoding::Lines.measure(&text, items), Ok(text.len()));
    assert!(Encoding::Lines.measure(&text, items + 1).is_err());
    assert!(Encoding::Lines.measure(&text[..text.len() - 1], items).is_err());

    let mut group = c.benchmark_group("outcomes");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.bench_function("measure", |b| {
        b.iter(|| Encoding::Lines.measure(black_box(&text), items));
    });
    group.finish();
}

fn lines_of_numbers(c: &mut Criterion) {
    let mut group = c.benchmark_group("lines::ints");
    group.throughput(Throughput::Elements(LINES as u64));
    // Numbers of one width, as nearly all neighbours are; and of widths that change with every line.
    let mixed = (0..LINES).map(|n| (n * 7_919) % 10_i64.pow((n % 9) as u32 + 1));
    for (name, numbers) in [
        ("one width", (1_000_000..1_000_000 + LINES).collect::<Vec<_>>()),
        ("mixed widths", mixed.collect()),
    ] {
        let text = text(numbers.iter().copied());
        let mut found = Vec::new();
        assert_eq!(lines::ints(&text, usize::MAX, &mut found), text.len());
        assert_eq!(found, numbers);
        group.bench_function(name, |b| {
            b.iter(|| {
                found.clear();
                lines::ints(black_box(&text), usize::MAX, &mut found)
            });
        });
    }
    group.finish();
}

fn formatted_numbers(c: &mut Criterion) {
    let squares: Vec<i64> = (1_000_000..1_000_000 + LINES).map(|n| n * n).collect();
    let mut text = Vec::new();
    format::int(squares[1], &mut text);
    assert_eq!(text, b"1000002000001");

    let mut group = c.benchmark_group("format::int");
    group.throughput(Throughput::Elements(LINES as u64));
    group.bench_function("squares", |b| {
        b.iter(|| {
            text.clear();
            for square in black_box(&squares) {
                format::int(*square, &mut text);
                text.push(b'\n');
            }
            text.len()
        });
    });
    group.finish();
}

fn task(c: &mut Criterion) {
    let task: TaskSpec = "n**2".parse().expect("a task");
    let message = wire::encode(&task).expect("a task is encoded");
    assert_eq!(wire::decode::<TaskSpec>(&message).expect("a task"), task);

    let mut group = c.benchmark_group("task n**2");
    group.bench_function("decode", |b| b.iter(|| wire::decode::<TaskSpec>(black_box(&message))));
    group.bench_function("compile", |b| {
        b.iter_batched(|| task.clone(), |task| task.compile(), BatchSize::SmallInput);
    });
    group.finish();
}

/// A line for each of `numbers`, formatted by the standard library and not by us.
fn text(numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    numbers.into_iter().map(|n| format!("{n}\n")).collect::<String>().into_bytes()
}

criterion_group!(benches, lease_header, outcomes, lines_of_numbers, formatted_numbers, task);
criterion_main!(benches);
