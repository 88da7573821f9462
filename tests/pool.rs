//! Pools, as a program sees them. Named after the rows of the conformance table where there is one.

#[path = "pool/cancel.rs"]
mod cancel;
#[path = "pool/deaths.rs"]
mod deaths;
#[path = "pool/limits.rs"]
mod limits;
#[path = "pool/maps.rs"]
mod maps;
#[path = "pool/nothing_left.rs"]
mod nothing_left;
#[path = "pool/poison.rs"]
mod poison;
#[path = "pool/shutdown.rs"]
mod shutdown;
#[path = "pool/threads.rs"]
mod threads;
#[path = "pool/values.rs"]
mod values;
#[path = "support/watchdog.rs"]
mod watchdog;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{self, Command};
use std::time::Duration;
use std::{env, fs, thread};

use pmap::pool::Shutdown;
use pmap::{Pool, PoolBuilder};
use rustix::process::{Pid, Signal};

pmap::init_before_main!();

/// Tells what wants more memory than it may have from what crashes.
#[global_allocator]
static ALLOCATOR: pmap::Allocator = pmap::Allocator;

/// Longer than any test takes.
const LONG: u64 = 1000;

/// After this a test hangs.
const LIMIT: Duration = Duration::from_secs(120);

/// Set for a run of this program in which one of its tests does what it is there for.
const ALONE: &str = "PMAP_TEST_ALONE";

/// Runs a test, and ends the whole program if it hangs.
fn watched(test: impl FnOnce()) {
    watchdog::watched(LIMIT, test);
}

/// Runs a test in a process of its own, under watch, so that all of this process's children, threads and descriptors
/// are the test's. None may be left afterwards.
fn alone<F: FnOnce()>(test: F) {
    // A closure is named after the function that it stands in.
    let name = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    let (_, name) = name.split_once("::").unwrap();
    if env::var(ALONE).as_deref() == Ok(name) {
        watched(|| {
            test();
            nothing_is_left();
        });
        return;
    }
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", name, "--nocapture", "--include-ignored", "--test-threads=1"])
        .env(ALONE, name)
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}\n{}\n{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("1 passed"), "no test of the name {name}\n{text}");
    print!("{text}");
}

/// This process's children, zombies included.
fn children() -> BTreeSet<u32> {
    let mut children = BTreeSet::new();
    for task in fs::read_dir("/proc/self/task").unwrap() {
        // A thread may end while it is looked at.
        let text = fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default();
        children.extend(text.split_whitespace().map(|pid| pid.parse::<u32>().unwrap()));
    }
    children
}

/// Waits until no child is left, and no thread of a pool. What is dropped ends in the background.
fn nothing_is_left() {
    let is_keeper = |task: &PathBuf| {
        fs::read_to_string(task.join("comm")).is_ok_and(|name| name.starts_with("pmap"))
    };
    until(|| {
        let mut tasks = fs::read_dir("/proc/self/task").unwrap().map(|task| task.unwrap().path());
        children().is_empty() && !tasks.any(|task| is_keeper(&task))
    });
}

/// Waits for something; if it never comes, the watchdog barks.
fn until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        thread::sleep(Duration::from_millis(1));
    }
}

/// The state of a process, if there is one.
fn state(pid: u32) -> Option<char> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(')')?.1.trim_start().chars().next()
}

/// Waits until a process is gone, or is a zombie that is not ours to reap.
fn until_gone(pid: u32) {
    until(|| state(pid).is_none_or(|state| state == 'Z'));
}

fn signal(pid: u32, signal: Signal) {
    let pid = Pid::from_raw(i32::try_from(pid).unwrap()).unwrap();
    // Whoever is to be signalled may have gone.
    let _ = rustix::process::kill_process(pid, signal);
}

fn of(workers: usize) -> PoolBuilder {
    Pool::builder().workers(workers)
}

fn square(n: u64) -> u64 {
    n * n
}

fn squares(count: u64) -> Vec<u64> {
    (0..count).map(square).collect()
}

/// Its own process.
fn pid(_: u64) -> u32 {
    process::id()
}

fn sleep_ms(millis: u64) -> u64 {
    thread::sleep(Duration::from_millis(millis));
    millis
}

fn sleep_long(_: u64) -> u64 {
    sleep_ms(LONG * 1000)
}

/// Says that it runs, by a file of its process's number, and sleeps.
fn say_and_sleep(folder: PathBuf) -> u64 {
    say(&folder);
    sleep_long(0)
}

fn say(folder: &std::path::Path) {
    fs::write(folder.join(process::id().to_string()), "").unwrap();
}

/// Who has said that he runs.
fn said(folder: &std::path::Path) -> Vec<u32> {
    let names = fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name());
    names.map(|name| name.to_str().unwrap().parse().unwrap()).collect()
}

/// The pool works, and then ends.
fn still_works(pool: &Pool) {
    let results: Vec<u64> = pool.map(square, 0..100).map(Result::unwrap).collect();
    assert_eq!(results, squares(100));
    assert_eq!(pool.submit(square, 9).result(), Ok(81));
    pool.shutdown(Shutdown::Wait);
}
