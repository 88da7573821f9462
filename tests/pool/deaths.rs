//! Tasks that end badly, each alone; and workers that are killed.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{env, process, thread};

use pmap::pool::Shutdown;
use pmap::{Pool, TaskError};
use rustix::process::Signal;

use super::{alone, children, of, say, signal, sleep_long, square, squares, still_works, until};

#[expect(unconditional_recursion, reason = "it is what is tested")]
pub(super) fn overflow(n: u64) -> u64 {
    let pad = [n; 64];
    std::hint::black_box(overflow(n + 1)) + std::hint::black_box(pad)[(n % 64) as usize]
}

#[expect(unsafe_code, reason = "it is what is tested")]
pub(super) fn segfault() -> u64 {
    // SAFETY: none; the process dies of it.
    unsafe { std::ptr::without_provenance::<u64>(8).read_volatile() }
}

/// Ends badly, if the number says so.
fn trouble(n: u64) -> u64 {
    match n {
        10 => panic!("item {n} panics"),
        20 => process::abort(),
        30 => segfault(),
        40 => process::exit(0),
        50 => overflow(n),
        60 => sleep_long(n),
        70 => vec![1_u8; 1 << 30].len() as u64,
        80 => process::exit(3),
        n => n * n,
    }
}

/// Whether an item failed as its number says.
fn check(n: u64, result: Result<u64, TaskError>) {
    let Err(error) = result else {
        assert_eq!(result, Ok(n * n));
        assert!(n % 10 != 0 || n == 0 || n > 80, "item {n} has a result");
        return;
    };
    assert_eq!(error.index(), n);
    assert_ne!(error.pid(), 0);
    let is = |name: &str| -> bool {
        let all = [
            ("panic", error.panic().is_some()),
            ("signal", error.signal().is_some()),
            ("exit", error.exit_code().is_some()),
            ("timeout", error.is_timed_out()),
            ("memory", error.is_out_of_memory()),
            ("cancelled", error.is_cancelled()),
            ("codec", error.is_codec()),
        ];
        all.iter().all(|(kind, holds)| *holds == (*kind == name))
    };
    let (segv, abort) = (Signal::SEGV.as_raw(), Signal::ABORT.as_raw());
    let is_right = match n {
        10 => is("panic") && error.panic().unwrap().message == "item 10 panics",
        20 => is("signal") && error.signal() == Some(abort),
        30 => is("signal") && error.signal() == Some(segv),
        40 => is("exit") && error.exit_code() == Some(0),
        // With a message or without: see `init_before_main!`.
        50 => is("signal") && [Some(segv), Some(abort)].contains(&error.signal()),
        60 => is("timeout"),
        70 => is("memory"),
        80 => is("exit") && error.exit_code() == Some(3),
        _ => false,
    };
    assert!(is_right, "{n}: {error}");
}

fn troubled_pool() -> Pool {
    of(2).retries(0).timeout(Duration::from_secs(2)).memory_limit(512 << 20).build().unwrap()
}

#[test]
fn rows_09_and_10_every_way_to_end_is_an_error_of_its_own_item() {
    alone(|| {
        let pool = troubled_pool();
        for (n, result) in (0..).zip(pool.map(trouble, 0..100)) {
            check(n, result);
        }
        still_works(&pool);
    });
}

#[test]
fn rows_09_and_10_every_way_to_end_is_an_error_of_its_own_item_in_any_order() {
    alone(|| {
        let pool = troubled_pool();
        let mut indices = Vec::new();
        for (n, result) in pool.map_unordered(trouble, 0..100).with_index() {
            indices.push(n);
            check(n, result);
        }
        indices.sort_unstable();
        assert!(indices.into_iter().eq(0..100));
        still_works(&pool);
    });
}

#[test]
fn rows_09_and_10_every_way_to_end_is_an_error_of_its_own_task() {
    alone(|| {
        let pool = troubled_pool();
        let handles: Vec<_> = (0..100).map(|n| pool.submit(trouble, n)).collect();
        for (n, handle) in (0..).zip(handles) {
            check(n, handle.result());
        }
        still_works(&pool);
    });
}

