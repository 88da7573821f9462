//! No orphans and no zombies, as `/proc` shows.
//!
//!     cargo run --example orphans_and_zombies
//!
//! A *zombie* is a process that has ended and that nobody has waited for: its number and its status are kept until
//! somebody does. An *orphan* is one whose parent has ended before it; it runs on, and nobody knows of it.

use std::error::Error;
use std::fs;
use std::process::{Command, id};
use std::thread::sleep;
use std::time::{Duration, Instant};

use pmap::Process;

/// What `/proc` says about a process.
struct Entry {
    pid: u32,
    /// `R` for one that runs, `S` for one that sleeps, `Z` for a zombie, …
    state: char,
    parent: u32,
}

fn look_at(pid: u32) -> Option<Entry> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `PID (NAME) STATE PARENT …`; the name may hold anything, even a parenthesis.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace();
    Some(Entry { pid, state: fields.next()?.chars().next()?, parent: fields.next()?.parse().ok()? })
}

/// All children of this program, zombies among them.
fn children() -> Vec<Entry> {
    let entries = fs::read_dir("/proc").expect("this is Linux");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(look_at).filter(|entry| entry.parent == id()).collect()
}

fn zombies() -> usize {
    children().iter().filter(|child| child.state == 'Z').count()
}

/// Waits until something is so; whether it is, after at most ten seconds.
fn comes_true(condition: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !condition() && start.elapsed() < Duration::from_secs(10) {
        sleep(Duration::from_millis(1));
    }
    condition()
}

/// Has a child and returns without waiting for it; the child's number.
#[expect(clippy::zombie_processes, reason = "that is the point")]
fn leave_a_child(seconds: u64) -> u32 {
    let child = Command::new("sleep").arg(seconds.to_string()).spawn().expect("sleep is there");
    child.id()
}

/// Has a child of our own kind and sleeps.
fn have_a_child(seconds: u64) {
    let child = Process::builder().name("grandchild").spawn(nap, seconds).expect("a child");
    nap(seconds);
    drop(child);
}

fn nap(seconds: u64) {
    sleep(Duration::from_secs(seconds));
}

/// A process whose parent has this number.
fn child_of(parent: u32) -> Option<u32> {
    let entries = fs::read_dir("/proc").expect("this is Linux");
    let pids = entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    pids.filter_map(look_at).find(|entry| entry.parent == parent).map(|entry| entry.pid)
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();

    // How a zombie comes about, so that you can see that we would see one.
    let mut careless = Command::new("true").spawn()?;
    comes_true(|| zombies() == 1);
    println!("a child that nobody waits for: {} zombie", zombies());
    careless.wait()?;
    println!("after waiting for it: {} zombies", zombies());

    // Ours are waited for by the library as soon as they end, whether or not anybody joins them.
    let ended: Vec<_> = (0..20).map(|n| Process::spawn(|n: u32| n, n)).collect::<Result<_, _>>()?;
    comes_true(|| ended.iter().all(|process| !process.is_alive()));
    println!("20 processes that nobody has joined: {} zombies", zombies());
    let sum: u32 = ended.iter().map(|process| process.join().unwrap_or(0)).sum();
    println!("their results are there all the same: {sum}");

    // One that is dropped is ended.
    drop(Process::spawn(nap, 1000)?);
    println!("one that was dropped: {} children", children().len());

    // A function that returns takes along what it has left running: there are no orphans.
    let left = Process::spawn(leave_a_child, 1000)?.join()?;
    let is_gone = comes_true(|| look_at(left).is_none_or(|entry| entry.state == 'Z'));
    println!("a child that was left running: {}", if is_gone { "gone" } else { "an orphan" });

    // So does one that is killed in the hardest way, and so would this program.
    let parent = Process::spawn(have_a_child, 1000)?;
    comes_true(|| child_of(parent.id()).is_some());
    let grandchild = child_of(parent.id()).ok_or("no grandchild")?;
    parent.kill();
    let _ = parent.join();
    let is_gone = comes_true(|| look_at(grandchild).is_none_or(|entry| entry.state == 'Z'));
    println!("a grandchild after kill -9: {}", if is_gone { "gone" } else { "an orphan" });

    println!("at the end: {} children, {} zombies", children().len(), zombies());
    Ok(())
}
