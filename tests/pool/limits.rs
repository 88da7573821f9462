//! What a task, and a worker, may not exceed.

use std::collections::BTreeSet;
use std::process;
use std::time::{Duration, Instant};

use pmap::pool::Shutdown;

use super::{alone, of, pid, sleep_long, sleep_ms, square, still_works};

#[test]
fn row_38_a_task_over_its_time_dies_and_nobody_else() {
    alone(|| {
        let limit = Duration::from_secs(1);
        let pool = of(3).timeout(limit).build().unwrap();
        let some_hang = |n: u64| if n % 5 == 3 { sleep_long(n) } else { n };
        let start = Instant::now();
        for (n, result) in (0..).zip(pool.map(some_hang, 0..15)) {
            match result {
                Ok(result) => assert_eq!(result, n),
                Err(error) => {
                    assert!(n % 5 == 3 && error.is_timed_out(), "{error}");
                    assert_eq!(error.attempts(), 1, "it is not tried again");
                    assert!(error.to_string().contains("1s"), "{error}");
                }
            }
        }
        assert!(start.elapsed() >= limit);
        still_works(&pool);
    });
}

#[test]
fn row_39_within_a_chunk_each_item_has_its_own_time() {
    alone(|| {
        // Together the items of a chunk take longer than one may.
        let pool = of(1).chunk_size(20).timeout(Duration::from_secs(1)).build().unwrap();
        let nap = |n: u64| if n == 13 { sleep_long(n) } else { sleep_ms(60) };
        for (n, result) in (0..).zip(pool.map(nap, 0..20)) {
            match result {
                Ok(result) => assert_eq!(result, 60),
                Err(error) => assert!(n == 13 && error.is_timed_out(), "{n}: {error}"),
            }
        }
        still_works(&pool);
    });
}

#[test]
fn row_40_who_ignores_sigterm_is_killed_all_the_same() {
    alone(|| {
        let deaf = |n: u64| {
            let ignored = std::sync::Arc::new(std::sync::atomic::AtomicBool::new(false));
            let term = rustix::process::Signal::TERM.as_raw();
            signal_hook::flag::register(term, ignored).unwrap();
            loop {
                sleep_ms(n);
            }
        };
        let pool = of(1).timeout(Duration::from_millis(200)).build().unwrap();
        let late: pmap::Handle<u64> = pool.submit(deaf, 1000);
        assert!(late.result().unwrap_err().is_timed_out());
        let unwanted: pmap::Handle<u64> = pool.submit(deaf, 1000);
        unwanted.cancel();
        assert!(unwanted.result().unwrap_err().is_cancelled());
        let killed: pmap::Handle<u64> = pool.submit(deaf, 1000);
        pool.shutdown(Shutdown::Kill);
        assert!(killed.result().unwrap_err().is_cancelled());
    });
}

#[test]
fn a_limit_may_be_as_long_as_anybody_likes() {
    alone(|| {
        let pool = of(1).timeout(Duration::MAX).build().unwrap();
        assert_eq!(pool.submit(square, 3).result(), Ok(9));
        still_works(&pool);
    });
}

#[test]
fn row_35_a_worker_runs_so_many_tasks_and_no_more() {
    alone(|| {
        for workers in [1, 2] {
            let pool = of(workers).max_tasks_per_worker(2).build().unwrap();
            let mut runs = std::collections::BTreeMap::<u32, u32>::new();
            let handles: Vec<_> = (0..10).map(|n| pool.submit(pid, n)).collect();
            for handle in handles {
                *runs.entry(handle.result().unwrap()).or_default() += 1;
            }
            assert!(runs.values().all(|tasks| *tasks <= 2), "{runs:?}");
            for result in pool.map(pid, 0..20) {
                *runs.entry(result.unwrap()).or_default() += 1;
            }
            assert!(runs.values().all(|tasks| *tasks <= 2), "{runs:?}");
            assert_eq!(runs.values().sum::<u32>(), 30);
            still_works(&pool);
        }
    });
}

#[test]
fn row_35_who_has_made_room_is_no_zombie() {
    alone(|| {
        let pool = of(1).max_tasks_per_worker(1).build().unwrap();
        let pids: BTreeSet<u32> = (0..5).map(|n| pool.submit(pid, n).result().unwrap()).collect();
        assert_eq!(pids.len(), 5);
        // Nobody asks the pool for anything meanwhile.
        super::until(|| super::children().is_empty());
        assert_eq!(pool.submit(square, 3).result(), Ok(9));
    });
}

#[test]
fn row_35_a_pool_whose_workers_live_short_is_shut_down_early() {
    alone(|| {
        let pool = of(3).max_tasks_per_worker(1).build().unwrap();
        let handles: Vec<_> = (0..30).map(|n| pool.submit(square, n)).collect();
        pool.shutdown(Shutdown::Wait);
        for (n, handle) in (0..).zip(handles) {
            assert_eq!(handle.result(), Ok(n * n));
        }
    });
}

#[test]
fn a_worker_may_have_so_much_memory_and_no_more() {
    alone(|| {
        let pool = of(2).memory_limit(256 << 20).build().unwrap();
        let large = |mib: u64| vec![1_u8; (mib as usize) << 20].len() as u64 >> 20;
        for (mib, result) in pool
            .map(large, [10, 1000, 20, 2000, 30])
            .zip([10, 1000, 20, 2000, 30])
            .map(|(r, m)| (m, r))
        {
            match result {
                Ok(result) => assert_eq!(result, mib),
                Err(error) => assert!(mib >= 1000 && error.is_out_of_memory(), "{error}"),
            }
        }
        still_works(&pool);
    });
}

#[test]
fn row_26_what_a_task_has_started_dies_with_it() {
    #[expect(clippy::zombie_processes, reason = "what becomes of it is what is tested")]
    fn have_a_child(path: std::path::PathBuf) -> u64 {
        let child = process::Command::new("sleep").arg("1000").spawn().unwrap();
        std::fs::write(path.join(child.id().to_string()), "").unwrap();
        sleep_long(0)
    }
    alone(|| {
        for way in 0..3 {
            let folder = tempfile::tempdir().unwrap();
            let builder = of(1).retries(0);
            let builder =
                if way == 0 { builder.timeout(Duration::from_millis(500)) } else { builder };
            let pool = builder.build().unwrap();
            let handle = pool.submit(have_a_child, folder.path().to_owned());
            super::until(|| !super::said(folder.path()).is_empty());
            match way {
                0 => {}
                1 => handle.cancel(),
                _ => pool.shutdown(Shutdown::Kill),
            }
            assert!(handle.result().is_err());
            super::until_gone(super::said(folder.path())[0]);
            pool.shutdown(Shutdown::Wait);
        }
    });
}
