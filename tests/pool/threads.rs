//! Many threads with one pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use pmap::Pool;
use rustix::process::Signal;

use super::{alone, children, of, pid, sleep_ms, square, still_works};

#[test]
fn eight_threads_submit_and_wait() {
    alone(|| {
        let pool = of(3).build().unwrap();
        thread::scope(|scope| {
            for thread in 0..8_u64 {
                let pool = &pool;
                scope.spawn(move || {
                    for n in 0..300 {
                        let n = thread * 1000 + n;
                        assert_eq!(pool.submit(square, n).result(), Ok(n * n));
                    }
                    let handles: Vec<_> = (0..300).map(|n| pool.submit(square, n)).collect();
                    for (n, handle) in (0..300).zip(handles).collect::<Vec<_>>().into_iter().rev() {
                        assert_eq!(handle.result(), Ok(n * n));
                    }
                    assert!(
                        pool.map(square, 0..2000).map(Result::unwrap).eq((0..2000).map(square))
                    );
                });
            }
        });
        still_works(&pool);
    });
}

#[test]
fn a_pool_outlives_the_threads_that_use_it() {
    alone(|| {
        let pool = thread::spawn(|| of(1).build().unwrap()).join().unwrap();
        let first = thread::scope(|scope| {
            scope.spawn(|| pool.submit(pid, 0).result().unwrap()).join().unwrap()
        });
        // A worker would die with the thread that has started it.
        let handle = thread::scope(|scope| scope.spawn(|| pool.submit(pid, 0)).join().unwrap());
        assert_eq!(handle.result(), Ok(first));
        let pool = Arc::new(pool);
        let shared = pool.clone();
        thread::spawn(move || still_works(&shared)).join().unwrap();
    });
}

#[test]
fn a_handle_may_go_to_another_thread_and_so_may_the_pool() {
    fn may_go<T: Send + Sync>(_: &T) {}
    alone(|| {
        let pool = of(2).build().unwrap();
        may_go::<Pool>(&pool);
        let handle = pool.submit(sleep_ms, 50);
        may_go(&handle);
        assert_eq!(thread::spawn(move || handle.result()).join().unwrap(), Ok(50));
        thread::spawn(move || drop(pool)).join().unwrap();
    });
}

#[test]
fn nobody_starves_beside_one_who_never_stops() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let is_over = AtomicBool::new(false);
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| {
                    let mut map = pool.map(square, 0_u64..);
                    while !is_over.load(Ordering::Relaxed) {
                        map.next().unwrap().unwrap();
                    }
                });
            }
            for n in 0..100 {
                assert_eq!(pool.submit(square, n).result(), Ok(n * n));
                let mut other = pool.map(|n: u64| n + 1, n..n + 10);
                assert!(other.by_ref().map(Result::unwrap).eq(n + 1..n + 11));
            }
            // Nor does he who has to replace a worker.
            for _ in 0..5 {
                let before = children();
                for child in &before {
                    super::signal(*child, Signal::KILL);
                }
                super::until(|| children().is_disjoint(&before) && !children().is_empty());
                drop(pool.submit(square, 3).result());
            }
            is_over.store(true, Ordering::Relaxed);
        });
        still_works(&pool);
    });
}

#[test]
fn results_come_to_who_sleeps_while_another_is_awake() {
    alone(|| {
        let pool = of(4).build().unwrap();
        let done = AtomicU64::new(0);
        thread::scope(|scope| {
            for thread in 0..4_u64 {
                let (pool, done) = (&pool, &done);
                scope.spawn(move || {
                    // Long enough to fall asleep over, and never the same for two.
                    for n in 0..100 {
                        let millis = (thread + n) % 4;
                        assert_eq!(pool.submit(sleep_ms, millis).result(), Ok(millis));
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                });
            }
            scope.spawn(|| {
                while done.load(Ordering::Relaxed) < 400 {
                    assert_eq!(pool.submit(square, 2).result(), Ok(4));
                }
            });
        });
        assert_eq!(done.into_inner(), 400);
        still_works(&pool);
    });
}

#[test]
fn row_62_signals_disturb_nobody_who_waits() {
    alone(|| {
        let seen = Arc::new(AtomicBool::new(false));
        let usr1 = Signal::USR1;
        signal_hook::flag::register(usr1.as_raw(), seen.clone()).unwrap();
        let is_over = AtomicBool::new(false);
        let pool = of(2).build().unwrap();
        thread::scope(|scope| {
            scope.spawn(|| {
                // To every thread, again and again.
                while !is_over.load(Ordering::Relaxed) {
                    for task in std::fs::read_dir("/proc/self/task").unwrap() {
                        let tid = task.unwrap().file_name().to_str().unwrap().to_owned();
                        let _ = std::process::Command::new("kill").args(["-USR1", &tid]).status();
                    }
                    thread::sleep(Duration::from_millis(1));
                }
            });
            for n in 0..50 {
                assert_eq!(pool.submit(sleep_ms, n % 10).result(), Ok(n % 10));
            }
            assert!(pool.map(square, 0..5000).map(Result::unwrap).eq((0..5000).map(square)));
            is_over.store(true, Ordering::Relaxed);
        });
        assert!(seen.load(Ordering::Relaxed));
        still_works(&pool);
    });
}
