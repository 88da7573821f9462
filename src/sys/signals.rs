//! Signals that the user sends to the command.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGUSR1};
use signal_hook::iterator::backend::SignalDelivery;
use signal_hook::iterator::exfiltrator::SignalOnly;

/// What a signal asks of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// To end, as one does by this signal: SIGINT, SIGTERM, SIGHUP or SIGQUIT.
    End(i32),
    /// To stand still: SIGTSTP, which Ctrl-Z sends.
    Stop,
    /// To go on: SIGCONT. It comes after a SIGSTOP as well, of which nobody is told.
    Continue,
    /// To say who does what: SIGUSR1.
    Report,
}

impl Request {
    fn of(signal: i32) -> Self {
        match signal {
            SIGTSTP => Self::Stop,
            SIGCONT => Self::Continue,
            SIGUSR1 => Self::Report,
            signal => Self::End(signal),
        }
    }
}

/// The signals that a person sends to a run, caught, and told through a descriptor that `poll` can watch.
pub struct Signals {
    delivery: SignalDelivery<UnixStream, SignalOnly>,
}

impl Signals {
    /// Catches those that a [`Request`] stands for. One that the caller inherited as ignored (`nohup`, a
    /// background job of a plain shell) stays ignored.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn catch() -> io::Result<Self> {
        let all = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGUSR1];
        let caught = all.into_iter().filter(|&signal| !is_ignored(signal));
        let (read, write) = UnixStream::pair()?;
        Ok(Self { delivery: SignalDelivery::with_pipe(read, write, SignalOnly, caught)? })
    }

    /// What was asked since the last call, each at most once, in no particular order.
    pub fn pending(&mut self) -> impl Iterator<Item = Request> {
        self.delivery.pending().map(Request::of)
    }
}

/// Readable when a signal came.
impl AsFd for Signals {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.delivery.get_read().as_fd()
    }
}

/// The action that a signal has, after it was set to `new` if there is one.
fn action(signal: i32, new: Option<&libc::sigaction>) -> Option<libc::sigaction> {
    let mut old = MaybeUninit::uninit();
    #[expect(unsafe_code, reason = "sigaction is only to be had from libc")]
    // SAFETY: `new` is null or an action that was in force before, or one of SIG_DFL and SIG_IGN; if the call
    // succeeds, it has written the old one.
    unsafe {
        let new = new.map_or(std::ptr::null(), std::ptr::from_ref);
        (libc::sigaction(signal, new, old.as_mut_ptr()) == 0).then(|| old.assume_init())
    }
}

/// Whether nothing happens when this signal comes.
pub(super) fn is_ignored(signal: i32) -> bool {
    action(signal, None).is_some_and(|action| action.sa_sigaction == libc::SIG_IGN)
}

/// Whether the kernel throws away how children end, because somebody ignores SIGCHLD or has asked for just that.
#[must_use]
pub fn ends_of_children_are_lost() -> bool {
    action(libc::SIGCHLD, None).is_some_and(|action| {
        action.sa_sigaction == libc::SIG_IGN || action.sa_flags & libc::SA_NOCLDWAIT != 0
    })
}