#[test]
fn row_08_a_task_whose_worker_is_killed_is_tried_again() {
    alone(|| {
        let once = |folder: PathBuf| {
            say(&folder);
            if super::said(&folder).len() == 1 {
                sleep_long(0);
            }
            process::id()
        };
        let folder = tempfile::tempdir().unwrap();
        let pool = of(2).build().unwrap();
        let handle = pool.submit(once, folder.path().to_owned());
        until(|| !super::said(folder.path()).is_empty());
        let first = super::said(folder.path())[0];
        signal(first, Signal::KILL);
        assert_ne!(handle.result().unwrap(), first);
        assert_eq!(super::said(folder.path()).len(), 2);
        still_works(&pool);
    });
}

#[test]
fn row_08_or_it_fails_and_names_process_and_signal() {
    alone(|| {
        let folder = tempfile::tempdir().unwrap();
        let pool = of(1).retries(0).build().unwrap();
        let handle = pool.submit(super::say_and_sleep, folder.path().to_owned());
        let others: Vec<_> = (0..5).map(|n| pool.submit(square, n)).collect();
        until(|| !super::said(folder.path()).is_empty());
        let pid = super::said(folder.path())[0];
        signal(pid, Signal::KILL);
        let error = handle.result().unwrap_err();
        assert_eq!((error.pid(), error.signal()), (pid, Some(Signal::KILL.as_raw())));
        assert_eq!((error.index(), error.attempts()), (0, 1));
        assert!(error.to_string().contains("SIGKILL"), "{error}");
        for (n, other) in (0..).zip(others) {
            assert_eq!(other.result(), Ok(n * n));
        }
        still_works(&pool);
    });
}

#[test]
fn row_08_idle_workers_that_are_killed_are_replaced() {
    alone(|| {
        let pool = of(3).build().unwrap();
        for _ in 0..5 {
            assert!(pool.map(square, 0..300).map(Result::unwrap).eq(squares(300)));
            for child in children() {
                signal(child, Signal::KILL);
            }
        }
        still_works(&pool);
    });
}

/// Kills a child now and then for so long, while maps and tasks run.
fn random_kills(time: Duration) {
    let pool = of(4).retries(0).build().unwrap();
    let end = Instant::now() + time;
    let mut settled = [0_u64; 2];
    thread::scope(|scope| {
        scope.spawn(|| {
            let seed = env::var("PMAP_SEED").ok().and_then(|seed| seed.parse().ok());
            let mut luck: u64 = seed.unwrap_or_else(|| process::id().into());
            eprintln!("PMAP_SEED={luck}");
            while Instant::now() < end {
                luck = luck.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let children: Vec<u32> = children().into_iter().collect();
                if !children.is_empty() {
                    let at = (luck >> 33) as usize % children.len();
                    signal(children[at], Signal::KILL);
                }
                thread::sleep(Duration::from_micros(luck >> 50));
            }
        });
        let mut rounds = 0;
        while Instant::now() < end {
            rounds += 1;
            let work = |n: u64| {
                let start = Instant::now();
                while start.elapsed() < Duration::from_micros(n % 200) {}
                n * n
            };
            let handles: Vec<_> = (0..100).map(|n| pool.submit(work, n)).collect();
            let results: Vec<_> = pool.map(work, 0..500).collect();
            assert_eq!(results.len(), 500);
            let tasks = handles.into_iter().map(|handle| handle.result());
            for (n, result) in (0..500).zip(results).chain((0..100).zip(tasks)) {
                match result {
                    Ok(result) => assert_eq!(result, n * n),
                    Err(error) => {
                        // Or so many died in a row that the pool gave up what it had, and began anew.
                        let is_killed = error.signal() == Some(Signal::KILL.as_raw());
                        assert!(is_killed || error.unavailable().is_some(), "{error}");
                        settled[1] += 1;
                    }
                }
                settled[0] += 1;
            }
        }
        eprintln!("{rounds} rounds, {} items, of which {} were killed", settled[0], settled[1]);
    });
    still_works(&pool);
}

#[test]
fn row_18_random_kills_for_a_while() {
    alone(|| random_kills(Duration::from_secs(4)));
}

#[test]
#[ignore = "long: half a minute"]
fn row_18_random_kills_for_half_a_minute() {
    alone(|| random_kills(Duration::from_secs(30)));
}

