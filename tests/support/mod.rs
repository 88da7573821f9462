//! The built program, run under watch: a watchdog ends every run that hangs, and no run may leave a process, a
//! zombie or a name in `/dev/shm` behind.
//!
//! Each run is a session of its own, which every process it starts belongs to, and which the kernel still shows
//! of a zombie. So tests that run side by side never see each other's processes. The test process adopts what a
//! run leaves behind (it is a *child subreaper*), so that nobody else hides a zombie by reaping it.

#![allow(dead_code, unused_imports, reason = "every test file uses its own part of this")]

mod folder;
mod json;
pub(crate) mod oracle;
mod proc;
mod random;
mod resumable;

use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use rustix::process::{Pid, PidfdFlags, Signal};

pub(crate) use folder::Folder;
pub(crate) use json::Json;
pub(crate) use proc::{Process, memory, names_in_shm, peak_memory, processes};
pub(crate) use random::Random;
pub(crate) use resumable::Resumable;

/// After this a run hangs. Far beyond what any takes, for machines that are busy with something else.
const LIMIT: Duration = Duration::from_secs(180);

/// How often a condition is looked at.
const POLL: Duration = Duration::from_millis(1);

/// The program under test.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_pmap");

/// What is on the program's stdin.
pub(crate) enum Input {
    /// Nothing: it is at its end.
    Nothing,
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// These bytes again and again, for as long as somebody reads.
    Endless(&'static [u8]),
    /// A pipe whose other end is [`Run::stdin`].
    Open,
    /// This.
    From(Stdio),
}

/// What becomes of the program's stdout.
enum Output {
    /// It is read as it comes, and found in [`Ended::stdout`].
    Collect,
    /// A pipe whose other end is [`Run::stdout`].
    Open,
    /// It goes there.
    To(Stdio),
}

/// A run to be started.
pub(crate) struct Pmap {
    command: Command,
    input: Input,
    output: Output,
    stderr: Option<Stdio>,
    /// Its stdin is the terminal of its session.
    has_terminal: bool,
    /// After this it hangs.
    limit: Duration,
}

/// pmap with these arguments.
pub(crate) fn pmap<S: Into<OsString> + Clone>(arguments: &[S]) -> Pmap {
    let mut command = Command::new(PROGRAM);
    command.args(arguments.iter().cloned().map(Into::into));
    Pmap::from(command)
}

/// A script for `sh`, in which `"$PMAP"` is the program under test. If it ends with `exec "$PMAP"`, the run's
/// process is pmap itself.
pub(crate) fn shell(script: &str) -> Pmap {
    shell_with(script, &[])
}

/// The same, with `"$@"`.
pub(crate) fn shell_with(script: &str, arguments: &[String]) -> Pmap {
    let mut command = Command::new("sh");
    command.args(["-c", script, "sh"]).args(arguments).env("PMAP", PROGRAM);
    Pmap::from(command)
}

impl From<Command> for Pmap {
    fn from(command: Command) -> Self {
        let (input, output) = (Input::Nothing, Output::Collect);
        Self { command, input, output, stderr: None, has_terminal: false, limit: LIMIT }
    }
}

impl Pmap {
    pub(crate) fn input(mut self, input: Input) -> Self {
        self.input = input;
        self
    }

    pub(crate) fn text(self, text: impl Into<Vec<u8>>) -> Self {
        self.input(Input::Bytes(text.into()))
    }

    /// Leaves it to the test to read stdout.
    pub(crate) fn open_stdout(mut self) -> Self {
        self.output = Output::Open;
        self
    }

    pub(crate) fn stdout(mut self, to: impl Into<Stdio>) -> Self {
        self.output = Output::To(to.into());
        self
    }

    /// Sends stderr there instead of to [`Ended::stderr`].
    pub(crate) fn stderr(mut self, to: impl Into<Stdio>) -> Self {
        self.stderr = Some(to.into());
        self
    }

    /// At this terminal, in whose foreground it starts: what is typed there as Ctrl-C reaches it as a signal. Its
    /// stdout is the test's all the same.
    pub(crate) fn at(mut self, terminal: OwnedFd) -> Self {
        let again = || Stdio::from(terminal.try_clone().expect("a descriptor"));
        self.input = Input::From(again());
        self.stderr = Some(again());
        self.has_terminal = true;
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.command.env(name, value.into());
        self
    }

