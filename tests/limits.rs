//! What workers may use up, how long they serve, and what they find around them.

mod support;

use std::fs;

use rustix::process::Signal;
use support::{Process, Run, assert_same, lines, pmap, squares};

/// The workers of a run that sleeps in its items, with what the run was asked for.
fn sleepers(words: &[&str]) -> (Run, Vec<Process>) {
    let all = [&["-v", "--workers", "2", "--range", "0..10", "sleep(1000)"], words].concat();
    let mut run = pmap(&all).env("MKL_NUM_THREADS", "7").start();
    run.until("workers that are ready", |run| run.said().matches(": ready, pid ").count() == 2);
    let workers = run.workers();
    (run, workers)
}

fn end(run: Run) {
    run.signal(Signal::TERM);
    run.finish().expect_signal(Signal::TERM);
}

fn file_of(process: &Process, name: &str) -> String {
    let bytes = fs::read(format!("/proc/{}/{name}", process.pid)).expect("it is alive");
    String::from_utf8_lossy(&bytes).into_owned()
}

/// A limit of a process, as the system shows it: `Max data size   8388608   8388608   bytes`.
fn limit(process: &Process, name: &str) -> Vec<String> {
    let limits = file_of(process, "limits");
    let line = limits.lines().find(|line| line.starts_with(name)).expect("a limit");
    line[name.len()..].split_whitespace().map(str::to_owned).collect()
}

#[test]
fn limits_are_those_that_were_asked_for() {
    let (mut run, workers) =
        sleepers(&["--memory-limit", "64M", "--cpu-time", "1m", "--nice", "5"]);
    let supervisor = Process::of(run.pid()).expect("it is alive");
    let score = |process: &Process| {
        file_of(process, "oom_score_adj").trim().parse::<i32>().expect("a number")
    };
    for worker in &workers {
        assert_eq!(limit(worker, "Max data size")[..2], ["67108864", "67108864"]);
        // Set anew before each item, which a worker that is ready may not have begun.
        run.until("an item's own limit", |_| limit(worker, "Max cpu time")[0] != "unlimited");
        let seconds: u64 = limit(worker, "Max cpu time")[0].parse().expect("a number");
        assert!((60..=62).contains(&seconds), "{seconds}");
        assert_eq!(limit(worker, "Max core file size")[..2], ["0", "0"]);
        assert_eq!(worker.niceness() - supervisor.niceness(), 5);
        assert_eq!(score(worker), (score(&supervisor) + 500).min(1000));
    }
    let unlimited = limit(&supervisor, "Max data size");
    end(run);
    let (run, workers) = sleepers(&[]);
    for worker in &workers {
        assert_eq!(limit(worker, "Max data size"), unlimited);
        assert_eq!(limit(worker, "Max cpu time")[0], "unlimited");
    }
    end(run);
}

#[test]
fn the_environment_is_what_was_asked_for() {
    let variable = |process: &Process, name: &str| {
        let all = file_of(process, "environ");
        let prefix = format!("{name}=");
        all.split('\0').find_map(|line| Some(line.strip_prefix(&prefix)?.to_owned()))
    };
    let text = |text: &str| Some(text.to_owned());
    let cores = std::thread::available_parallelism().expect("cores").get();
    let share = (cores / 2).max(1).to_string();
    let (run, workers) = sleepers(&["--env", "A=b c=d", "--env", "B=", "--env", "B=2"]);
    for worker in &workers {
        assert_eq!(variable(worker, "A"), text("b c=d"));
        assert_eq!(variable(worker, "B"), text("2"));
        assert_eq!(variable(worker, "OMP_NUM_THREADS"), text(&share));
        assert_eq!(variable(worker, "RAYON_NUM_THREADS"), text(&share));
        assert_eq!(variable(worker, "MKL_NUM_THREADS"), text("7"), "set by the user");
    }
    end(run);
    let (run, workers) = sleepers(&["--threads-per-worker", "3", "--env", "OMP_NUM_THREADS=5"]);
    for worker in &workers {
        assert_eq!(variable(worker, "MKL_NUM_THREADS"), text("3"), "asked for");
        assert_eq!(variable(worker, "OMP_NUM_THREADS"), text("5"), "asked for by name");
    }
    end(run);
}

/// Of one worker, too (cpython#115634): its successor does not wait for anything.
#[test]
fn workers_make_room_for_others() {
    for workers in ["1", "3"] {
        for most in ["1", "2", "7", "1000"] {
            let words = ["-v", "--workers", workers, "--max-tasks-per-worker", most];
            let ended = pmap(&[&words[..], &["--range", "0..10"]].concat()).run();
            assert_eq!(ended.status.code(), Some(0), "{words:?}: {}", ended.stderr);
            assert_same(&ended.stdout, &squares(0..10), &ended.stderr);
            let said = ended.said();
            let ready = said.iter().filter(|line| line.ends_with(": ready, pid _")).count();
            let most: usize = most.parse().expect("a number");
            assert!(ready >= 10_usize.div_ceil(most), "{words:?}: {said:#?}");
            if workers == "1" {
                assert_eq!(ready, 10_usize.div_ceil(most), "{words:?}: {said:#?}");
            }
        }
    }
    // A thousand of them, and none is left.
    let words = ["--workers", "3", "--max-tasks-per-worker", "2", "--range", "0..2000", "n + 1"];
    pmap(&words).run().expect(0, &lines(1..2001), "");
}

#[test]
fn an_item_that_needs_more_memory_than_it_may_fails_by_that_name() {
    let words = ["--workers", "2", "--range", "0..20", "--memory-limit", "64M", "--retries", "1"];
    for retry_on in ["oom", "death"] {
        let flags = ["--retry-on", retry_on, "alloc(2**28) if n == 7 else n + alloc(2**10)"];
        let ended = pmap(&[&words[..], &flags].concat()).run();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
        assert_same(&ended.stdout, &lines((0..20).filter(|n| *n != 7)), "the others");
        let tries = if retry_on == "oom" { "attempt 2 of 2" } else { "attempt 1 of 1" };
        let says = format!("its worker ran out of memory (worker _, pid _, {tries})");
        assert_eq!(ended.said(), [format!("pmap: item 7 (input 7): {says}")]);
    }
}

/// Time on a core, however long the others take that share it.
#[test]
fn an_item_that_computes_for_too_long_fails_by_that_name() {
    let item = "9".repeat(990_000);
    let task = ["n**3"; 20].join(" + ");
    let words = ["--workers", "2", "--cpu-time", "1s", "--chunk-size", "1"];
    let ended = pmap(&[&words[..], &[&task]].concat()).text(format!("2\n{item}\n3\n")).run();
    assert_eq!(ended.status.code(), Some(1), "{:.500}", ended.stderr);
    assert_same(&ended.stdout, b"160\n540\n", "the others");
    let said = ended.said();
    assert_eq!(said.len(), 1, "{said:?}");
    let says = "used more time on a core than --cpu-time allows (worker _, pid _, attempt 1 of 1)";
    assert!(said[0].ends_with(says), "{said:?}");
}
