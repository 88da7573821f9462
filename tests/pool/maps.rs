//! Many items of one function.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use pmap::pool::Shutdown;

use super::{alone, of, pid, sleep_ms, square, squares, still_works};

#[test]
fn row_02_chunk_sizes_do_not_matter_to_the_results() {
    alone(|| {
        for chunk in [1, 6, 40, 50] {
            let pool = of(2).chunk_size(chunk).build().unwrap();
            let results: Result<Vec<u64>, _> = pool.map(square, 0..40).collect();
            assert_eq!(results.unwrap(), squares(40));
        }
        let zero = std::panic::catch_unwind(|| of(2).chunk_size(0));
        assert!(zero.is_err());
    });
}

#[test]
fn an_empty_map_needs_no_worker() {
    alone(|| {
        let pool = of(2).build().unwrap();
        assert_eq!(pool.map(square, []).count(), 0);
        assert_eq!(pool.map_unordered(square, []).count(), 0);
        assert!(super::children().is_empty());
    });
}

#[test]
fn row_05_unordered_results_are_the_same_ones() {
    alone(|| {
        let pool = of(3).build().unwrap();
        let results = pool.map_unordered(square, 0..10_000).with_index();
        let mut results: Vec<(u64, u64)> =
            results.map(|(index, result)| (index, result.unwrap())).collect();
        results.sort_unstable();
        assert!(results.into_iter().eq((0..10_000).map(|n| (n, n * n))));
    });
}

#[test]
fn row_05_a_slow_item_holds_nobody_up_who_does_not_mind_the_order() {
    alone(|| {
        let pool = of(2).chunk_size(1).build().unwrap();
        let nap = |n: u64| if n == 0 { sleep_ms(1000) } else { n };
        let mut results = pool.map_unordered(nap, 0..20).map(Result::unwrap);
        assert_ne!(results.next(), Some(1000));
        assert_eq!(results.by_ref().filter(|result| *result == 1000).count(), 1);
    });
}

#[test]
fn row_06_items_before_and_behind_one_that_panics_are_delivered() {
    alone(|| {
        let pool = of(2).build().unwrap();
        for ordered in [true, false] {
            let divide = |n: i64| 60 / (n - 3);
            let map =
                if ordered { pool.map(divide, 0..10) } else { pool.map_unordered(divide, 0..10) };
            let mut results: Vec<_> = map.with_index().collect();
            if !ordered {
                results.sort_by_key(|(index, _)| *index);
            }
            for (n, result) in (0_u8..).zip(results) {
                assert_eq!(result.0, u64::from(n));
                match result.1 {
                    Err(error) => {
                        assert_eq!((n, error.index()), (3, 3));
                        assert!(error.panic().unwrap().message.contains("divide by zero"));
                    }
                    Ok(quotient) => assert_eq!(quotient, 60 / (i64::from(n) - 3)),
                }
            }
        }
    });
}

#[test]
fn row_43_others_run_to_their_end_whatever_fails() {
    alone(|| {
        let pool = of(4).build().unwrap();
        let odd = |n: u64| assert!(n % 2 == 0, "{n} is odd");
        let results: Vec<_> = pool.map(odd, 0..2000).collect();
        assert_eq!(results.len(), 2000);
        for (n, result) in results.iter().enumerate() {
            assert_eq!(result.is_ok(), n % 2 == 0);
        }
        still_works(&pool);
    });
}

#[test]
fn row_34_no_more_processes_than_workers_and_no_more_than_needed() {
    alone(|| {
        let pool = of(4).build().unwrap();
        assert!(super::children().is_empty(), "nobody is started before there is work");
        let one: BTreeSet<u32> = (0..3).map(|n| pool.submit(pid, n).result().unwrap()).collect();
        assert_eq!(one.len(), 1, "one after the other");
        let nap = |n: u64| {
            sleep_ms(2);
            pid(n)
        };
        let all: BTreeSet<u32> = pool.map(nap, 0..200).map(Result::unwrap).collect();
        assert!((1..=4).contains(&all.len()), "{all:?}");
        let children = super::children();
        assert!(children.len() <= 4 && all.is_subset(&children), "{all:?} {children:?}");
    });
}

#[test]
fn row_41_ten_tasks_on_two_workers_show_two_processes() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let nap = |n: u64| {
            sleep_ms(50);
            pid(n)
        };
        let handles: Vec<_> = (0..10).map(|n| pool.submit(nap, n)).collect();
        let pids: BTreeSet<u32> = handles.into_iter().map(|h| h.result().unwrap()).collect();
        assert_eq!(pids.len(), 2);
    });
}

#[test]
fn endless_input_is_pulled_only_a_little_ahead() {
    alone(|| {
        let pool = of(2).window(100).chunk_size(5).build().unwrap();
        let pulled = AtomicU64::new(0);
        let input = (0..).inspect(|_| {
            pulled.fetch_add(1, Ordering::Relaxed);
        });
        let mut map = pool.map(square, input);
        for n in 0..1000 {
            assert_eq!(map.next().unwrap().unwrap(), n * n);
        }
        drop(map);
        let pulled = pulled.into_inner();
        // What is read ahead is limited in items that wait, what is started by the window.
        assert!((1000..10_000).contains(&pulled), "{pulled}");
        still_works(&pool);
    });
}