    /// A run that is meant to take long: it hangs only after this and the usual time.
    pub(crate) fn for_long(mut self, time: Duration) -> Self {
        self.limit = time + LIMIT;
        self
    }

    /// Runs it to its end.
    pub(crate) fn run(self) -> Ended {
        self.start().finish()
    }

    pub(crate) fn start(self) -> Run {
        // Once would do; that it is done more often does no harm.
        rustix::process::set_child_subreaper(Some(rustix::process::getpid())).expect("Linux");
        let Self { mut command, input, output, stderr, has_terminal, limit } = self;
        let (stdin, stdin_is) = match input {
            Input::Nothing => (Stdio::null(), None),
            Input::From(stdio) => (stdio, None),
            input => (Stdio::piped(), Some(input)),
        };
        let (stdout, collects) = match output {
            Output::Collect => (Stdio::piped(), true),
            Output::Open => (Stdio::piped(), false),
            Output::To(stdio) => (stdio, false),
        };
        command.stdin(stdin).stdout(stdout).stderr(stderr.unwrap_or_else(Stdio::piped));
        #[expect(unsafe_code, reason = "a session can only be made between fork and exec")]
        // SAFETY: setsid(2) and ioctl(2) are async-signal-safe, and nothing else is called.
        unsafe {
            command.pre_exec(move || {
                rustix::process::setsid()?;
                if has_terminal {
                    rustix::process::ioctl_tiocsctty(rustix::stdio::stdin())?;
                }
                Ok(())
            });
        }
        let mut child = command.spawn().expect("pmap starts");
        // The descriptors of a `Stdio` that the test gave us must not stay open here.
        let what = format!("{:?}", command.get_args().collect::<Vec<_>>());
        drop(command);

        let mut stdin = child.stdin.take();
        match stdin_is {
            Some(Input::Bytes(bytes)) => {
                let mut pipe = stdin.take().expect("a pipe");
                // A run that does not read to its end is no fault of ours.
                thread::spawn(move || drop(pipe.write_all(&bytes)));
            }
            Some(Input::Endless(bytes)) => {
                let mut pipe = stdin.take().expect("a pipe");
                let block = bytes.repeat(4096 / bytes.len());
                thread::spawn(move || while pipe.write_all(&block).is_ok() {});
            }
            _ => {}
        }
        let stdout = child.stdout.take();
        let (stdout, collected) =
            if collects { (None, stdout.map(Collected::of)) } else { (stdout, None) };
        Run {
            session: child.id(),
            watchdog: Watchdog::over(child.id(), limit),
            stdin,
            stdout,
            collected,
            stderr: child.stderr.take().map(Collected::of),
            child,
            what,
            is_over: false,
        }
    }
}

/// What is read of a pipe, by a thread, as it comes.
struct Collected {
    bytes: Arc<Mutex<Vec<u8>>>,
    lines: Arc<AtomicUsize>,
    reader: JoinHandle<()>,
}

impl Collected {
    fn of(mut pipe: impl Read + Send + 'static) -> Self {
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let lines = Arc::new(AtomicUsize::new(0));
        let (all, count) = (Arc::clone(&bytes), Arc::clone(&lines));
        let reader = thread::spawn(move || {
            let mut block = vec![0; 1 << 16];
            while let Ok(length @ 1..) = pipe.read(&mut block) {
                let newlines = block[..length].iter().filter(|byte| **byte == b'\n').count();
                all.lock().expect("no panic").extend_from_slice(&block[..length]);
                count.fetch_add(newlines, Ordering::Release);
            }
        });
        Self { bytes, lines, reader }
    }

    fn so_far(&self) -> Vec<u8> {
        self.bytes.lock().expect("no panic").clone()
    }

