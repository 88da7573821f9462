//! What a program holds of a process that it has started.

use std::fmt;
use std::marker::PhantomData;
use std::os::fd::{AsFd, BorrowedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Duration;

use super::error::{ProcessError, SpawnError};
use super::life::Life;
use super::spawner::Ward;
use super::wait::ended;
use super::{Builder, Task};
use crate::call::Value;
use crate::error::Death;
use crate::sys::process::Kill;

/// How long a drop waits for the end of a process that it has killed: that takes a millisecond, unless the kernel is
/// busy with something that cannot be interrupted.
const LAST_WAIT: Duration = Duration::from_secs(1);

/// A function that runs, or ran, in a process of its own, and returns an `R`.
///
/// It is started at once. Whoever drops it ends it: the process is killed with everything that it has started, and
/// reaped, so that neither a zombie nor an orphan remains. To let it finish, [`join`](Process::join) it.
///
/// All of its methods can be called from any thread, and as often as one likes; [the module](crate::process) says what
/// such a process is.
///
/// ```
/// use pmap::Process;
///
/// fn square(n: u64) -> u64 {
///     n * n
/// }
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     pmap::init();
///     let process = Process::builder().name("w1").spawn(square, 12)?;
///     assert_eq!(process.name(), "w1");
///     assert_ne!(process.id(), std::process::id());
///     assert_eq!(process.join()?, 144);
///     assert!(process.exit_status().is_some_and(|status| status.success()));
///     Ok(())
/// }
/// ```
#[must_use = "a process is killed when it is dropped"]
pub struct Process<R> {
    life: Arc<Life>,
    returns: PhantomData<fn() -> R>,
}

impl Process<()> {
    /// A process that is to have a name.
    pub fn builder() -> Builder {
        Builder::default()
    }
}

impl<R: Value> Process<R> {
    /// Starts `f(argument)` in a process of its own.
    ///
    /// `f` is any `fn`, or a closure that captures nothing. What it needs is its argument: a tuple, for more than one.
    /// A closure that captures something does not compile:
    ///
    /// ```compile_fail
    /// let offset = 3;
    /// let process = pmap::Process::spawn(move |n: i64| n + offset, 4);
    /// ```
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// #     pmap::init();
    /// let offset = 3;
    /// let process = pmap::Process::spawn(|(n, offset): (i64, i64)| n + offset, (4, offset))?;
    /// assert_eq!(process.join()?, 7);
    /// #     Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// The program has not called [`init`](crate::init), or may start no process for another reason; the argument
    /// cannot be sent; processes, descriptors or memory are used up. Nothing was started then.
    pub fn spawn<F, A>(f: F, argument: A) -> Result<Self, SpawnError>
    where
        F: Fn(A) -> R + 'static,
        A: Value,
    {
        Builder::default().spawn(f, argument)
    }

    /// Starts a task in a process of its own.
    ///
    /// # Errors
    /// As [`Process::spawn`].
    pub fn start<T: Task<Output = R>>(task: T) -> Result<Self, SpawnError> {
        Builder::default().start(task)
    }

    /// Waits for its end; what its function returned. It may be asked again: the result is kept, as bytes, until the
    /// handle is dropped.
    ///
    /// # Errors
    /// The function panicked, the process ended in any other way before it returned, or the result cannot be read.
    ///
    /// ```
    /// use pmap::Process;
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     pmap::init();
    ///     let process = Process::spawn(|()| std::process::abort(), ())?;
    ///     let result: Result<(), _> = process.join();
    ///     assert_eq!(result.unwrap_err().signal(), Some(6)); // SIGABRT
    ///     Ok(())
    /// }
    /// ```
    pub fn join(&self) -> Result<R, ProcessError> {
        let end = loop {
            match self.life.end() {
                Some(end) => break end,
                None => ended(&[&self.life], None, 1),
            };
        };
        self.life.outcome(end)
    }

    /// The same, for so long at the most; `None` if it still runs then.
    ///
    /// ```
    /// use std::{thread, time::Duration};
    ///
    /// use pmap::Process;
    ///
    /// fn main() -> Result<(), Box<dyn std::error::Error>> {
    ///     pmap::init();
    ///     let process = Process::spawn(|()| thread::sleep(Duration::from_secs(1000)), ())?;
    ///     assert_eq!(process.join_timeout(Duration::from_millis(10)), None);
    ///     process.terminate();
    ///     assert_eq!(process.join().unwrap_err().signal(), Some(15)); // SIGTERM
    ///     Ok(())
    /// }
    /// ```
    pub fn join_timeout(&self, limit: Duration) -> Option<Result<R, ProcessError>> {
        ended(&[&self.life], Some(limit), 1);
        self.life.end().map(|end| self.life.outcome(end))
    }
}

impl<R> Process<R> {
    pub(super) fn new(life: Arc<Life>) -> Self {
        Self { life, returns: PhantomData }
    }

    pub(super) fn life(&self) -> &Life {
        &self.life
    }

    /// Its process id. Once it has ended, the system may give the number to another process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.life.pid()
    }

    /// What it is called.
    #[must_use]
    pub fn name(&self) -> &str {
        self.life.name()
    }

    /// Whether it has not ended yet.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.life.end().is_none()
    }

    /// How it ended: a status of 0 to 255, or a signal. `None` while it is alive, and for one whose end was taken by
    /// somebody else who waits for children that are not theirs.
    ///
    /// A status of 0 does not mean that there is a result: the function may have called `exit(0)`.
    #[must_use]
    pub fn exit_status(&self) -> Option<ExitStatus> {
        match self.life.end()?.death {
            Death::Exit(code) => Some(ExitStatus::from_raw(code << 8)),
            Death::Signal(signal) => Some(ExitStatus::from_raw(signal)),
            // A process of its own has none of the limits that these tell of.
            Death::OutOfMemory | Death::CpuTime | Death::Refused(_) => None,
            // What no worker of one function says.
            Death::Program(_) | Death::ProgramAtRest(_) => None,
            Death::Stillborn { .. } | Death::OutOfStep => None,
            Death::Protocol(_) | Death::Unknown => None,
        }
    }

    /// Asks it to end: SIGTERM, to it and to everybody in its process group. It may refuse; where its function does
    /// nothing about the signal, it ends at once. Does nothing to one that has ended.
    pub fn terminate(&self) {
        self.life.kill(Kill::Term);
    }

    /// Ends it, and everybody in its process group and below: SIGKILL. Does nothing to one that has ended.
    pub fn kill(&self) {
        self.life.kill(Kill::Kill);
    }
}

/// Readable once it has ended, for a `poll` of one's own: its pidfd.
impl<R> AsFd for Process<R> {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.life.death()
    }
}

impl<R> fmt::Debug for Process<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process")
            .field("name", &self.name())
            .field("id", &self.id())
            .field("exit_status", &self.exit_status())
            .finish_non_exhaustive()
    }
}

impl<R> Drop for Process<R> {
    fn drop(&mut self) {
        if self.is_alive() {
            self.kill();
            ended(&[&self.life], Some(LAST_WAIT), 1);
        }
    }
}
