//! Tasks that nobody wants any more.

use std::time::{Duration, Instant};

use pmap::pool::Shutdown;

use super::{
    alone, of, said, say, say_and_sleep, sleep_long, square, state, still_works, until, until_gone,
};

#[test]
fn row_22_a_cancelled_task_that_has_not_begun_never_runs() {
    alone(|| {
        let folder = tempfile::tempdir().unwrap();
        let pool = of(1).build().unwrap();
        let first = pool.submit(say_and_sleep, folder.path().to_owned());
        let rest: Vec<_> =
            (0..20).map(|_| pool.submit(say_and_sleep, folder.path().to_owned())).collect();
        until(|| !said(folder.path()).is_empty());
        // From the end and from the front, those in the worker's ring included.
        rest.iter().skip(10).rev().for_each(|handle| handle.cancel());
        rest.iter().for_each(|handle| handle.cancel());
        for (n, handle) in (1..).zip(rest) {
            assert!(handle.is_done());
            let error = handle.result().unwrap_err();
            assert!(error.is_cancelled() && error.index() == n, "{error}");
            assert_eq!((error.attempts(), error.pid()), (0, 0));
        }
        assert!(!first.is_done(), "it has nothing to do with that");
        assert_eq!(said(folder.path()).len(), 1);
        let worker = said(folder.path())[0];
        assert!(state(worker).is_some(), "nobody was killed for those");
        first.cancel();
        assert!(first.result().unwrap_err().is_cancelled());
        until_gone(worker);
        assert_eq!(said(folder.path()).len(), 1);
        still_works(&pool);
    });
}

#[test]
fn row_22_a_cancelled_task_that_runs_dies_and_makes_room() {
    alone(|| {
        let pool = of(2).build().unwrap();
        // More often than a pool would believe that a worker can be kept alive.
        for round in 0..40 {
            let folder = tempfile::tempdir().unwrap();
            let handle = pool.submit(say_and_sleep, folder.path().to_owned());
            let other = pool.submit(square, round);
            until(|| !said(folder.path()).is_empty());
            handle.cancel();
            let error = handle.result().unwrap_err();
            assert!(error.is_cancelled() && error.index() == 2 * round, "{error}");
            assert_eq!(error.attempts(), 0, "a cancelled start is none");
            until_gone(said(folder.path())[0]);
            assert_eq!(other.result(), Ok(round * round));
        }
        still_works(&pool);
    });
}

#[test]
fn row_22_what_is_done_cannot_be_cancelled() {
    alone(|| {
        let pool = of(1).build().unwrap();
        let handle = pool.submit(square, 5);
        until(|| handle.is_done());
        handle.cancel();
        assert_eq!(handle.result(), Ok(25));
        still_works(&pool);
    });
}

#[test]
fn row_22_others_of_a_killed_worker_are_run_once_without_retries() {
    alone(|| {
        let note = |(folder, n): (std::path::PathBuf, u64)| {
            let mut name = n.to_string();
            while folder.join(&name).exists() {
                name.push('+');
            }
            std::fs::write(folder.join(name), "").unwrap();
            if n == 0 { sleep_long(0) } else { n }
        };
        let folder = tempfile::tempdir().unwrap();
        let pool = of(1).retries(0).build().unwrap();
        let handles: Vec<_> =
            (0..30).map(|n| pool.submit(note, (folder.path().to_owned(), n))).collect();
        until(|| folder.path().join("0").exists());
        handles[0].cancel();
        for (n, handle) in (0..).zip(handles) {
            match handle.result() {
                Ok(result) => assert_eq!(result, n),
                Err(error) => assert!(n == 0 && error.is_cancelled(), "{error}"),
            }
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 30, "each once");
        still_works(&pool);
    });
}

#[test]
fn a_result_can_be_waited_for_with_a_limit() {
    alone(|| {
        let pool = of(1).build().unwrap();
        let mut handle = pool.submit(super::sleep_ms, 300);
        assert!(handle.result_timeout(Duration::ZERO).is_none());
        let start = Instant::now();
        assert!(handle.result_timeout(Duration::from_millis(30)).is_none());
        assert!(start.elapsed() >= Duration::from_millis(30));
        assert!(!handle.is_done());
        assert_eq!(handle.result_timeout(Duration::MAX), Some(Ok(300)));
        assert!(handle.is_done());
        let again = std::panic::AssertUnwindSafe(|| handle.result_timeout(Duration::ZERO));
        assert!(std::panic::catch_unwind(again).is_err(), "it is given once");
        still_works(&pool);
    });
}

#[test]
fn a_task_runs_though_its_handle_is_dropped() {
    alone(|| {
        let folder = tempfile::tempdir().unwrap();
        let pool = of(2).build().unwrap();
        for n in 0..200_u64 {
            let note = |(folder, n): (std::path::PathBuf, u64)| {
                std::fs::write(folder.join(n.to_string()), "").unwrap();
            };
            drop(pool.submit(note, (folder.path().to_owned(), n)));
        }
        pool.shutdown(Shutdown::Wait);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 200);
    });
}

#[test]
fn is_done_comes_true_though_nobody_waits() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let handles: Vec<_> = (0..100).map(|n| pool.submit(square, n)).collect();
        until(|| handles.iter().all(pmap::Handle::is_done));
        // And a task is begun though nobody asks.
        let folder = tempfile::tempdir().unwrap();
        let say = |folder: std::path::PathBuf| say(&folder);
        let handle = pool.submit(say, folder.path().to_owned());
        until(|| !said(folder.path()).is_empty());
        handle.result().unwrap();
        still_works(&pool);
    });
}