    fn all(self) -> Vec<u8> {
        self.reader.join().expect("no panic");
        std::mem::take(&mut *self.bytes.lock().expect("no panic"))
    }
}

/// Kills a session that lives too long.
struct Watchdog {
    /// Dropped when the run is over.
    over: mpsc::Sender<()>,
    has_barked: Arc<AtomicBool>,
}

impl Watchdog {
    fn over(session: u32, limit: Duration) -> Self {
        let (over, is_over) = mpsc::channel();
        let has_barked = Arc::new(AtomicBool::new(false));
        let barks = Arc::clone(&has_barked);
        thread::spawn(move || {
            if is_over.recv_timeout(limit) == Err(mpsc::RecvTimeoutError::Timeout) {
                barks.store(true, Ordering::Release);
                kill_session(session);
            }
        });
        Self { over, has_barked }
    }
}

/// Kills every process of a session, those included that are started meanwhile.
fn kill_session(session: u32) {
    let end = Instant::now() + LIMIT;
    while Instant::now() < end {
        let alive: Vec<_> = processes(session).into_iter().filter(|it| !it.is_zombie()).collect();
        if alive.is_empty() {
            return;
        }
        for process in alive {
            process.signal(Signal::KILL);
        }
        thread::sleep(POLL);
    }
}

/// A run that was started. Dropped before its end, it is killed.
pub(crate) struct Run {
    pub(crate) stdin: Option<ChildStdin>,
    pub(crate) stdout: Option<ChildStdout>,
    session: u32,
    child: Child,
    collected: Option<Collected>,
    stderr: Option<Collected>,
    watchdog: Watchdog,
    what: String,
    is_over: bool,
}

/// A run that is over.
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// What is left of a run whose supervisor was killed.
pub(crate) struct Dead {
    /// How long it took until no process was left.
    pub(crate) took: Duration,
    /// Names in `/dev/shm`.
    pub(crate) names: Vec<String>,
    /// What it had written.
    pub(crate) stdout: Vec<u8>,
}

impl Run {
    /// The process id of the supervisor.
    pub(crate) fn pid(&self) -> u32 {
        self.session
    }

    /// Those of its processes that only wait to be reaped.
    pub(crate) fn zombies(&self) -> Vec<Process> {
        let all = processes(self.session).into_iter();
        all.filter(|it| it.pid != self.session && it.is_waiting_to_be_reaped()).collect()
    }

    /// The workers that are alive now.
    pub(crate) fn workers(&self) -> Vec<Process> {
        let all = processes(self.session).into_iter();
        all.filter(|it| it.pid != self.session && !it.is_zombie()).collect()
    }

    /// Waits for so many workers that have shaken hands. Before, one may not even be a program of its own yet: who
    /// stops it then stops its supervisor, too, which waits in the system for the new program.
    pub(crate) fn until_workers(&mut self, count: usize) {
        self.until("enough workers", |run| {
            let workers = run.workers();
            workers.iter().filter(|worker| worker.name.starts_with("pmap: worker ")).count()
                == count
        });
    }

    /// Sends a signal to the supervisor.
    pub(crate) fn signal(&self, signal: Signal) {
        // Our own child, which we have not waited for: the number is its own.
        let _ = rustix::process::kill_process(self.id(), signal);
    }

    /// Sends a signal to the supervisor's process group.
    pub(crate) fn signal_group(&self, signal: Signal) {
        let _ = rustix::process::kill_process_group(self.id(), signal);
    }

    fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    /// Whether the supervisor has ended.
    pub(crate) fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("our own child").is_some()
    }

    /// Whether the supervisor has died by this signal.
    pub(crate) fn was_ended_by(&mut self, signal: Signal) -> bool {
        let status = self.child.try_wait().expect("our own child");
        status.is_some_and(|status| status.signal() == Some(signal.as_raw()))
    }

    /// Lines of stdout that have been read.
    pub(crate) fn lines(&self) -> usize {
        self.collected.as_ref().map_or(0, |collected| collected.lines.load(Ordering::Acquire))
    }

    /// What it has said on stderr so far.
    pub(crate) fn said(&self) -> String {
        let said = self.stderr.as_ref().map(Collected::so_far).unwrap_or_default();
        String::from_utf8_lossy(&said).into_owned()
    }

    /// Waits until `condition` holds.
    ///
    /// # Panics
    /// If that takes too long.
    pub(crate) fn until(&mut self, what: &str, mut condition: impl FnMut(&mut Self) -> bool) {
        while !condition(self) {
            assert!(
                !self.watchdog.has_barked.load(Ordering::Acquire),
                "{}: never: {what}",
                self.what
            );
            thread::sleep(POLL);
        }
    }

    /// Waits until nothing of the run has used any time on a core for a while.
    pub(crate) fn until_quiet(&mut self) {
        let mut used = None;
        let mut since = Instant::now();
        self.until("quiet", |run| {
            let now = Some(proc::time_used(run.session));
            if std::mem::replace(&mut used, now) != now {
                since = Instant::now();
            }
            since.elapsed() > Duration::from_millis(250)
        });
    }

