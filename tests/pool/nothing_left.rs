//! Neither processes nor descriptors nor threads, and no pools without end.

use std::os::unix::process::ExitStatusExt;
use std::process::{Command, Stdio};
use std::{env, fs};

use pmap::Pool;
use pmap::pool::Shutdown;
use rustix::process::Signal;

use super::{ALONE, alone, children, of, said, say_and_sleep, square, until, until_gone};

fn count(folder: &str) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn row_28_a_hundred_thousand_tasks_need_no_descriptor_and_no_thread() {
    alone(|| {
        let pool = of(2).build().unwrap();
        // Until both workers are there.
        assert!(pool.map(super::sleep_ms, [1; 50]).all(|result| result.is_ok()));
        let before = (count("/proc/self/fd"), count("/proc/self/task"));
        let handles: Vec<_> = (0..100_000).map(|n| pool.submit(square, n)).collect();
        let during = (count("/proc/self/fd"), count("/proc/self/task"));
        for (n, handle) in (0..).zip(handles) {
            assert_eq!(handle.result(), Ok(n * n));
        }
        let after = (count("/proc/self/fd"), count("/proc/self/task"));
        assert_eq!((before, before), (during, after));
        pool.shutdown(Shutdown::Wait);
        until(|| count("/proc/self/task") == before.1 - 1);
    });
}

#[test]
fn row_28_pools_leave_no_descriptor() {
    alone(|| {
        let before = count("/proc/self/fd");
        for _ in 0..30 {
            let pool = of(2).build().unwrap();
            assert!(pool.map(square, 0..100).all(|result| result.is_ok()));
            pool.shutdown(Shutdown::Wait);
        }
        assert_eq!(count("/proc/self/fd"), before);
    });
}

#[test]
fn row_28_workers_inherit_nothing_else() {
    let open = |_: u64| -> Vec<String> {
        let fds = fs::read_dir("/proc/self/fd").unwrap().map(|fd| fd.unwrap().path());
        fds.filter_map(|fd| Some(fs::read_link(fd).ok()?.display().to_string())).collect()
    };
    alone(|| {
        let file = fs::File::open("/etc/passwd").unwrap();
        rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty()).unwrap();
        let pool = of(1).build().unwrap();
        let first = pool.submit(open, 0).result().unwrap();
        assert!(first.iter().all(|target| !target.contains("passwd")), "{first:?}");
        assert!(pool.map(square, 0..1000).all(|result| result.is_ok()));
        let last = pool.submit(open, 0).result().unwrap();
        assert_eq!(first.len(), last.len(), "{last:?}");
    });
}

#[test]
fn row_23_after_a_pool_there_are_neither_children_nor_zombies() {
    alone(|| {
        let pool = of(3).retries(0).build().unwrap();
        let end = |n: u64| if n % 7 == 0 { std::process::exit(1) } else { n };
        assert_eq!(pool.map(end, 0..50).filter(Result::is_err).count(), 8);
        assert!(!children().is_empty());
        pool.shutdown(Shutdown::Wait);
        // At once, not some time.
        assert!(children().is_empty());
    });
}

#[test]
fn row_26_of_a_killed_program_no_worker_is_left() {
    let name = "nothing_left::fixture_have_workers";
    for busy in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let mut program = Command::new(env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(ALONE, format!("{busy}:{}", folder.path().display()))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        super::watched(|| {
            until(|| said(folder.path()).len() == 3);
            super::signal(program.id(), Signal::KILL);
            assert_eq!(program.wait().unwrap().signal(), Some(Signal::KILL.as_raw()));
            said(folder.path()).into_iter().for_each(until_gone);
        });
    }
}

#[test]
fn fixture_have_workers() {
    let Ok(word) = env::var(ALONE) else { return };
    let Some((busy, folder)) =
        word.split_once(':').filter(|(busy, _)| busy.parse::<bool>().is_ok())
    else {
        return;
    };
    let pool = of(3).build().unwrap();
    let folder = std::path::PathBuf::from(folder);
    let say = |folder: std::path::PathBuf| {
        super::sleep_ms(50);
        super::say(&folder);
        0
    };
    loop {
        let handles: Vec<_> = (0..6)
            .map(|_| match busy {
                "true" => pool.submit(say_and_sleep, folder.clone()),
                _ => pool.submit(say, folder.clone()),
            })
            .collect();
        handles.into_iter().for_each(|handle| drop(handle.result()));
        if said(&folder).len() == 3 {
            super::sleep_long(0);
        }
    }
}

/// As deep as it goes: what a task of a task of a task gets from a pool of its own.
fn deep(level: u32) -> Result<u32, String> {
    let pool = Pool::builder().workers(1).build().map_err(|error| format!("{level}: {error}"))?;
    pool.submit(deep, level + 1).result().map_err(|error| error.to_string())?
}

#[test]
fn row_45_a_task_may_have_a_pool_to_a_limit() {
    alone(|| {
        let error = deep(0).unwrap_err();
        assert!(error.starts_with(&format!("{}: ", pmap::entry::MAX_DEPTH)), "{error}");
        assert!(error.contains("8 levels below the program"), "{error}");
    });
}

#[test]
fn row_45_pools_within_pools_work_side_by_side() {
    use pmap::prelude::*;
    /// On a pool of its own, and on the default one, of which each process has its own.
    fn sums(n: u64) -> (u64, u64) {
        let pool = of(2).build().unwrap();
        let own = pool.map(square, 0..n).map(Result::unwrap).sum();
        let shared = (0..n).into_proc_iter().map(square).sum();
        (own, shared)
    }
    alone(|| {
        let pool = of(2).build().unwrap();
        for (n, result) in (0..).zip(pool.map(sums, 0..20)) {
            let expected: u64 = (0..n).map(square).sum();
            assert_eq!(result, Ok((expected, expected)));
        }
    });
}

#[test]
fn row_45_a_pool_may_be_installed_within_another() {
    use pmap::prelude::*;
    alone(|| {
        let pools = [of(1).build().unwrap(), of(2).build().unwrap()];
        let pids = || (0..20_u64).into_proc_iter().map(super::pid).collect::<Vec<u32>>();
        let (outer, inner, outer_again) = pools[0].install(|| {
            let outer = pids();
            let inner = pools[1].install(pids);
            (outer, inner, pids())
        });
        assert!(outer.iter().chain(&outer_again).all(|pid| *pid == outer[0]));
        assert!(!inner.contains(&outer[0]));
    });
}
