//! Iterators over processes, beside the sequential ones: what `src/iter/tests.rs` runs within one process, on pools of
//! workers; and what only processes can do. Named after the rows of the conformance table where there is one.

#[path = "iter/adaptors.rs"]
mod adaptors;
#[path = "iter/failures.rs"]
mod failures;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use std::{process, thread};

use pmap::Pool;
use pmap::pool::Shutdown;
use pmap::prelude::*;
use proptest::prelude::*;

use adaptors::Case;

pmap::init_before_main!();

/// After this a test hangs.
const LIMIT: Duration = Duration::from_secs(240);

/// Runs a test, and ends the whole program if it hangs.
fn watched(test: impl FnOnce()) {
    watchdog::watched(LIMIT, test);
}

/// Runs a test on a pool, of which nothing may be left then.
fn on_pool(workers: usize, chunk: Option<u64>, test: impl FnOnce()) {
    watched(|| {
        let builder = Pool::builder().workers(workers).retries(1);
        let pool = chunk.into_iter().fold(builder, |builder, chunk| builder.chunk_size(chunk));
        let pool = pool.build().unwrap();
        let pids = pool.install(|| {
            test();
            (0..100_u32).into_proc_iter().map(|_| process::id()).collect::<BTreeSet<u32>>()
        });
        pool.shutdown(Shutdown::Wait);
        for pid in pids {
            assert!(!Path::new(&format!("/proc/{pid}")).exists(), "worker {pid} is left");
        }
    });
}

/// Numbers, some of which are anything.
fn numbers() -> impl Strategy<Value = Vec<i64>> {
    let number = prop_oneof![3 => -1_000..1_000_i64, 1 => any::<i64>()];
    let length = prop_oneof![4 => 0..20_usize, 3 => 0..2_000_usize, 1 => 0..=100_000_usize];
    length.prop_flat_map(move |length| prop::collection::vec(number.clone(), length))
}

fn run(cases: &[Case], numbers: &[i64], workers: usize, chunk: Option<u64>) {
    on_pool(workers, chunk, || {
        for (name, case) in cases {
            println!("{name}: {} numbers, {workers} workers, chunks {chunk:?}", numbers.len());
            case(numbers);
        }
    });
}

fn a_few() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(8) }
}

proptest! {
    #![proptest_config(a_few())]

    #[test]
    fn row_46_adaptors_answer_as_the_sequential_iterator_does(
        numbers in numbers(),
        workers in 1..=8_usize,
        chunk in prop::option::of(1..3_000_u64),
    ) {
        run(adaptors::CASES, &numbers, workers, chunk);
    }

    #[test]
    fn row_6_items_before_and_behind_one_that_fails_are_delivered(
        numbers in numbers(),
        workers in 1..=8_usize,
        chunk in prop::option::of(1..3_000_u64),
    ) {
        run(failures::CASES, &numbers, workers, chunk);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, ..a_few() })]

    #[test]
    #[ignore = "long: minutes"]
    fn row_46_adaptors_answer_as_the_sequential_iterator_does_a_hundred_times(
        numbers in numbers(),
        workers in 1..=8_usize,
        chunk in prop::option::of(1..3_000_u64),
    ) {
        run(adaptors::CASES, &numbers, workers, chunk);
    }
}

#[test]
fn row_46_adaptors_answer_as_the_sequential_iterator_does_for_many_items() {
    let numbers: Vec<i64> =
        (0..100_000).map(|n: i64| n.wrapping_mul(0x9e37_79b9_7f4a_7c15_u64 as i64) >> 7).collect();
    run(adaptors::CASES, &numbers, 3, None);
}

/// So many that memory is had ahead of need.
#[test]
fn many_megabytes_are_collected() {
    on_pool(2, None, || {
        let squares: Vec<u64> = (0..3_000_000_u64).into_proc_iter().map(|n| n * n).collect();
        assert!(squares.into_iter().eq((0..3_000_000).map(|n| n * n)));
        let failed: Result<Vec<u64>, _> = (0..3_000_000_u64)
            .into_proc_iter()
            .map(|n| if n == 2_500_000 { panic!("no") } else { n })
            .collect();
        assert_eq!(failed.unwrap_err().index(), 2_500_000);
    });
}