#[test]
fn row_12_deaths_in_the_middle_of_an_argument_or_a_result() {
    #[derive(serde::Serialize)]
    struct Deadly(u64);
    impl<'de> serde::Deserialize<'de> for Deadly {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let n = u64::deserialize(deserializer)?;
            // Only a worker: whoever made it may read it.
            if n == 7 && env::args().nth(1).as_deref() == Some("__worker") {
                process::abort();
            }
            Ok(Self(n))
        }
    }
    struct Half(u64);
    impl serde::Serialize for Half {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeSeq;
            let mut seq = serializer.serialize_seq(Some(100_000))?;
            for n in 0..100_000 {
                if self.0 == 7 && n == 50_000 {
                    process::exit(9);
                }
                seq.serialize_element(&self.0)?;
            }
            seq.end()
        }
    }
    impl<'de> serde::Deserialize<'de> for Half {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            let all = Vec::<u64>::deserialize(deserializer)?;
            assert!(all.len() == 100_000 && all.iter().all(|n| *n == all[0]));
            Ok(Self(all[0]))
        }
    }
    alone(|| {
        let pool = of(2).retries(1).build().unwrap();
        for (n, result) in (0..).zip(pool.map(|deadly: Deadly| deadly.0, (0..50).map(Deadly))) {
            match result {
                Err(error) => assert_eq!((n, error.signal()), (7, Some(6)), "{error}"),
                Ok(result) => assert_eq!(result, n),
            }
        }
        for (n, result) in (0..).zip(pool.map(Half, 0..20)) {
            match result {
                Err(error) => assert_eq!((n, error.exit_code()), (7, Some(9)), "{error}"),
                Ok(result) => assert_eq!(result.0, n),
            }
        }
        still_works(&pool);
    });
}

#[test]
fn row_61_results_of_before_a_death_are_not_lost() {
    alone(|| {
        let pool = of(1).retries(0).build().unwrap();
        for _ in 0..20 {
            let die_last = |n: u64| if n == 49 { process::exit(1) } else { n };
            let results: Vec<_> = pool.map(die_last, 0..50).collect();
            assert!(results[..49].iter().cloned().map(Result::unwrap).eq(0..49));
            assert_eq!(results[49].as_ref().unwrap_err().exit_code(), Some(1));
        }
        pool.shutdown(Shutdown::Wait);
    });
}

#[test]
fn row_42_a_panic_tells_its_message_its_place_and_how_it_came_to_it() {
    alone(|| {
        let pool = of(2).build().unwrap();
        let panics = |n: u64| -> u64 { panic!("no {n} today") };
        let results = [
            pool.submit(panics, 3).result(),
            pool.map(panics, [3]).next().unwrap(),
            pool.map_unordered(panics, [3]).next().unwrap(),
        ];
        for result in results {
            let error = result.unwrap_err();
            let panic = error.panic().expect("a panic");
            assert_eq!(panic.message, "no 3 today");
            let (file, line) = panic.place.as_ref().expect("a place");
            assert!(file.ends_with("deaths.rs") && *line > 0);
            assert!(panic.backtrace.contains("pool"), "{}", panic.backtrace);
            assert_eq!((error.attempts(), error.is_dead()), (1, false));
            assert!(children().contains(&error.pid()), "a panic costs no worker");
        }
    });
}

#[test]
fn a_pool_whose_workers_cannot_be_started_says_so_and_may_recover() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    alone(|| {
        let pool = of(2).build().unwrap();
        let before = getrlimit(Resource::Nofile);
        let open = std::fs::read_dir("/proc/self/fd").unwrap().count() as u64;
        setrlimit(Resource::Nofile, Rlimit { current: Some(open), ..before }).unwrap();
        let error = pool.submit(square, 3).result().unwrap_err();
        let all: Vec<_> = pool.map(square, 0..10).collect();
        let unordered = pool.map_unordered(square, 0..10).filter(Result::is_err).count();
        setrlimit(Resource::Nofile, before).unwrap();
        assert!(error.unavailable().is_some(), "{error}");
        assert_eq!((error.attempts(), error.pid()), (0, 0));
        assert_eq!((all.len(), unordered), (10, 10));
        for (n, result) in (0..).zip(all) {
            let error = result.unwrap_err();
            assert!(error.unavailable().is_some() && error.index() == n, "{error}");
        }
        still_works(&pool);
    });
}