    /// Waits until results lie in a pipe that nobody reads, and everything behind it has come to rest.
    pub(crate) fn until_stuck(&mut self) {
        self.until("results that nobody reads", |run| {
            let pipe = run.stdout.as_ref().expect("an open stdout");
            rustix::io::ioctl_fionread(pipe).expect("a pipe") > 0
        });
        self.until_quiet();
    }

    /// Removes the zombies that others have left to us. One whose threads are still on their way out cannot be reaped
    /// yet, though it is a zombie already.
    pub(crate) fn reap_orphans(&mut self) {
        self.until("the last of the orphans' threads", |run| {
            let all = processes(run.session).into_iter();
            let mut orphans = all.filter(|it| it.pid != run.session && it.is_zombie());
            orphans.all(|orphan| orphan.reap())
        });
    }

    /// The process of this name, if there is one.
    pub(crate) fn process(&self, name: &str) -> Option<Process> {
        processes(self.session).into_iter().find(|process| process.name == name)
    }

    /// Waits for the end by this signal, and for nothing to be said about it.
    #[track_caller]
    pub(crate) fn finish_with(self, signal: Signal) {
        let ended = self.finish();
        ended.expect_signal(signal);
        assert_eq!(ended.stderr, "");
    }

    fn wait(&mut self) -> ExitStatus {
        let status = self.child.wait().expect("our own child");
        let hung = self.watchdog.has_barked.load(Ordering::Acquire);
        assert!(!hung, "{}: hung; it had said:\n{}", self.what, self.said());
        status
    }

    /// Waits for the end.
    ///
    /// # Panics
    /// If it hangs, or leaves anything behind.
    pub(crate) fn finish(mut self) -> Ended {
        self.stdin = None;
        let mut stdout = Vec::new();
        if let Some(mut pipe) = self.stdout.take() {
            pipe.read_to_end(&mut stdout).expect("a pipe can be read");
        }
        let status = self.wait();
        // Of a supervisor that ends by itself, nothing may outlive it, not even for a moment.
        let left = processes(self.session);
        let names = names_in_shm(self.session);
        self.is_over = true;
        for zombie in &left {
            zombie.reap();
        }
        assert!(left.is_empty(), "{}: {status} left behind {left:?}", self.what);
        assert!(names.is_empty(), "{}: {status} left behind {names:?} in /dev/shm", self.what);
        if let Some(collected) = self.collected.take() {
            stdout = collected.all();
        }
        let stderr = self.stderr.take().map(Collected::all).unwrap_or_default();
        let stderr = String::from_utf8(stderr).expect("what is said is UTF-8");
        Ended { status, stdout, stderr }
    }

    /// Waits for the end of a supervisor that was killed as [`Run::finish_killed`] does; what it had written, and said.
    pub(crate) fn finish_killed_with_output(mut self) -> (Vec<u8>, String) {
        let (collected, said) = (self.collected.take(), self.stderr.take());
        self.finish_killed();
        let said = said.map(Collected::all).unwrap_or_default();
        let stdout = collected.map(Collected::all).unwrap_or_default();
        (stdout, String::from_utf8_lossy(&said).into_owned())
    }

    /// Waits until the supervisor has ended; whether SIGKILL was the end of it.
    pub(crate) fn until_killed(&mut self) -> bool {
        self.wait().signal() == Some(Signal::KILL.as_raw())
    }

    /// Waits for the end of a supervisor that was killed, and then until nothing of it is left; how long that
    /// took, and the names that are in `/dev/shm` even then.
    ///
    /// # Panics
    /// If a process of it lives on.
    pub(crate) fn finish_killed(self) -> (Duration, Vec<String>) {
        let dead = self.finish_dead(Signal::KILL);
        (dead.took, dead.names)
    }

    /// The same for one that has died by this signal, and what it had written.
    ///
    /// # Panics
    /// If a process of it lives on.
    pub(crate) fn finish_dead(mut self, by: Signal) -> Dead {
        let status = self.wait();
        let end = Instant::now();
        assert_eq!(status.signal(), Some(by.as_raw()), "{}: {status}", self.what);
        self.until("no process is left", |run| run.workers().is_empty());
        let took = end.elapsed();
        for zombie in processes(self.session) {
            zombie.reap();
        }
        self.is_over = true;
        let stdout = self.collected.take().map(Collected::all).unwrap_or_default();
        Dead { took, names: names_in_shm(self.session), stdout }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        if !self.is_over {
            kill_session(self.session);
            let _ = self.child.wait();
            for zombie in processes(self.session) {
                zombie.reap();
            }
        }
    }
}

