//! Processes: who lives, how one died, and dying together.

use std::ffi::CString;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::process::Command;
use std::sync::Arc;

use super::{failpoint, signals};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, WaitId, WaitIdOptions};

use crate::error::Death;

/// A signal that pmap sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kill {
    /// `SIGTERM`: please end.
    Term,
    /// `SIGKILL`: ends.
    Kill,
    /// `SIGSTOP`: stands still.
    Stop,
    /// `SIGCONT`: goes on.
    Continue,
}

impl Kill {
    fn signal(self) -> Signal {
        match self {
            Self::Term => Signal::TERM,
            Self::Kill => Signal::KILL,
            Self::Stop => Signal::STOP,
            Self::Continue => Signal::CONT,
        }
    }
}

fn pid(raw: u32) -> Option<Pid> {
    Pid::from_raw(i32::try_from(raw).ok()?)
}

/// A handle to a child that never comes to mean another process, as a bare process id may.
#[derive(Debug)]
pub struct Child {
    pid: u32,
    pidfd: Arc<OwnedFd>,
}

impl Child {
    /// Starts a program. Its parent is the calling *thread*, as far as [`die_with_parent`] is concerned.
    ///
    /// # Errors
    /// It cannot be started.
    pub fn start(command: &mut Command) -> io::Result<Self> {
        let mut child = failpoint::call("spawn", || signals::unstoppably(|| command.spawn()))?;
        // Not waited for yet, so that its number is still its own.
        Self::adopt(child.id()).inspect_err(|_| {
            let _ = child.kill();
            let _ = child.wait();
        })
    }

    /// Takes charge of a child that has not been waited for.
    ///
    /// # Errors
    /// No descriptor is left, or the kernel is older than 5.3.
    pub fn adopt(raw: u32) -> io::Result<Self> {
        let id = pid(raw).ok_or(io::ErrorKind::InvalidInput)?;
        let flags = PidfdFlags::empty();
        let pidfd = failpoint::call("adopt", || rustix::process::pidfd_open(id, flags))?;
        Ok(Self { pid: raw, pidfd: pidfd.into() })
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Readable once it has ended, for whoever watches it while others use this.
    #[must_use]
    pub fn handle(&self) -> Arc<OwnedFd> {
        self.pidfd.clone()
    }

    /// Sends a signal to the child and to everybody in its process group. Sent before [`Child::reap`], it
    /// cannot reach a stranger: an unreaped leader keeps the group's number taken.
    pub fn kill_group(&self, kill: Kill) {
        failpoint::pass("kill");
        if let Some(group) = pid(self.pid) {
            // Gone already is what was wanted.
            let _ = rustix::process::kill_process_group(group, kill.signal());
        }
        let _ = rustix::process::pidfd_send_signal(&self.pidfd, kill.signal());
        if kill == Kill::Term {
            // A stopped process sees a SIGTERM only once it goes on.
            let _ = rustix::process::pidfd_send_signal(&self.pidfd, Signal::CONT);
        }
    }

    /// How it ended, if it has; it stays a zombie, so that its group can still be killed.
    #[must_use]
    pub fn has_ended(&self) -> Option<Death> {
        self.wait(WaitIdOptions::EXITED | WaitIdOptions::NOWAIT | WaitIdOptions::NOHANG)
    }

    /// Waits for its end, which must be near, and removes the zombie.
    pub fn reap(&self) -> Option<Death> {
        failpoint::pass("reap");
        self.wait(WaitIdOptions::EXITED)
    }

    fn wait(&self, options: WaitIdOptions) -> Option<Death> {
        loop {
            let child = WaitId::PidFd(self.pidfd.as_fd());
            return match failpoint::call("wait", || rustix::process::waitid(child, options)) {
                Ok(Some(status)) => {
                    Some(match (status.terminating_signal(), status.exit_status()) {
                        (Some(signal), _) => death_by(signal),
                        (None, Some(code)) => Death::Exit(code),
                        (None, None) => Death::Unknown,
                    })
                }
                Ok(None) => None,
                Err(Errno::INTR) => continue,
                // Reaped by somebody else, or by the kernel because SIGCHLD is ignored.
                Err(_) => Some(Death::Unknown),
            };
        }
    }
}

/// Readable once the child has ended.
impl AsFd for Child {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.pidfd.as_fd()
    }
}

/// The parent's process id; 0 if it lives outside of our view.
#[must_use]
pub fn parent() -> u32 {
    rustix::process::getppid().map_or(0, |pid| pid.as_raw_nonzero().get().unsigned_abs())
}

/// Whether the caller leads its own process group: only then is a signal to the group one to nobody else.
#[must_use]
pub fn leads_group() -> bool {
    rustix::process::getpgrp() == rustix::process::getpid()
}

/// The signal by which the kernel tells a worker that its supervisor's spawning thread is gone.
/// A real-time signal, so that nothing else in the process has a use for it.
fn parent_death_signal() -> i32 {
    libc::SIGRTMIN() + 7
}

