//! Whatever the number of workers, the size of chunks, the window, the input and the cores: the output is the
//! one that a loop would print.

mod support;

use std::thread;

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use support::{assert_same, lines, pmap, squares};

const CHUNKS: [&str; 3] = ["1", "7", "auto"];
const WINDOWS: [&str; 4] = ["auto", "1", "8", "100000"];

/// How the numbers `0..items` get into a run.
#[derive(Debug, Clone, Copy)]
enum Source {
    Range,
    Stdin,
}

fn check(workers: usize, chunk: &str, window: &str, source: Source, items: i64) {
    let what =
        format!("{workers} workers, chunk {chunk}, window {window}, {source:?}, {items} items");
    let arguments = format!("--workers {workers} --chunk-size {chunk} --window {window}");
    let mut arguments: Vec<String> = arguments.split(' ').map(str::to_owned).collect();
    let run = match source {
        Source::Range => {
            arguments.extend(["--range".to_owned(), format!("0..{items}")]);
            pmap(&arguments)
        }
        Source::Stdin => pmap(&arguments).text(lines(0..items)),
    };
    let ended = run.run();
    assert!(
        ended.status.success() && ended.stderr.is_empty(),
        "{what}: {} {}",
        ended.status,
        ended.stderr
    );
    assert_same(&ended.stdout, &squares(0..items), &what);
}

/// Every chunk size and source and these windows, for some numbers of items.
fn check_all(workers: usize, windows: &[&str], numbers_of_items: &[i64]) {
    for chunk in CHUNKS {
        for window in windows {
            for source in [Source::Range, Source::Stdin] {
                for &items in numbers_of_items {
                    check(workers, chunk, window, source, items);
                }
            }
        }
    }
}

macro_rules! for_each_number_of_workers {
    ($($name:ident: $workers:literal,)*) => {$(
        #[test]
        fn $name() {
            check_all($workers, &WINDOWS, &[10, 1000]);
            // Nobody can be ahead of a single item.
            check_all($workers, &WINDOWS[..1], &[0, 1]);
        }
    )*};
}

for_each_number_of_workers! {
    one_worker: 1,
    two_workers: 2,
    three_workers: 3,
    four_workers: 4,
    eight_workers: 8,
    sixteen_workers: 16,
}

#[test]
fn a_million_items() {
    for (workers, chunk, window, source) in [
        (2, "auto", "auto", Source::Range),
        (4, "auto", "100000", Source::Stdin),
        (16, "7", "auto", Source::Range),
    ] {
        check(workers, chunk, window, source, 1_000_000);
    }
}

#[test]
#[ignore = "long: up to a million items for each of 1 to 16 workers, all chunk sizes, windows and sources"]
fn a_million_items_in_every_way() {
    for workers in 1..=16 {
        check_all(workers, &["auto", "100000"], &[1_000_000]);
        // Every few items there and back: what takes long here is the waiting.
        check_all(workers, &["1", "8"], &[20_000]);
    }
}

#[test]
fn unordered_yields_the_same_lines() {
    for workers in [1, 2, 4, 16] {
        for chunk in CHUNKS {
            for items in [0, 1, 10, 20_000] {
                let (workers, range) = (workers.to_string(), format!("0..{items}"));
                let ended = pmap(&[
                    "--unordered",
                    "--workers",
                    &workers,
                    "--chunk-size",
                    chunk,
                    "--range",
                    &range,
                ])
                .run();
                let what = format!("{workers} workers, chunk {chunk}, {items} items");
                assert!(ended.status.success() && ended.stderr.is_empty(), "{what}");
                let text = String::from_utf8(ended.stdout).expect("numbers");
                assert!(text.is_empty() || text.ends_with('\n'), "{what}");
                let mut numbers: Vec<i64> =
                    text.lines().map(|line| line.parse().expect("a number")).collect();
                numbers.sort_unstable();
                assert_same(&lines(numbers), &squares(0..items), &what);
            }
        }
    }
}

/// With every process of the run on the same `cores` cores.
fn on_cores(cores: usize, check: impl FnOnce() + Send) {
    thread::scope(|scope| {
        // Affinity is a thread's, and goes on to what the thread starts.
        let pinned = scope.spawn(|| {
            let ours = sched_getaffinity(None).expect("our own");
            let mut few = CpuSet::new();
            for core in (0..CpuSet::MAX_CPU).filter(|core| ours.is_set(*core)).take(cores) {
                few.set(core);
            }
            sched_setaffinity(None, &few).expect("a part of what we may use");
            check();
        });
        if let Err(panic) = pinned.join() {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn one_core_and_two() {
    for cores in [1, 2] {
        on_cores(cores, || {
            for workers in [1, 2, 4, 16] {
                for (chunk, window) in [("auto", "auto"), ("1", "8"), ("7", "100000")] {
                    check(workers, chunk, window, Source::Range, 1000);
                    check(workers, chunk, window, Source::Stdin, 1000);
                }
                check(workers, "auto", "auto", Source::Range, 100_000);
            }
        });
    }
}

#[test]
fn ranges_of_every_direction() {
    for (range, numbers) in [
        ("0..0", vec![]),
        ("5..=5", vec![5]),
        ("-3..=3", (-3..=3).collect::<Vec<i64>>()),
        ("10..0:-3", vec![10, 7, 4, 1]),
        ("0..=10:5", vec![0, 5, 10]),
        ("3..0", vec![]),
    ] {
        for workers in ["1", "4"] {
            let ended = pmap(&["--range", range, "--workers", workers]).run();
            ended.expect(0, &squares(numbers.iter().copied()), "");
        }
    }
}
