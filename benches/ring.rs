//! The rings of a segment: bytes per second between two threads, and the cost of each step for small records.
//!
//! Each bench first checks that what comes out is what went in.

use std::io;
use std::thread;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use pmap::shm::{Backing, Capacity, Layout, Segment, SupervisorEnd, WorkerEnd};

/// As `supervise` makes them for long runs.
fn layout() -> Layout {
    Layout { down: Capacity::at_least(256 << 10), up: Capacity::at_least(512 << 10) }
}

const BACKINGS: [(&str, Backing); 2] = [("named", Backing::Named), ("sealed", Backing::Sealed)];

/// Both ends of a fresh segment, in one process but over two mappings, as two processes would have them.
fn ends(backing: Backing) -> io::Result<(SupervisorEnd, WorkerEnd)> {
    let segment = Segment::create_in(layout(), backing)?;
    Ok((segment.end, WorkerEnd::attach(segment.fd, layout())?))
}

/// Sends `records` times `record` up the ring, one publication each.
fn send(end: &mut WorkerEnd, record: &[u8], records: u64) {
    for _ in 0..records {
        while end.uplink.room(record.len()).expect("an honest peer") < record.len() {
            // With fewer cores than threads, the other one must get its turn.
            thread::yield_now();
        }
        end.uplink.push(record);
        end.uplink.publish(1);
    }
}

/// Takes `records` records from the ring, as many at a time as there are; hands their bytes to `take`.
fn receive(end: &mut SupervisorEnd, records: u64, mut take: impl FnMut(&[u8])) {
    let mut buffer = Vec::new();
    let mut received = 0;
    while received < records {
        let fresh = end.uplink.look().expect("an honest peer");
        if fresh.bytes == 0 {
            thread::yield_now();
            continue;
        }
        buffer.clear();
        end.uplink.pull(fresh.bytes, &mut buffer);
        end.uplink.release();
        received += u64::from(fresh.items);
        take(&buffer);
    }
}

/// How long `records` records take from one thread to another.
fn stream(backing: Backing, record: &[u8], records: u64) -> io::Result<Duration> {
    let (mut supervisor, mut worker) = ends(backing)?;
    Ok(thread::scope(|scope| {
        let start = Instant::now();
        scope.spawn(move || send(&mut worker, record, records));
        receive(&mut supervisor, records, |_| ());
        start.elapsed()
    }))
}

fn check_stream(backing: Backing, record: &[u8]) -> io::Result<()> {
    // Several times around the ring.
    let records = 5 * u64::from(layout().up.bytes()) / record.len() as u64;
    let (mut supervisor, mut worker) = ends(backing)?;
    let mut received = Vec::new();
    thread::scope(|scope| {
        scope.spawn(move || send(&mut worker, record, records));
        receive(&mut supervisor, records, |bytes| received.extend_from_slice(bytes));
    });
    assert_eq!(received, record.repeat(records as usize));
    Ok(())
}

fn two_threads(c: &mut Criterion) {
    let mut group = c.benchmark_group("two threads");
    // A result's line, and the results of a block.
    for size in [16, 4096] {
        let record: Vec<u8> = (0..size).map(|at| at as u8).collect();
        group.throughput(Throughput::Bytes(size as u64));
        for (name, backing) in BACKINGS {
            check_stream(backing, &record).expect("a segment");
            group.bench_function(format!("{size} bytes, {name}"), |b| {
                b.iter_custom(|records| stream(backing, &record, records).expect("a segment"));
            });
        }
    }
    group.finish();
}

fn one_thread(c: &mut Criterion) {
    let record = *b"1000002000001\n";
    let mut group = c.benchmark_group("one thread");
    group.throughput(Throughput::Elements(1));
    for (name, backing) in BACKINGS {
        let (mut supervisor, mut worker) = ends(backing).expect("a segment");
        let mut taken = Vec::new();
        let mut pass = || {
            taken.clear();
            let room = worker.uplink.room(record.len()).expect("an honest peer");
            assert!(room >= record.len(), "what was sent has been taken");
            worker.uplink.push(&record);
            worker.uplink.publish(1);
            let fresh = supervisor.uplink.look().expect("an honest peer");
            supervisor.uplink.pull(fresh.bytes, &mut taken);
            supervisor.uplink.release();
            (fresh.items, taken == record)
        };
        // Often enough to go around the ring.
        assert!((0..100_000).all(|_| pass() == (1, true)));
        group.bench_function(format!("push, publish, look, pull, release, {name}"), |b| {
            b.iter(&mut pass);
        });
    }
    // The price of publishing alone: nobody reads, and a ring that is full is replaced.
    let fits = u64::from(layout().up.bytes()) / record.len() as u64;
    for (name, backing) in BACKINGS {
        group.bench_function(format!("push, publish, {name}"), |b| {
            b.iter_custom(|records| {
                let mut elapsed = Duration::ZERO;
                let mut left = records;
                while left > 0 {
                    let batch = left.min(fits);
                    let (_supervisor, mut worker) = ends(backing).expect("a segment");
                    let start = Instant::now();
                    send(&mut worker, &record, batch);
                    elapsed += start.elapsed();
                    left -= batch;
                }
                elapsed
            });
        });
    }
    group.finish();
}

fn segments(c: &mut Criterion) {
    let mut group = c.benchmark_group("segment");
    for (name, backing) in BACKINGS {
        group.bench_function(format!("create and drop, {name}"), |b| {
            b.iter(|| Segment::create_in(layout(), backing).expect("a segment"));
        });
    }
    group.finish();
}

criterion_group!(benches, two_threads, one_thread, segments);
criterion_main!(benches);