/// From now on the caller, and all of its process group, die when the thread that spawned it does.
///
/// That holds for one that is stopped, too. It cannot run a handler, but the kernel sends SIGHUP and SIGCONT to
/// every stopped process of a group whose last tie to its session goes; so SIGHUP, unless it is ignored, gets the
/// same handler.
///
/// # Errors
/// The handler could not be installed.
///
/// # Panics
/// If the caller does not lead its process group: it would take others along.
pub fn die_with_parent() -> io::Result<()> {
    assert!(leads_group(), "only a group's leader may take it along");
    let number = parent_death_signal();
    let hang_up = Some(libc::SIGHUP).filter(|&signal| !signals::is_ignored(signal));
    for number in [Some(number), hang_up].into_iter().flatten() {
        #[expect(unsafe_code, reason = "a signal handler can only be registered unsafely")]
        // SAFETY: the handler makes one kill(2) call, which is async-signal-safe, and touches nothing else.
        unsafe {
            signal_hook::low_level::register(number, die_with_group)?;
        }
    }
    #[expect(
        unsafe_code,
        reason = "rustix knows real-time signals only through an unsafe constructor"
    )]
    // SAFETY: a number between SIGRTMIN and SIGRTMAX that the C library does not keep for itself.
    let signal = unsafe { Signal::from_raw_unchecked(number) };
    rustix::process::set_parent_process_death_signal(Some(signal))?;
    Ok(())
}

/// Ends the caller and everybody in its process group, at once and without clean-up.
pub fn die_with_group() {
    let _ = rustix::process::kill_current_process_group(Signal::KILL);
}

/// Ends the caller by SIGSEGV, as a stray pointer would.
pub fn die_of_segv() -> ! {
    loop {
        // Once is not enough: the handler that the standard library installs to report stack overflows takes
        // the first as "not mine", restores the default action and returns for the fault to repeat itself. An
        // error cannot be: a process may always signal itself.
        let _ = rustix::process::kill_process(rustix::process::getpid(), Signal::SEGV);
        std::thread::yield_now();
    }
}

/// What `top` and `ps -o comm` show; cut at 15 bytes.
pub fn set_name(name: &str) {
    if let Ok(name) = CString::new(name) {
        let _ = rustix::thread::set_name(&name);
    }
}

/// When a process started, in clock ticks since boot: with the process id, a name for a process that is
/// never given twice. `None`: there is no such process, or no `/proc`.
#[must_use]
pub fn start_time(pid: u32) -> Option<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Field 22; the second one is the name in parentheses, which may hold anything.
    stat.rsplit_once(')')?.1.split_whitespace().nth(19)?.parse().ok()
}

/// The most memory that a process has had so far, in bytes: its own and what it has mapped. `None`: there is no such
/// process, or no `/proc`.
#[must_use]
pub fn peak_memory(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kibibytes << 10)
}

/// Which process-id namespace the caller lives in; process ids mean nothing in another.
#[must_use]
pub fn pid_namespace() -> u64 {
    rustix::fs::stat("/proc/self/ns/pid").map_or(0, |namespace| namespace.st_ino)
}

/// The caller's user id.
#[must_use]
pub fn user() -> u32 {
    rustix::process::getuid().as_raw()
}

/// The signal by which a worker says that it was refused memory: another real-time signal, since no exit status
/// is left that a task may not choose itself.
fn out_of_memory_signal() -> i32 {
    libc::SIGRTMIN() + 8
}

/// Ends the caller as one that was refused memory. May be called from within an allocator: it asks for none.
pub(super) fn die_out_of_memory() -> ! {
    #[expect(
        unsafe_code,
        reason = "rustix knows real-time signals only through an unsafe constructor"
    )]
    // SAFETY: a number between SIGRTMIN and SIGRTMAX that the C library does not keep for itself.
    let signal = unsafe { Signal::from_raw_unchecked(out_of_memory_signal()) };
    let _ = rustix::process::kill_process(rustix::process::getpid(), signal);
    // Only if it is blocked, or caught, by a task.
    std::process::abort()
}

/// What it means that a signal has ended a worker.
fn death_by(signal: i32) -> Death {
    if signal == out_of_memory_signal() {
        Death::OutOfMemory
    } else if signal == libc::SIGXCPU {
        Death::CpuTime
    } else {
        Death::Signal(signal)
    }
}

/// Closes every descriptor from 3 on. A worker calls it before it has any of its own: what the
/// supervisor's caller left open is none of a task's business, and a pipe held open here would never end
/// for its reader.
pub fn close_inherited() {
    #[expect(unsafe_code, reason = "close_range is only to be had from libc")]
    // SAFETY: nothing in this process holds a descriptor yet; see the precondition above.
    unsafe {
        // Through syscall(2), since not every C library has the function. A kernel without it (before
        // 5.9) leaves the descriptors open, which costs tidiness only.
        libc::syscall(libc::SYS_close_range, 3_u32, u32::MAX, 0_u32);
    }
}