impl Ended {
    /// # Panics
    /// If it did not end with this exit code, this output and this on stderr.
    #[track_caller]
    pub(crate) fn expect(&self, code: i32, stdout: &[u8], stderr: &str) {
        let what = format!("{}\n{:.2000}", self.status, self.stderr);
        assert_eq!(self.status.code(), Some(code), "{what}");
        assert_eq!(self.stderr, stderr);
        assert_same(&self.stdout, stdout, &what);
    }

    /// # Panics
    /// If it was not ended by this signal.
    #[track_caller]
    pub(crate) fn expect_signal(&self, signal: Signal) {
        let what = format!("{}\n{:.2000}", self.status, self.stderr);
        assert_eq!(self.status.signal(), Some(signal.as_raw()), "{what}");
    }

    /// What was said on stderr, in lines whose worker and process ids are replaced by `_`.
    pub(crate) fn said(&self) -> Vec<String> {
        self.stderr.lines().map(anonymous).collect()
    }
}

/// `line` without the numbers behind `worker ` and `pid `, which differ from run to run.
pub(crate) fn anonymous(line: &str) -> String {
    let mut line = line.to_owned();
    for name in ["worker ", "pid "] {
        let places: Vec<_> = line.match_indices(name).map(|(at, _)| at + name.len()).collect();
        // From the end, so that a replacement moves nothing that is still to be looked at.
        for at in places.into_iter().rev() {
            let digits = line[at..].bytes().take_while(u8::is_ascii_digit).count();
            if digits > 0 {
                line.replace_range(at..at + digits, "_");
            }
        }
    }
    line
}

/// Compares outputs of any size, and shows where they part.
#[track_caller]
pub(crate) fn assert_same(got: &[u8], want: &[u8], what: &str) {
    if got == want {
        return;
    }
    let line = |bytes: &[u8], nth| {
        let line = bytes.split_inclusive(|byte| *byte == b'\n').nth(nth).unwrap_or(b"(the end)");
        String::from_utf8_lossy(&line[..line.len().min(200)]).into_owned()
    };
    let same = got.iter().zip(want).take_while(|(got, want)| got == want).count();
    let nth = want[..same].iter().filter(|byte| **byte == b'\n').count();
    panic!(
        "{what}\noutput of {} bytes instead of {}; line {nth} is {:?} instead of {:?}",
        got.len(),
        want.len(),
        line(got, nth),
        line(want, nth)
    );
}

/// Whether `got` is a begin of `want` that ends where a line ends.
#[track_caller]
pub(crate) fn assert_whole_prefix(got: &[u8], want: &[u8]) {
    let length = got.len().min(want.len());
    assert_same(got, &want[..length], "no prefix");
    assert!(got.last().is_none_or(|last| *last == b'\n'), "ends within a line");
}

/// The squares of these numbers, as pmap prints them.
pub(crate) fn squares(numbers: impl IntoIterator<Item = i64>) -> Vec<u8> {
    lines(numbers.into_iter().map(|n| i128::from(n) * i128::from(n)))
}

/// A line for each.
pub(crate) fn lines(items: impl IntoIterator<Item = impl std::fmt::Display>) -> Vec<u8> {
    let mut text = Vec::new();
    for item in items {
        writeln!(text, "{item}").expect("memory can be written");
    }
    text
}

/// Both ends of a new terminal: the one that a person sits at, and the one that a program sees.
pub(crate) fn terminal() -> (File, OwnedFd) {
    use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
    use rustix::termios::{Winsize, tcsetwinsize};
    let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
    let person = openpt(flags).expect("a terminal");
    grantpt(&person).expect("a terminal");
    unlockpt(&person).expect("a terminal");
    let program = ioctl_tiocgptpeer(&person, flags).expect("Linux 4.13");
    let size = Winsize { ws_row: 24, ws_col: 120, ws_xpixel: 0, ws_ypixel: 0 };
    tcsetwinsize(&program, size).expect("a terminal");
    (person.into(), program)
}

/// A handle to a process that never comes to mean another.
fn handle(pid: u32) -> Option<OwnedFd> {
    let pid = Pid::from_raw(i32::try_from(pid).ok()?)?;
    rustix::process::pidfd_open(pid, PidfdFlags::empty()).ok()
}
