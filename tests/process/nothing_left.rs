//! Neither zombies nor orphans nor descriptors, and an end to processes that start processes.

use std::fs;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use pmap::Process;
use pmap::process::Passed;
use rustix::process::Signal;

use super::{LONG, fixture, signal, sleep, state, until_gone, watched, word};

/// Whatever else is open in the parent stays there.
#[test]
fn row_28_nothing_else_is_inherited() {
    watched(|| {
        let open = |()| -> Vec<String> {
            let fds = fs::read_dir("/proc/self/fd").unwrap().map(|fd| fd.unwrap().path());
            let fds = fds.filter_map(|fd| Some(fs::read_link(fd).ok()?.display().to_string()));
            fds.collect()
        };
        let file = fs::File::open("/etc/passwd").unwrap();
        rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty()).unwrap();
        let targets = Process::spawn(open, ()).unwrap().join().unwrap();
        assert!(targets.iter().all(|target| !target.contains("passwd")), "{targets:?}");
        // stdin, stdout, stderr, the socket and the guard's, and the folder itself.
        assert_eq!(targets.iter().filter(|target| target.contains("socket")).count(), 2);
        assert_eq!(targets[0], "/dev/null");
        assert!(targets.len() <= 6, "{targets:?}");
    });
}

#[test]
fn row_28_a_thousand_processes_leave_no_descriptor() {
    // In a process of their own, where no other test opens anything.
    fn count() -> usize {
        fs::read_dir("/proc/self/fd").unwrap().count()
    }
    watched(|| {
        let thousand = |()| {
            let one = || assert_eq!(Process::spawn(|n: u32| n, 1).unwrap().join(), Ok(1));
            one();
            let before = count();
            (0..1000).for_each(|_| one());
            (before, count())
        };
        let (before, after) = Process::spawn(thousand, ()).unwrap().join().unwrap();
        // Those of the last one may be about to be closed.
        assert!(after <= before + 2, "{before} became {after}");
    });
}

#[test]
fn row_23_nobody_who_has_ended_is_a_zombie() {
    watched(|| {
        let ended = Process::spawn(|()| (), ()).unwrap();
        // Nobody joins it.
        until_gone(ended.id());
        assert!(!ended.is_alive());
        let dropped = Process::spawn(sleep, LONG).unwrap();
        let pid = dropped.id();
        drop(dropped);
        assert_eq!(state(pid), None);
    });
}

/// Starts a process and a program, and tells their ids; then sleeps.
#[expect(clippy::zombie_processes, reason = "what becomes of it is what is tested")]
fn have_children(to: Passed<fs::File>) {
    let mut to = to.into_inner();
    let nested = Process::spawn(sleep, LONG).unwrap();
    let program = Command::new("sleep").arg("1000").spawn().unwrap();
    writeln!(to, "{} {}", nested.id(), program.id()).unwrap();
    drop(to);
    sleep(LONG);
}

/// A process that has children, and their ids.
fn parent_of_two() -> (Process<()>, Vec<u32>) {
    let (read, write) = rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).unwrap();
    let process = Process::spawn(have_children, Passed::new(write.into())).unwrap();
    let mut text = String::new();
    fs::File::from(read).read_to_string(&mut text).unwrap();
    let pids = text.split_whitespace().map(|pid| pid.parse().unwrap()).collect();
    (process, pids)
}

#[test]
fn row_26_grandchildren_die_with_their_parent() {
    watched(|| {
        let ends: [fn(&Process<()>); 3] = [
            Process::terminate,
            Process::kill,
            // From outside.
            |process| signal(process.id(), Signal::KILL),
        ];
        for end in ends {
            let (process, pids) = parent_of_two();
            assert_eq!(pids.len(), 2);
            assert!(pids.iter().all(|pid| state(*pid).is_some()));
            end(&process);
            assert!(process.join().is_err());
            pids.into_iter().for_each(until_gone);
        }
    });
}

#[test]
fn row_26_a_function_that_returns_takes_along_what_it_has_started() {
    watched(|| {
        let leave = |()| Command::new("sleep").arg("1000").spawn().unwrap().id();
        let left = Process::spawn(leave, ()).unwrap().join().unwrap();
        until_gone(left);
    });
}

/// How deep below this one processes can be started, and why no deeper.
fn depth(at: u32) -> (u32, String) {
    match Process::spawn(depth, at + 1) {
        Ok(process) => process.join().unwrap(),
        Err(error) => (at, error.to_string()),
    }
}

#[test]
fn row_45_processes_have_processes_to_a_limit() {
    watched(|| {
        let (levels, error) = depth(0);
        assert_eq!(levels, pmap::entry::MAX_DEPTH);
        assert!(error.contains("8 levels below the program"), "{error}");
    });
}

#[test]
fn row_26_a_program_that_ends_leaves_no_process() {
    let output =
        fixture("nothing_left::fixture_leave", "leave").stderr(Stdio::null()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let pid = text.split("left ").nth(1).unwrap().split_whitespace().next().unwrap();
    watched(|| until_gone(pid.parse().unwrap()));
}

#[test]
fn fixture_leave() {
    if word().as_deref() == Some("leave") {
        let process = Process::spawn(sleep, LONG).unwrap();
        println!("left {}", process.id());
        std::mem::forget(process);
    }
}
