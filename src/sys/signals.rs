//! Signals that the user sends to the command.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

/// The signals that end a run, caught, and told through a descriptor that `poll` can watch.
pub struct Ending {
    delivery: SignalDelivery<UnixStream, SignalOnly>,
}

impl Ending {
    /// Catches SIGINT, SIGTERM and SIGHUP. One that the caller inherited as ignored (`nohup`, a
    /// background job of a plain shell) stays ignored.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn catch() -> io::Result<Self> {
        let caught = [SIGINT, SIGTERM, SIGHUP].into_iter().filter(|&signal| !is_ignored(signal));
        let (read, write) = UnixStream::pair()?;
        Ok(Self { delivery: SignalDelivery::with_pipe(read, write, SignalOnly, caught)? })
    }

    /// The signals that came since the last call, each at most once.
    pub fn pending(&mut self) -> impl Iterator<Item = i32> {
        self.delivery.pending()
    }
}

/// Readable when a signal came.
impl AsFd for Ending {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.delivery.get_read().as_fd()
    }
}

fn is_ignored(signal: i32) -> bool {
    #[expect(unsafe_code, reason = "sigaction is only to be had from libc")]
    // SAFETY: with a null new action sigaction only writes the old one, for which zeroes are a valid start.
    unsafe {
        let mut old: libc::sigaction = std::mem::zeroed();
        libc::sigaction(signal, std::ptr::null(), &raw mut old) == 0
            && old.sa_sigaction == libc::SIG_IGN
    }
}

fn set_disposition(signal: i32, disposition: libc::sighandler_t) {
    #[expect(unsafe_code, reason = "dispositions are only to be had from libc")]
    // SAFETY: SIG_DFL and SIG_IGN, the only arguments in this file, run no code of ours.
    unsafe {
        libc::signal(signal, disposition);
    }
}

/// Puts right what the command may have inherited: with SIGCHLD ignored, the kernel would throw
/// the ends of workers away; a write beyond the file-size limit shall be an error and not a death.
pub fn sanitize() {
    set_disposition(libc::SIGCHLD, libc::SIG_DFL);
    set_disposition(libc::SIGXFSZ, libc::SIG_IGN);
}

/// Gives a worker back what a supervisor has set: a task finds the signals as any program does.
pub fn reset() {
    set_disposition(libc::SIGXFSZ, libc::SIG_DFL);
}

/// What ends a program that writes to a pipe without a reader.
pub const READER_GONE: i32 = libc::SIGPIPE;

/// Ends the caller as if it had never caught `signal`, so that its parent sees what ended it.
pub fn end_by(signal: i32) -> ! {
    set_disposition(signal, libc::SIG_DFL);
    let _ = signal_hook::low_level::raise(signal);
    // Blocked by whoever started us: say it the other way that shells know.
    std::process::exit(128 + signal)
}
