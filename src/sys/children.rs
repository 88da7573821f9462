//! Processes that a process has without having started them: what its descendants leave behind. Whoever adopts orphans
//! becomes their parent, whatever group or session they have gone to, and can end them.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

use rustix::io::Errno;
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};

/// How long the end of a killed process is waited for: one that the system holds fast must not hold us, too.
const PATIENCE: Duration = Duration::from_secs(1);

/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_micros(200);

/// From now on orphans below the caller become its children.
pub fn adopt_orphans() {
    // Without it they go to others, and die with their group only.
    let _ = rustix::process::set_child_subreaper(Some(rustix::process::getpid()));
}

/// The caller's children, zombies included.
fn children() -> Vec<u32> {
    let mut all = Vec::new();
    for task in fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let listed = fs::read_to_string(task.path().join("children")).unwrap_or_default();
        all.extend(listed.split_ascii_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
    }
    all
}

/// Kills a child that has not been waited for, so that its number is its own.
fn send(child: u32, signal: Signal) {
    if let Some(pid) = i32::try_from(child).ok().and_then(Pid::from_raw) {
        let _ = rustix::process::kill_process(pid, signal);
    }
}

/// Asks a child to end that has not been waited for.
pub fn ask_to_end(child: u32) {
    send(child, Signal::TERM);
}

/// Ends all children of the caller and all below them that it has adopted by then. Nothing is waited for, and hardly
/// anything done, if there are none.
pub fn end_all() {
    let begun = Instant::now();
    let any_dead = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
    loop {
        match rustix::process::waitid(WaitId::All, any_dead) {
            Ok(Some(_)) | Err(Errno::INTR) => continue,
            Err(_) => return,
            Ok(None) if begun.elapsed() > PATIENCE => return,
            Ok(None) => {}
        }
        children().into_iter().for_each(|child| send(child, Signal::KILL));
        thread::sleep(PAUSE);
    }
}

/// What workers leave behind when they are killed, beyond their process groups.
#[derive(Debug)]
pub struct Orphans {
    /// Children that the caller had before, of whom it knows nothing: those of a shell that has become it.
    strangers: BTreeSet<u32>,
    /// The caller gets the orphans of a whole container, and nobody knows whose they are. All of them end with it.
    gets_all: bool,
}

impl Orphans {
    /// Adopts them from now on.
    #[must_use]
    pub fn adopt() -> Self {
        adopt_orphans();
        let gets_all = std::process::id() == 1;
        Self { strangers: children().into_iter().collect(), gets_all }
    }

    /// Ends those that there are, but for `known` children; whether some are still to end.
    pub fn end(&self, known: &[u32]) -> bool {
        let mut any = false;
        for child in children() {
            if known.contains(&child) || self.strangers.contains(&child) {
                continue;
            }
            let Some(pid) = i32::try_from(child).ok().and_then(Pid::from_raw) else { continue };
            if !self.gets_all {
                send(child, Signal::KILL);
            }
            let dead = WaitIdOptions::EXITED | WaitIdOptions::NOHANG;
            let is_gone =
                rustix::process::waitid(WaitId::Pid(pid), dead).is_ok_and(|s| s.is_some());
            // What it has started is ours in a moment.
            any |= is_gone || !self.gets_all;
        }
        any
    }

    /// Ends them all, now that there is no other child.
    pub fn end_all(&self) {
        let begun = Instant::now();
        while self.end(&[]) && begun.elapsed() < PATIENCE {
            thread::sleep(PAUSE);
        }
    }
}