/// What an item does.
fn run_into_trouble(n: u32) -> u32 {
    match n {
        10 => process::abort(),
        20 => process::exit(0),
        30 => process::exit(3),
        40 => panic!("item {n} panics"),
        _ => n * n,
    }
}

/// Compares an item's result with what [`run_into_trouble`] should come to.
fn check(index: usize, result: &Result<u32, TaskError>) {
    let expected = u32::try_from(index).unwrap().pow(2);
    match (index, result) {
        (10, Err(error)) => assert_eq!(error.signal(), Some(6), "{error}"),
        (20, Err(error)) => assert_eq!(error.exit_code(), Some(0), "{error}"),
        (30, Err(error)) => assert_eq!(error.exit_code(), Some(3), "{error}"),
        (40, Err(error)) => {
            let panic = error.panic().unwrap();
            assert_eq!(panic.message, "item 40 panics");
            assert!(panic.place.as_ref().unwrap().0.ends_with("iter.rs"), "{panic:?}");
            assert!(!panic.backtrace.is_empty());
        }
        (_, result) => assert_eq!(*result, Ok(expected)),
    }
    if let Err(error) = result {
        assert_eq!(error.index(), index as u64);
        assert_ne!(error.pid(), 0);
    }
}

#[test]
fn rows_9_and_10_an_item_that_ends_its_process_is_an_error_of_its_own() {
    for workers in [1, 4] {
        on_pool(workers, None, || {
            let results: Vec<Result<u32, TaskError>> =
                (0..100_u32).into_proc_iter().map(run_into_trouble).collect();
            assert_eq!(results.len(), 100);
            for (index, result) in results.iter().enumerate() {
                check(index, result);
            }
            let first: Result<Vec<u32>, TaskError> =
                (0..100_u32).into_proc_iter().map(run_into_trouble).collect();
            assert_eq!(first.unwrap_err().index(), 10);
        });
    }
}

#[test]
fn rows_9_and_10_a_fold_loses_the_items_that_end_their_process_and_no_others() {
    on_pool(2, None, || {
        let partials: Vec<Result<u32, TaskError>> =
            (0..100_u32).into_proc_iter().map(run_into_trouble).fold(|| 0, |a, b| a + b).collect();
        let sum: u32 = partials.iter().flatten().sum();
        let lost = [10_u32, 20, 30, 40];
        assert_eq!(sum, (0..100).filter(|n| !lost.contains(n)).map(|n| n * n).sum());
        let failed: Vec<u64> =
            partials.iter().filter_map(|r| r.as_ref().err()).map(TaskError::index).collect();
        assert_eq!(failed, lost.map(u64::from));
    });
}

#[test]
fn the_first_failure_panics_and_names_its_item() {
    on_pool(2, None, || {
        let sum = || (0..100_u32).into_proc_iter().map(run_into_trouble).sum::<u32>();
        let panic = std::panic::catch_unwind(sum).unwrap_err();
        let message = panic.downcast_ref::<String>().unwrap();
        assert!(message.starts_with("item 10: "), "{message}");
    });
}

#[test]
fn an_endless_iterator_is_pulled_only_a_little_ahead() {
    on_pool(2, None, || {
        let mut pulled = 0_u64;
        let numbers = std::iter::from_fn(|| {
            pulled += 1;
            Some(pulled)
        });
        assert_eq!(numbers.proc_bridge().find_first(|n| *n == 1_000), Some(1_000));
        assert!((1_000..1_000_000).contains(&pulled), "{pulled} were pulled");
    });
}

/// Whoever sends a line, and the next one only when he has seen what became of the first.
#[test]
fn items_that_come_slowly_are_not_held_back() {
    on_pool(2, None, || {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("answer").to_str().unwrap().to_owned();
        let (answer, mut sent) = (path.clone(), 0_u32);
        let lines = std::iter::from_fn(move || {
            thread::sleep(Duration::from_millis(2));
            while sent > 0 && std::fs::read_to_string(&answer).ok() != Some((sent - 1).to_string())
            {
                thread::yield_now();
            }
            sent += 1;
            (sent <= 20).then_some(sent - 1)
        });
        lines.proc_bridge().for_each_with(path, |path, line| {
            std::fs::write(path, line.to_string()).unwrap();
        });
    });
}
