//! How pools end.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use pmap::pool::Shutdown;
use rustix::process::Signal;

use super::{alone, children, of, said, say_and_sleep, signal, sleep_ms, square, state, until};

const WAYS: [Shutdown; 4] =
    [Shutdown::Wait, Shutdown::NoWait, Shutdown::CancelPending, Shutdown::Kill];

#[test]
fn row_20_shutdown_finishes_what_was_submitted() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let handles: Vec<_> = (0..1000).map(|n| pool.submit(square, n)).collect();
        pool.shutdown(Shutdown::Wait);
        assert!(children().is_empty());
        for (n, handle) in (0..).zip(handles) {
            assert!(handle.is_done());
            assert_eq!(handle.result(), Ok(n * n));
        }
    });
}

#[test]
fn row_20_pools_are_made_and_dropped_again_and_again() {
    alone(|| {
        for round in 0..100 {
            let pool = of(1 + round % 3).build().unwrap();
            let handles: Vec<_> = (0..round as u64 % 7).map(|n| pool.submit(square, n)).collect();
            match round % 6 {
                0 => drop(pool),
                1 => {
                    let _ = pool.map(square, 0_u64..).next();
                }
                way => pool.shutdown(WAYS[way - 2]),
            }
            let cancelled = [4, 5].contains(&(round % 6));
            for (n, handle) in (0..).zip(handles) {
                match handle.result() {
                    Ok(result) => assert_eq!(result, n * n),
                    Err(error) => assert!(cancelled && error.is_cancelled(), "{error}"),
                }
            }
        }
    });
}

#[test]
fn row_21_a_pool_that_is_shut_down_refuses_tasks() {
    alone(|| {
        for how in WAYS {
            for again in WAYS {
                let pool = of(1).build().unwrap();
                assert_eq!(pool.submit(square, 3).result(), Ok(9));
                pool.shutdown(how);
                let mut refused = pool.submit(square, 3);
                assert!(refused.is_done());
                refused.cancel();
                let error = refused.result_timeout(Duration::ZERO).unwrap().unwrap_err();
                assert!(error.unavailable().is_some() && error.index() == 1, "{error}");
                assert!(error.to_string().contains("shut down"), "{error}");
                let mut map = pool.map(square, 0..3);
                assert!(map.by_ref().all(|result| result.unwrap_err().unavailable().is_some()));
                pool.shutdown(again);
            }
        }
    });
}

/// Returns when there is a file of this name.
fn wait_for(file: PathBuf) {
    until(|| file.exists());
}

#[test]
fn row_22_shutdown_can_cancel_what_has_not_begun() {
    alone(|| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("go");
        let pool = of(1).build().unwrap();
        let first = pool.submit(wait_for, file.clone());
        let rest: Vec<_> = (0..100).map(|_| pool.submit(wait_for, file.clone())).collect();
        until(|| !children().is_empty());
        thread::scope(|scope| {
            let ending = scope.spawn(|| pool.shutdown(Shutdown::CancelPending));
            until(|| rest[99].is_done());
            assert!(!first.is_done() && !ending.is_finished(), "that is waited for");
            std::fs::write(&file, "").unwrap();
        });
        assert_eq!(first.result(), Ok(()));
        assert!(rest.iter().all(pmap::Handle::is_done));
        let cancelled = rest.into_iter().filter_map(|handle| handle.result().err());
        // A worker has a task or two in its hands beside the one that it runs.
        assert!(cancelled.filter(|error| error.is_cancelled()).count() >= 98);
    });
}

#[test]
fn row_22_shutdown_can_kill_what_runs() {
    alone(|| {
        let folder = tempfile::tempdir().unwrap();
        let pool = of(2).build().unwrap();
        let handles: Vec<_> =
            (0..10).map(|_| pool.submit(say_and_sleep, folder.path().to_owned())).collect();
        until(|| said(folder.path()).len() == 2);
        pool.shutdown(Shutdown::Kill);
        assert!(said(folder.path()).into_iter().all(|pid| state(pid).is_none()));
        for handle in handles {
            assert!(handle.result().unwrap_err().is_cancelled());
        }
        assert_eq!(said(folder.path()).len(), 2);
    });
}

#[test]
fn row_24_without_waiting_everything_is_done_in_the_background() {
    alone(|| {
        for drops in [true, false] {
            let pool = of(2).build().unwrap();
            let handles: Vec<_> = (0..20).map(|n| pool.submit(sleep_ms, 50 + n)).collect();
            let mut map = pool.map(square, 0..10_000);
            assert_eq!(map.next().unwrap(), Ok(0));
            let pool = if drops {
                drop(pool);
                None
            } else {
                pool.shutdown(Shutdown::NoWait);
                Some(pool)
            };
            assert!(!handles.iter().all(pmap::Handle::is_done), "that takes longer");
            for (n, handle) in (0..).zip(handles) {
                assert_eq!(handle.result(), Ok(50 + n));
            }
            assert!(map.map(Result::unwrap).eq((1..10_000).map(square)));
            super::nothing_is_left();
            drop(pool);
        }
    });
}

#[test]
fn row_19_workers_that_die_while_the_pool_is_shut_down_do_not_hold_it_up() {
    alone(|| {
        for retries in [0, 3] {
            let pool = of(2).retries(retries).build().unwrap();
            let handles: Vec<_> = (0..20).map(|_| pool.submit(sleep_ms, 20)).collect();
            until(|| children().len() == 2);
            thread::scope(|scope| {
                let ending = scope.spawn(|| pool.shutdown(Shutdown::Wait));
                for _ in 0..5 {
                    thread::sleep(Duration::from_millis(20));
                    children().into_iter().for_each(|child| signal(child, Signal::KILL));
                }
                ending.join().unwrap();
            });
            for handle in handles {
                match handle.result() {
                    Ok(result) => assert_eq!(result, 20),
                    Err(error) => assert!(error.signal().is_some(), "{error}"),
                }
            }
        }
    });
}

#[test]
fn many_may_wait_for_the_end() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let handles: Vec<_> = (0..10).map(|_| pool.submit(sleep_ms, 20)).collect();
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    pool.shutdown(Shutdown::Wait);
                    assert!(children().is_empty(), "it has ended");
                });
            }
        });
        assert!(handles.iter().all(pmap::Handle::is_done));
    });
}

#[test]
fn who_waits_for_a_result_is_told_of_the_end() {
    alone(|| {
        let pool = of(1).build().unwrap();
        let handle = pool.submit(super::sleep_long, 0);
        thread::scope(|scope| {
            let waiting = scope.spawn(|| handle.result());
            let consuming = scope.spawn(|| pool.map(super::sleep_long, 0..3).collect::<Vec<_>>());
            thread::sleep(Duration::from_millis(100));
            pool.shutdown(Shutdown::Kill);
            assert!(waiting.join().unwrap().unwrap_err().is_cancelled());
            let all = consuming.join().unwrap();
            assert!(all.len() == 3 && all.iter().all(Result::is_err));
        });
    });
}