#[test]
fn a_window_limits_what_is_started_and_not_taken() {
    alone(|| {
        let folder = tempfile::tempdir().unwrap();
        let pool = of(2).window(7).chunk_size(1).build().unwrap();
        let note = |(folder, n): (std::path::PathBuf, u64)| {
            std::fs::write(folder.join(n.to_string()), "").unwrap();
            n
        };
        let mut map = pool.map(note, (0..).map(|n| (folder.path().to_owned(), n)));
        assert_eq!(map.next().unwrap().unwrap(), 0);
        thread::sleep(Duration::from_millis(100));
        let begun = std::fs::read_dir(folder.path()).unwrap().count();
        // What has been taken out of the pool together with the first result counts as taken.
        assert!((1..=14).contains(&begun), "{begun}");
    });
}

#[test]
fn a_slow_consumer_gets_everything() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let large = |n: u64| vec![n; 10_000];
        let mut expected = 0;
        for result in pool.map(large, 0..300) {
            if expected % 30 == 0 {
                thread::sleep(Duration::from_millis(10));
            }
            assert_eq!(result.unwrap(), vec![expected; 10_000]);
            expected += 1;
        }
        assert_eq!(expected, 300);
    });
}

#[test]
fn a_map_that_is_dropped_halfway_leaves_the_pool_to_others() {
    alone(|| {
        let pool = of(2).build().unwrap();
        for taken in [0, 1, 500] {
            let mut map = pool.map(square, 0_u64..);
            assert!(map.by_ref().take(taken).all(|result| result.is_ok()));
            drop(map);
            let unordered = pool.map_unordered(square, 0_u64..);
            assert_eq!(unordered.take(taken).filter(Result::is_ok).count(), taken);
        }
        still_works(&pool);
    });
}

#[test]
fn two_maps_and_single_tasks_get_on_side_by_side() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let mut one = pool.map(square, 0_u64..);
        let mut other =
            pool.map(|text: String| text.len(), (0..).map(|n: usize| "x".repeat(n % 50)));
        for n in 0..3000 {
            assert_eq!(one.next().unwrap().unwrap(), n * n);
            assert_eq!(other.next().unwrap().unwrap(), n as usize % 50);
            if n % 10 == 0 {
                assert_eq!(pool.submit(|n: u64| n + 1, n).result(), Ok(n + 1));
            }
        }
        // One whose consumer is gone for a cup of tea holds up nobody.
        assert_eq!(other.by_ref().take(3000).filter(Result::is_ok).count(), 3000);
        assert_eq!(one.next().unwrap().unwrap(), 9_000_000);
        drop((one, other));
        still_works(&pool);
    });
}

#[test]
fn a_map_may_feed_on_a_map() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let inner = pool.map(square, 0..2000).map(Result::unwrap);
        let outer = pool.map(|n: u64| n + 1, inner);
        assert!(outer.map(Result::unwrap).eq((0..2000).map(|n| n * n + 1)));
    });
}

#[test]
fn an_input_that_panics_takes_only_its_map_along() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let input = (0..100_u64).map(|n| if n == 50 { panic!("no more") } else { n });
        let run = std::panic::AssertUnwindSafe(|| pool.map(square, input).count());
        assert!(std::panic::catch_unwind(run).is_err());
        still_works(&pool);
    });
}

#[test]
fn a_map_outlives_its_pool() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let map = pool.map(square, 0..5000);
        let handle = pool.submit(square, 12);
        drop(pool);
        assert!(map.map(Result::unwrap).eq((0..5000).map(square)));
        assert_eq!(handle.result(), Ok(144));
        // One that nobody takes to its end does not keep the workers.
        let pool = of(2).build().unwrap();
        let mut map = pool.map(square, 0_u64..);
        assert_eq!(map.next().unwrap(), Ok(0));
        drop(pool);
        assert_eq!(map.next().unwrap(), Ok(1));
        thread::sleep(Duration::from_millis(50));
        drop(map);
        super::nothing_is_left();
    });
}

#[test]
fn a_pool_that_is_shut_down_fails_what_a_map_has_not_begun() {
    alone(|| {
        for ordered in [true, false] {
            for how in [Shutdown::Wait, Shutdown::CancelPending, Shutdown::Kill] {
                let pool = of(2).window(50).build().unwrap();
                let nap = |n: u64| {
                    sleep_ms(n % 3);
                    n
                };
                let map =
                    if ordered { pool.map(nap, 0..500) } else { pool.map_unordered(nap, 0..500) };
                let mut map = map.with_index();
                let mut indices = BTreeSet::from([map.next().unwrap().0]);
                // Its consumer is who waits here.
                pool.shutdown(how);
                let mut lost = 0;
                for (index, result) in map {
                    assert!(indices.insert(index), "{index} came twice");
                    match result {
                        Ok(value) => assert_eq!(value, index),
                        Err(error) => {
                            assert_eq!(error.index(), index);
                            let is_lost = error.unavailable().is_some();
                            assert!(is_lost || (how == Shutdown::Kill && error.is_cancelled()));
                            lost += 1;
                        }
                    }
                }
                assert!(lost >= 400, "{lost}");
                assert!(indices.into_iter().eq(0..500));
            }
        }
    });
}

#[test]
fn a_map_is_consumed_while_its_pool_is_shut_down() {
    alone(|| {
        for round in 0..30 {
            let pool = of(2).build().unwrap();
            thread::scope(|scope| {
                let consumer = scope.spawn(|| {
                    let mut lost = 0;
                    for (n, result) in (0..).zip(pool.map(square, 0_u64..)) {
                        match result {
                            Ok(result) => assert_eq!(result, n * n),
                            Err(error) => {
                                assert_eq!(error.index(), n);
                                assert!(error.unavailable().is_some(), "{error}");
                                lost += 1;
                            }
                        }
                        if lost == 100 {
                            break;
                        }
                    }
                });
                thread::sleep(Duration::from_millis(round));
                pool.shutdown(Shutdown::Wait);
                consumer.join().unwrap();
            });
        }
    });
}
