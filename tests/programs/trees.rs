//! All that a program has started ends with its item, and with the run, whatever it does against it.

use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::support::{Process, Run, pmap};

/// Process ids that a script has written to a file, one a line.
struct Pids(tempfile::NamedTempFile);

impl Pids {
    fn new() -> Self {
        Self(tempfile::NamedTempFile::new().expect("a file"))
    }

    fn path(&self) -> &str {
        self.0.path().to_str().expect("text")
    }

    fn all(&self) -> Vec<u32> {
        let text = std::fs::read_to_string(self.0.path()).expect("a file");
        text.lines().filter_map(|line| line.parse().ok()).collect()
    }

    fn alive(&self) -> Vec<Process> {
        self.all().into_iter().filter_map(Process::of).filter(|it| !it.is_zombie()).collect()
    }
}

/// A script that starts a sleeper in a session of its own, which tells its number, and then does `more`.
fn with_escapee(pids: &Pids, more: &str) -> String {
    format!("setsid sh -c 'echo $$ >> {}; exec sleep 1000' {more}", pids.path())
}

/// Each of these would live for very long; the limit ends it, and all that it has started.
#[test]
fn a_timeout_ends_the_whole_tree() {
    for script in [
        "exec sleep 1000",
        "trap '' TERM HUP INT; while :; do sleep 1000; done",
        "kill -STOP $$",
        // It is gone, but its child holds the pipes.
        "sleep 1000 &",
        "(trap '' TERM; sleep 1000 & sleep 1000) & wait",
        "while :; do :; done",
    ] {
        let start = Instant::now();
        let words = ["-w", "1", "--timeout", "200ms", "--shell", "--", script, ":::", "x"];
        let ended = pmap(&words).run();
        let took = start.elapsed();
        eprintln!("{script}: {took:?}");
        let says = "pmap: item 0 (input x): ran longer than --timeout 200ms (worker _, pid _, attempt 1 of 1)";
        assert_eq!(ended.said(), [says], "{script}");
        assert_eq!(ended.status.code(), Some(1), "{script}");
        assert!(took >= Duration::from_millis(200), "nobody dies before his time: {took:?}");
    }
}

#[test]
fn a_timeout_ends_those_in_other_sessions() {
    let pids = Pids::new();
    let script = with_escapee(&pids, "& wait");
    let ended =
        pmap(&["-w", "1", "--timeout", "500ms", "--shell", "--", &script, ":::", "x"]).run();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert_eq!(pids.all().len(), 1, "it had been started");
    assert_eq!(pids.alive(), []);
}

/// The program has ended well; what it has left running in silence goes, too.
#[test]
fn what_is_left_running_ends_with_its_item() {
    let pids = Pids::new();
    let wait =
        format!("> /dev/null 2>&1 & until [ -s {} ]; do sleep 0.01; done; echo done", pids.path());
    let script = with_escapee(&pids, &wait);
    let ended = pmap(&["-w", "1", "--shell", "--", &script, ":::", "x"]).run();
    ended.expect(0, b"done\n", "");
    assert_eq!(pids.all().len(), 1, "it had been started");
    assert_eq!(pids.alive(), []);
}

/// Starts a run of programs that have something in another session, once that is there.
fn started(pids: &Pids, before: &str) -> Run {
    let script = format!("{before}; {}", with_escapee(pids, "& sleep 1000 & wait; wait"));
    let words = ["-w", "2", "--grace", "300ms", "--shell", "--", &script, ":::", "x", "y"];
    let mut run = pmap(&words).start();
    run.until("two programs at work", |_| pids.all().len() == 2);
    run
}

#[test]
fn signals_end_programs_and_all_they_started() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        for before in [":", "trap '' TERM INT HUP"] {
            let pids = Pids::new();
            let run = started(&pids, before);
            run.signal(signal);
            run.finish_with(signal);
            assert_eq!(pids.alive(), [], "{signal:?} {before}");
        }
    }
}

/// Programs are asked first, and have the grace to clean up.
#[test]
fn programs_may_clean_up() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let script = format!(
        "trap 'sleep 0.1; echo clean >> {0}; exit' TERM; sleep 1000 & echo up >> {0}; wait",
        file.path().display()
    );
    let said = || std::fs::read_to_string(file.path()).expect("a file");
    let mut run =
        pmap(&["-w", "1", "--grace", "60s", "--shell", "--", &script, ":::", "x"]).start();
    run.until("a program at work", |_| said() == "up\n");
    run.signal(Signal::INT);
    run.finish_with(Signal::INT);
    assert_eq!(said(), "up\nclean\n");
}

/// Somebody kills a worker: its program goes with it, and the others go on.
#[test]
fn a_worker_takes_its_program_along() {
    let pids = Pids::new();
    let script =
        format!("[ $1 = x ] || {{ echo $1; exit; }}; {}", with_escapee(&pids, "& sleep 1000"));
    let mut run = pmap(&["-w", "1", "--shell", "--", &script, ":::", "x", "y"]).start();
    run.until("a program at work", |_| pids.all().len() == 1);
    let workers = run.workers();
    let worker = workers.iter().find(|it| it.name.starts_with("pmap: worker ")).expect("a worker");
    assert!(worker.signal(Signal::KILL));
    let ended = run.finish();
    assert_eq!(
        ended.said(),
        ["pmap: item 0 (input x): killed by SIGKILL (worker _, pid _, attempt 1 of 1)"]
    );
    assert_eq!(ended.stdout, b"y\n");
    assert_eq!(pids.alive(), []);
}

/// Programs are in the group of their worker, which ends with its supervisor.
#[test]
fn nothing_outlives_a_supervisor_that_is_killed() {
    let mut run =
        pmap(&["-w", "2", "--shell", "--", "sleep 1000 & sleep 1000", ":::", "x", "y"]).start();
    run.until("programs at work", |run| {
        run.workers().iter().filter(|it| it.name == "sleep").count() == 4
    });
    run.signal(Signal::KILL);
    let (took, names) = run.finish_killed();
    eprintln!("all gone after {took:?}");
    assert!(names.is_empty(), "{names:?}");
}

/// Children that the process had before it became pmap are none of ours.
#[test]
fn strangers_are_left_alone() {
    let pids = Pids::new();
    let script = format!(
        "sleep 1000 & echo $! > {}; exec \"$PMAP\" -w 1 --timeout 100ms -- sleep 1000 ::: x",
        pids.path()
    );
    let mut run = crate::support::shell(&script).start();
    run.until("the end", Run::has_ended);
    let alive = pids.alive();
    assert_eq!(alive.len(), 1, "it was left alone");
    alive[0].signal(Signal::KILL);
}

#[test]
fn row_15_a_run_ends_while_something_large_is_on_its_way() {
    let text = [&b"x".repeat(100 << 20)[..], b"\n"].concat();
    // It takes a little of its item and no more.
    let script = "head -c 1 > /dev/null; echo begun >&2; exec sleep 1000";
    let words = ["-w", "1", "--pipe", "--shell", "--", script];
    let mut run = pmap(&words).text(text).start();
    run.until("begun", |run| run.said().contains("begun"));
    run.signal(Signal::INT);
    let ended = run.finish();
    assert_eq!((ended.status.signal(), &ended.stdout[..]), (Some(2), &b""[..]), "{}", ended.stderr);
}
