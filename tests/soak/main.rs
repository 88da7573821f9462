//! Runs in which workers come and go for long: nothing may pile up in their supervisor, neither memory nor
//! descriptors nor zombies.

mod census;
#[path = "../support/mod.rs"]
mod support;

use std::io::{BufRead as _, BufReader, Write as _};
use std::process::ChildStdout;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use census::Census;
use rustix::process::Signal;
use support::{Input, Random, Run, lines, memory, pmap, squares};

/// Items for each worker that dies or is sent away.
const PORTION: usize = 20;

#[test]
fn deaths_leave_no_descriptor_and_no_zombie() {
    die(100);
}

#[test]
fn replacements_leave_no_descriptor_and_no_zombie() {
    replace(100);
}

#[test]
#[ignore = "long: 10 000 items and 500 deaths, then as many replacements"]
fn five_hundred_of_either_leave_no_descriptor_and_no_zombie() {
    die(500);
    replace(500);
}

/// So many portions, for each of which a worker is killed.
fn die(kills: usize) {
    // So much input ahead that a worker who died is always wanted again.
    const AHEAD: usize = 5 * PORTION;
    let mut random = Random::new();
    let words = ["--workers", "4", "--retries", "1000", "n**2 + sleep(0.002)"];
    let mut run = pmap(&words).input(Input::Open).start();
    let mut stdin = run.stdin.take().expect("a pipe");
    stdin.write_all(&lines(0..AHEAD)).expect("a reader");
    let mut census = Census::default();
    for kill in 0..kills {
        run.until("more output", |run| {
            census.take(run);
            run.lines() >= kill * PORTION
        });
        run.until("somebody to kill", |run| {
            let workers = run.workers();
            random.pick(&workers).is_some_and(|worker| worker.kill_by(Signal::KILL))
        });
        let fed = AHEAD + kill * PORTION;
        if kill + 1 < kills {
            stdin.write_all(&lines(fed..fed + PORTION)).expect("a reader");
        }
    }
    drop(stdin);
    let items = AHEAD + (kills - 1) * PORTION;
    run.finish().expect(0, &squares(0..i64::try_from(items).expect("few")), "");
    census.expect_flat(&format!("{kills} kills"));
}

/// So many portions, each the share of a worker that is then replaced.
fn replace(times: usize) {
    let range = format!("0..{}", times * PORTION);
    let share = PORTION.to_string();
    let words = ["--workers", "4", "--range", &range, "--max-tasks-per-worker", &share];
    let mut run = pmap(&[&words[..], &["n**2 + sleep(0.002)"]].concat()).start();
    let mut census = Census::default();
    run.until("the end", |run| {
        census.take(run);
        run.has_ended()
    });
    let items = i64::try_from(times * PORTION).expect("few");
    run.finish().expect(0, &squares(0..items), "");
    census.expect_flat(&format!("{times} replacements"));
}

/// Numbers without end into a run, and the check that their squares come out of it.
struct Stream {
    /// How many have come out.
    checked: Arc<AtomicU64>,
    feeder: JoinHandle<u64>,
    checker: JoinHandle<Result<u64, String>>,
}

/// How far the input runs ahead of the output.
const AHEAD: u64 = 2000;

impl Stream {
    fn through(run: &mut Run, end: Instant) -> Self {
        let mut stdin = run.stdin.take().expect("a pipe");
        let stdout = run.stdout.take().expect("a pipe");
        let checked = Arc::new(AtomicU64::new(0));
        let (count, progress) = (Arc::clone(&checked), Arc::clone(&checked));
        let feeder = thread::spawn(move || {
            let mut fed = 0;
            while Instant::now() < end {
                let far = progress.load(Ordering::Relaxed) + AHEAD;
                if fed < far {
                    // A run that has ended is found out by its checker.
                    let _ = stdin.write_all(&lines(fed..far));
                    fed = far;
                }
                thread::sleep(Duration::from_millis(20));
            }
            fed
        });
        let checker = thread::spawn(move || check(stdout, &count));
        Self { checked, feeder, checker }
    }
}

/// Whether squares come in order; how many there were.
fn check(stdout: ChildStdout, count: &AtomicU64) -> Result<u64, String> {
    let mut next = 0_u64;
    for line in BufReader::new(stdout).lines() {
        let line = line.map_err(|error| error.to_string())?;
        if line != (next * next).to_string() {
            return Err(format!("line {next} is {line:?}"));
        }
        next += 1;
        count.store(next, Ordering::Relaxed);
    }
    Ok(next)
}

/// By how much these values grow in a unit of time, by least squares.
fn slope(samples: &[(f64, f64)]) -> f64 {
    let mean =
        |of: fn(&(f64, f64)) -> f64| samples.iter().map(of).sum::<f64>() / samples.len() as f64;
    let (time, value) = (mean(|it| it.0), mean(|it| it.1));
    let above: f64 = samples.iter().map(|it| (it.0 - time) * (it.1 - value)).sum();
    let below: f64 = samples.iter().map(|it| (it.0 - time).powi(2)).sum();
    above / below
}

/// A kill every second, for as many seconds as `PMAP_SOAK` says, or for an hour.
#[test]
#[ignore = "long: an hour, or PMAP_SOAK seconds"]
fn an_hour_at_a_kill_a_second() {
    let seconds = std::env::var("PMAP_SOAK").ok().and_then(|text| text.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(3600));
    let mut random = Random::new();
    let words = ["--workers", "4", "--retries", "1000", "n**2 + sleep(0.002)"];
    let mut run = pmap(&words).input(Input::Open).open_stdout().for_long(time).start();
    let start = Instant::now();
    let stream = Stream::through(&mut run, start + time);
    let mut census = Census::default();
    let mut kills: u32 = 0;
    let mut grown = Vec::new();
    while start.elapsed() < time {
        if start.elapsed() >= Duration::from_secs(1) * kills {
            let workers = run.workers();
            let Some(worker) = random.pick(&workers) else { continue };
            kills += u32::from(worker.kill_by(Signal::KILL));
            assert!(!run.has_ended(), "it ended: {}", run.said());
            grown.push((start.elapsed().as_secs_f64() / 3600.0, memory(run.pid()) as f64));
        }
        census.take(&run);
        // Whether a zombie has just been seen or was there all the time is told by looking again soon.
        thread::sleep(Duration::from_millis(if census.sees_zombies() { 10 } else { 100 }));
    }
    let items = stream.checked.load(Ordering::Relaxed);
    let fed = stream.feeder.join().expect("no panic");
    let ended = run.finish();
    assert_eq!(stream.checker.join().expect("no panic"), Ok(fed));
    assert_eq!((ended.status.code(), ended.stderr.as_str()), (Some(0), ""));
    // What is bought at the start is no growth.
    let settled = &grown[grown.len() / 10..];
    let (first, last) = (settled[0].1, settled[settled.len() - 1].1);
    eprintln!(
        "{kills} kills in {time:?}, {items} items; memory from {first} to {last} KiB, {:+.0} KiB an hour",
        slope(settled)
    );
    census.expect_flat("soak");
    let hours = time.as_secs_f64() / 3600.0;
    assert!(slope(settled) * hours.min(1.0) <= 1024.0, "more than 1 MiB an hour");
}
