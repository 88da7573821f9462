//! What can be asked of a process, by whom and when.

use std::fs;
use std::io::Read;
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};
use std::{process, thread};

use pmap::Process;
use pmap::process::{Passed, SpawnError, wait_all, wait_any};
use rustix::process::Signal;

use super::{LIMIT, LONG, signal, sleep, state, watched};

#[test]
fn row_29_a_process_is_started_asked_and_joined() {
    watched(|| {
        let of_itself = |()| {
            let name = fs::read_to_string("/proc/self/comm").unwrap();
            let group = rustix::process::getpgrp() == rustix::process::getpid();
            (process::id(), std::os::unix::process::parent_id(), name.trim().to_owned(), group)
        };
        let w1 = Process::builder().name("w1").spawn(of_itself, ()).unwrap();
        assert_eq!(w1.name(), "w1");
        let (pid, parent, name, leads) = w1.join().unwrap();
        assert_eq!((pid, parent, name.as_str(), leads), (w1.id(), process::id(), "w1", true));
        assert!(!w1.is_alive());
        assert_eq!(w1.exit_status().unwrap().code(), Some(0));
        assert_eq!(state(pid), None, "it is reaped");
        assert_eq!(w1.join().unwrap().0, pid, "it can be asked again");
    });
}

#[test]
fn row_29_names_are_given_where_none_is() {
    watched(|| {
        let process = Process::spawn(|()| (), ()).unwrap();
        assert!(process.name().starts_with("process-"), "{}", process.name());
        assert!(matches!(
            Process::builder().name("a\0b").spawn(|()| (), ()),
            Err(SpawnError::System(_))
        ));
    });
}

#[test]
fn row_29_terminate_and_kill() {
    watched(|| {
        for (end, signal) in
            [(Process::terminate as fn(&Process<()>), Signal::TERM), (Process::kill, Signal::KILL)]
        {
            let process = Process::spawn(sleep, LONG).unwrap();
            assert!(process.is_alive());
            assert_eq!(process.exit_status(), None);
            end(&process);
            let error = process.join().unwrap_err();
            assert_eq!(error.signal(), Some(signal.as_raw()));
            assert_eq!(error.pid(), process.id());
            assert_eq!(process.exit_status().unwrap().signal(), Some(signal.as_raw()));
            // Once more does no harm, to nobody.
            end(&process);
        }
    });
}

#[test]
fn row_29_a_stopped_process_can_be_terminated() {
    watched(|| {
        let process = Process::spawn(sleep, LONG).unwrap();
        signal(process.id(), Signal::STOP);
        while state(process.id()).unwrap().0 != 'T' {
            thread::yield_now();
        }
        process.terminate();
        assert_eq!(process.join().unwrap_err().signal(), Some(Signal::TERM.as_raw()));
    });
}

#[test]
fn row_29_who_catches_sigterm_may_still_return() {
    /// Says when it is ready, and returns when it is asked to end.
    fn polite(ready: Passed<fs::File>) -> String {
        let is_over = Arc::new(AtomicBool::new(false));
        signal_hook::flag::register(Signal::TERM.as_raw(), Arc::clone(&is_over)).unwrap();
        drop(ready);
        while !is_over.load(Ordering::Relaxed) {
            thread::sleep(Duration::from_millis(1));
        }
        "as you wish".to_owned()
    }
    watched(|| {
        let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
        let process = Process::spawn(polite, Passed::new(write.into())).unwrap();
        fs::File::from(read).read_to_end(&mut Vec::new()).unwrap();
        process.terminate();
        assert_eq!(process.join().unwrap(), "as you wish");
        assert_eq!(process.exit_status().unwrap().code(), Some(0));
    });
}

#[test]
fn row_30_join_timeout_returns_on_time() {
    watched(|| {
        let process = Process::spawn(sleep, LONG).unwrap();
        let start = Instant::now();
        for limit in [0, 1, 50] {
            assert_eq!(process.join_timeout(Duration::from_millis(limit)), None);
        }
        assert!(start.elapsed() >= Duration::from_millis(51), "not too early");
        assert!(process.is_alive());
        process.kill();
        assert!(process.join_timeout(LIMIT).unwrap().is_err());
        assert!(process.join_timeout(Duration::ZERO).unwrap().is_err());
    });
}

#[test]
fn row_30_a_wait_for_many_finds_those_that_have_ended() {
    watched(|| {
        let all: Vec<_> = [LONG, LONG, LONG, LONG]
            .map(|seconds| Process::spawn(sleep, seconds).unwrap())
            .into_iter()
            .collect();
        assert_eq!(wait_any(&all, Some(Duration::from_millis(5))), []);
        assert!(!wait_all(&all, Some(Duration::from_millis(5))));
        for (at, expected) in [(2, vec![2]), (0, vec![0, 2])] {
            all[at].kill();
            let _ = all[at].join();
            assert_eq!(wait_any(&all, None), expected);
        }
        assert!(!wait_all(&all, Some(Duration::ZERO)));
        all.iter().for_each(Process::kill);
        assert!(wait_all(&all, None));
        assert_eq!(wait_any(&all, None), [0, 1, 2, 3]);
        assert_eq!(wait_any(&Vec::<Process<()>>::new(), None), []);
    });
}

#[test]
fn row_30_many_threads_wait_for_one_and_its_descriptor_tells() {
    watched(|| {
        let process = Process::spawn(|n: u32| n + 1, 41).unwrap();
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| assert_eq!(process.join(), Ok(42)));
            }
        });
        let mut fds = [rustix::event::PollFd::new(&process, rustix::event::PollFlags::IN)];
        rustix::event::poll(&mut fds, None).unwrap();
        assert!(fds[0].revents().contains(rustix::event::PollFlags::IN));
    });
}

#[test]
fn many_threads_have_processes_at_once() {
    watched(|| {
        thread::scope(|scope| {
            for thread in 0..8_u32 {
                scope.spawn(move || {
                    let all: Vec<_> = (0..20)
                        .map(|n| (n, Process::spawn(|n: u32| n * n, thread * n).unwrap()))
                        .collect();
                    for (n, process) in all {
                        match n % 3 {
                            0 => drop(process),
                            1 => {
                                process.kill();
                                let ended = process.join();
                                assert!(ended.is_ok() || ended.unwrap_err().signal().is_some());
                            }
                            _ => assert_eq!(process.join(), Ok((thread * n).pow(2))),
                        }
                    }
                });
            }
        });
    });
}

/// What [`Process`] promises to threads.
#[test]
fn handles_can_go_to_other_threads() {
    fn is_send_and_sync<T: Send + Sync>() {}
    is_send_and_sync::<Process<std::rc::Rc<()>>>();
    let process = Process::spawn(|()| 1, ()).unwrap();
    let process = thread::spawn(move || process).join().unwrap();
    // The thread that started it is gone, and it is still there.
    assert_eq!(process.join().unwrap(), 1);
    let _ = process.as_fd();
}