fn set_disposition(signal: i32, disposition: libc::sighandler_t) {
    if let Some(mut simple) = action(signal, None) {
        simple.sa_sigaction = disposition;
        simple.sa_flags = 0;
        action(signal, Some(&simple));
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
    mask(libc::SIG_UNBLOCK, &only(libc::SIGTSTP));
}

/// From now on SIGUSR1 does not end the caller, a worker of the command: `pkill -USR1 pmap` asks the supervisor, and
/// reaches everybody.
pub fn outlive_reports() {
    // A handler and not SIG_IGN, which the programs of a task would inherit.
    #[expect(unsafe_code, reason = "a signal handler can only be registered unsafely")]
    // SAFETY: the handler does nothing.
    let registered = unsafe { signal_hook::low_level::register(SIGUSR1, || {}) };
    // Without memory for it, the signal ends the worker as it ends any other process.
    drop(registered);
}

/// Whether a program runs whose end a SIGTERM is to wait for.
static IS_BUSY: AtomicBool = AtomicBool::new(false);
/// Whether SIGTERM came meanwhile.
static IS_ASKED: AtomicBool = AtomicBool::new(false);

/// From now on SIGTERM ends the caller only when it is not [`Busy`]. Its programs, in the same group, get the signal, too,
/// and are given the time to end as they want.
///
/// # Errors
/// The handler could not be installed.
pub fn end_after_programs() -> io::Result<()> {
    let asked = || {
        IS_ASKED.store(true, Ordering::SeqCst);
        if !IS_BUSY.load(Ordering::SeqCst) {
            let _ = signal_hook::low_level::emulate_default_handler(SIGTERM);
        }
    };
    #[expect(unsafe_code, reason = "a signal handler can only be registered unsafely")]
    // SAFETY: the handler touches two atomics and calls what is made for handlers.
    unsafe {
        signal_hook::low_level::register(SIGTERM, asked)?;
    }
    Ok(())
}

/// Whether SIGTERM has come to a caller that is [`Busy`].
#[must_use]
pub fn is_asked_to_end() -> bool {
    IS_ASKED.load(Ordering::SeqCst)
}

/// As long as it lives, SIGTERM waits; then it is made up for.
#[must_use]
pub struct Busy(());

impl Busy {
    /// From now on.
    pub fn begin() -> Self {
        IS_BUSY.store(true, Ordering::SeqCst);
        Self(())
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        IS_BUSY.store(false, Ordering::SeqCst);
        if is_asked_to_end() {
            end_by(SIGTERM);
        }
    }
}

/// Whether a process that ended by this signal had used up its processor time.
#[must_use]
pub fn means_cpu_time(signal: i32) -> bool {
    signal == libc::SIGXCPU
}

/// Stands still as if SIGTSTP had never been caught, until somebody sends SIGCONT. Where there is nobody who
/// could (a group without a shell that controls it), the system does not stop us, and this returns at once.
pub fn stand_still() {
    let caught = action(libc::SIGTSTP, None);
    set_disposition(libc::SIGTSTP, libc::SIG_DFL);
    let _ = signal_hook::low_level::raise(libc::SIGTSTP);
    action(libc::SIGTSTP, caught.as_ref());
}

/// Does `start` with SIGTSTP held back. A child that Ctrl-Z stops before it is a program of its own would stop us
/// with it, since the system makes its parent wait for that. What `start` starts inherits this, until it
/// [resets](reset) its signals.
pub fn unstoppably<T>(start: impl FnOnce() -> T) -> T {
    let before = mask(libc::SIG_BLOCK, &only(libc::SIGTSTP));
    let started = start();
    mask(libc::SIG_SETMASK, &before);
    started
}

/// The set of this one signal.
fn only(signal: i32) -> libc::sigset_t {
    let mut set = MaybeUninit::uninit();
    #[expect(unsafe_code, reason = "sets of signals are only to be had from libc")]
    // SAFETY: sigemptyset initialises the set before anything reads it, and cannot fail.
    unsafe {
        libc::sigemptyset(set.as_mut_ptr());
        libc::sigaddset(set.as_mut_ptr(), signal);
        set.assume_init()
    }
}

/// Changes what is blocked in this thread; what was before.
fn mask(how: i32, set: &libc::sigset_t) -> libc::sigset_t {
    let mut before = only(libc::SIGTSTP);
    #[expect(unsafe_code, reason = "signal masks are only to be had from libc")]
    // SAFETY: both sets are initialised, and `how` is one of the three ways there are: the call cannot fail.
    unsafe {
        libc::pthread_sigmask(how, set, &raw mut before);
    }
    before
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
