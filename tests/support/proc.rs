//! What `/proc` and `/dev/shm` show of a run.

use std::fs;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitOptions};

use super::handle;

/// A process, as it was when it was looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    pub(crate) state: char,
    /// What `ps -o comm` shows.
    pub(crate) name: String,
    session: u32,
    /// Time on a core so far, in clock ticks.
    ticks: u64,
    niceness: i32,
    threads: u32,
}

impl Process {
    fn look_at(pid: u32) -> Option<Self> {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
        // The name stands in parentheses and may hold anything.
        let (head, tail) = stat.rsplit_once(')')?;
        let name = head.split_once('(')?.1.to_owned();
        let fields: Vec<&str> = tail.split_ascii_whitespace().collect();
        Some(Self {
            pid,
            parent: fields.get(1)?.parse().ok()?,
            state: fields.first()?.chars().next()?,
            name,
            session: fields.get(3)?.parse().ok()?,
            ticks: fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?,
            niceness: fields.get(16)?.parse().ok()?,
            threads: fields.get(17)?.parse().ok()?,
        })
    }

    /// A process, if there is one.
    pub(crate) fn of(pid: u32) -> Option<Self> {
        Self::look_at(pid)
    }

    pub(crate) fn niceness(&self) -> i32 {
        self.niceness
    }

    pub(crate) fn is_zombie(&self) -> bool {
        matches!(self.state, 'Z' | 'X')
    }

    /// Whether all of its threads are stopped: before the last one is, the kernel does not count it among those that
    /// are, and does not wake it when its parent dies.
    pub(crate) fn is_stopped(&self) -> bool {
        let is_stopped = |thread: fs::DirEntry| {
            let stat = fs::read_to_string(thread.path().join("stat")).unwrap_or_default();
            stat.rsplit_once(')').is_some_and(|(_, tail)| tail.trim_start().starts_with('T'))
        };
        let threads = fs::read_dir(format!("/proc/{}/task", self.pid)).into_iter().flatten();
        self.state == 'T' && threads.flatten().all(is_stopped)
    }

    /// Whether it only waits to be reaped: none of its threads is still on its way out.
    pub(crate) fn is_waiting_to_be_reaped(&self) -> bool {
        self.is_zombie() && self.threads <= 1
    }

    /// As it is now; `None` once it is gone or a zombie.
    pub(crate) fn again(&self) -> Option<Self> {
        Self::look_at(self.pid).filter(|it| it.session == self.session && !it.is_zombie())
    }

    /// Sends a signal; whether the process was still there to get it.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        // Opened first, looked at then: what the handle stands for is what was looked at.
        let Some(handle) = handle(self.pid) else { return false };
        self.again().is_some() && rustix::process::pidfd_send_signal(handle, signal).is_ok()
    }

    /// Sends a signal until it is gone: the Rust runtime takes the first SIGSEGV or SIGBUS for a fault that will
    /// repeat itself. Whether it was there at all.
    pub(crate) fn kill_by(&self, signal: Signal) -> bool {
        let was_there = self.signal(signal);
        while self.signal(signal) {
            thread::yield_now();
        }
        was_there
    }

    /// Its arguments.
    pub(crate) fn arguments(&self) -> Vec<String> {
        let bytes = fs::read(format!("/proc/{}/cmdline", self.pid)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        text.split_terminator('\0').map(str::to_owned).collect()
    }

    /// Its descriptors, and what they are open on.
    pub(crate) fn descriptors(&self) -> Vec<(u32, String)> {
        let entries = fs::read_dir(format!("/proc/{}/fd", self.pid)).into_iter().flatten();
        let mut descriptors: Vec<_> = entries
            .filter_map(|entry| {
                let entry = entry.ok()?;
                let target = fs::read_link(entry.path()).ok()?;
                let number = entry.file_name().to_str()?.parse().ok()?;
                Some((number, target.to_string_lossy().into_owned()))
            })
            .collect();
        descriptors.sort_unstable();
        descriptors
    }

    /// How long a process of one thread has waited so far for a processor that others had; nothing where the system
    /// does not count it.
    pub(crate) fn time_without_processor(pid: u32) -> Duration {
        let text = fs::read_to_string(format!("/proc/{pid}/schedstat")).unwrap_or_default();
        let nanos = text.split_ascii_whitespace().nth(1).and_then(|nanos| nanos.parse().ok());
        Duration::from_nanos(nanos.unwrap_or(0))
    }

    /// Removes a zombie that has been left to us; `false` while that cannot be done yet.
    pub(super) fn reap(&self) -> bool {
        if self.parent != std::process::id() {
            return true;
        }
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        !matches!(rustix::process::waitpid(pid, WaitOptions::NOHANG), Ok(None))
    }
}

/// Every process of a session, zombies included.
pub(crate) fn processes(session: u32) -> Vec<Process> {
    let entries = fs::read_dir("/proc").expect("/proc is there").filter_map(Result::ok);
    let pids = entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    pids.filter_map(Process::look_at).filter(|process| process.session == session).collect()
}

/// The names in `/dev/shm` that belong to this supervisor: `pmap-UID-NAMESPACE-PID-START-RANDOM`.
pub(crate) fn names_in_shm(supervisor: u32) -> Vec<String> {
    let entries = fs::read_dir("/dev/shm").into_iter().flatten().filter_map(Result::ok);
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let pid = supervisor.to_string();
    names.filter(|name| name.starts_with("pmap-") && name.split('-').nth(3) == Some(&pid)).collect()
}

/// The most memory that a process has had resident so far, in KiB.
pub(crate) fn peak_memory(pid: u32) -> u64 {
    status(pid, "VmHWM:")
}

/// The memory of its own that a process has resident now, in KiB: what it shares with its workers is theirs, too.
pub(crate) fn memory(pid: u32) -> u64 {
    status(pid, "RssAnon:")
}

/// A number in `/proc/PID/status`.
fn status(pid: u32, name: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).expect("it is alive");
    let line = status.lines().find(|line| line.starts_with(name)).expect("it is alive");
    line.split_ascii_whitespace().nth(1).and_then(|kib| kib.parse().ok()).expect("a number")
}

/// Time on a core that the living processes of a session have used, in clock ticks.
pub(super) fn time_used(session: u32) -> u64 {
    processes(session).iter().map(|process| process.ticks).sum()
}
