//! Where results go: writes that never block the supervisor. And what else is to be said of standard descriptors.

use std::fs::File;
use std::io::{self, IsTerminal};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rustix::fs::{FileType, Mode, OFlags, SeekFrom};
use rustix::io::{Errno, FdFlags};

use super::failpoint;
use super::poll::{Interest, Watch};

/// Bytes that a pipe takes without blocking once it is reported writable, and in one piece whoever else writes to it.
pub const PIPE_BUF: usize = 4096;

/// Whether standard output was closed when the program began. The standard library opens `/dev/null` in its
/// place before `main`, so that results would vanish without a word.
static STDOUT_WAS_CLOSED: AtomicBool = AtomicBool::new(false);

#[cfg(feature = "cli")]
mod before_main {
    //! A look at the descriptors before the standard library has touched them.

    use std::sync::atomic::Ordering;

    extern "C" fn look() {
        #[expect(unsafe_code, reason = "nothing but libc may be called so early")]
        // SAFETY: fcntl(2) with F_GETFD takes any number and changes nothing.
        let is_open = unsafe { libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) } != -1;
        super::STDOUT_WAS_CLOSED.store(!is_open, Ordering::Relaxed);
    }

    #[used]
    #[expect(unsafe_code, reason = "the C library runs what stands in this section before main")]
    // The function asks for none of what is not set up yet: no allocation, no thread-local, no lock.
    #[unsafe(link_section = ".init_array")]
    static LOOK: extern "C" fn() = look;
}

/// How bytes leave without making the supervisor wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// A file, or a device that never makes one wait: write at will.
    Direct,
    /// A non-blocking description.
    NonBlocking,
    /// Somebody else's blocking description: only what fits once `poll` says so.
    Cautious,
}

/// A descriptor that results are written to, without ever waiting for its reader.
pub struct Output {
    fd: OwnedFd,
    name: String,
    manner: Manner,
    has_reader: bool,
    /// A regular file that we have opened for ourselves, or that is left to us.
    is_cuttable: bool,
    /// Where in it results begin, in bytes.
    head: u64,
}

/// Why an output can have no head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Headless {
    /// It is no regular file.
    Stream,
    /// Whatever is written comes to stand at its end.
    Appends,
    /// Something was written to it before.
    Begun,
}

impl Output {
    /// The caller's standard output.
    ///
    /// A pipe or terminal is opened a second time, so that it can be made non-blocking for us without
    /// being made so for everybody who shares it.
    ///
    /// # Errors
    /// It is closed, or open for reading only.
    pub fn stdout() -> io::Result<Self> {
        if STDOUT_WAS_CLOSED.load(Ordering::Relaxed) {
            return Err(Errno::BADF.into());
        }
        let fd = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
        let flags = rustix::fs::fcntl_getfl(&fd)?;
        if flags & OFlags::RWMODE == OFlags::RDONLY {
            return Err(Errno::BADF.into());
        }
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&fd)?.st_mode);
        let has_reader = matches!(kind, FileType::Fifo | FileType::Socket);
        let with = |fd, manner| {
            let name = "standard output".to_owned();
            Self { fd, name, manner, has_reader, is_cuttable: false, head: 0 }
        };
        if flags.contains(OFlags::NONBLOCK) {
            return Ok(with(fd, Manner::NonBlocking));
        }
        if kind == FileType::Socket {
            return Ok(with(fd, Manner::Cautious));
        }
        if kind != FileType::Fifo && !io::stdout().is_terminal() {
            return Ok(with(fd, Manner::Direct));
        }
        let own = rustix::fs::open(
            "/proc/self/fd/1",
            OFlags::WRONLY | OFlags::NONBLOCK | OFlags::CLOEXEC | OFlags::NOCTTY,
            Mode::empty(),
        );
        Ok(match own {
            Ok(own) => with(own, Manner::NonBlocking),
            // Another user's pipe, or no /proc.
            Err(_) => with(fd, Manner::Cautious),
        })
    }

    /// A file by its name, made if it is not there. What it holds stays until it is [cut](Self::cut).
    ///
    /// It may be a pipe or a device as well; of a pipe, this waits for the reader.
    ///
    /// # Errors
    /// It cannot be opened for writing, or made.
    pub fn file(path: &Path) -> io::Result<Self> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::CLOEXEC | OFlags::NOCTTY;
        let fd = rustix::fs::open(path, flags, Mode::from_raw_mode(0o666))?;
        let kind = FileType::from_raw_mode(rustix::fs::fstat(&fd)?.st_mode);
        let is_slow = kind == FileType::Fifo || rustix::termios::isatty(&fd);
        if is_slow {
            // The description is ours alone.
            rustix::fs::fcntl_setfl(&fd, flags | OFlags::NONBLOCK)?;
        }
        let manner = if is_slow { Manner::NonBlocking } else { Manner::Direct };
        let is_cuttable = kind == FileType::RegularFile;
        let has_reader = kind == FileType::Fifo;
        Ok(Self { fd, name: name_of(path), manner, has_reader, is_cuttable, head: 0 })
    }

    /// Keeps so many bytes before the results for what is known only in the end. What was in the file is
    /// [cut](Self::cut), also if it is not one that we have opened.
    ///
    /// # Errors
    /// It has no place for that, or cannot be looked at.
    pub fn keep_head(&mut self, length: u64) -> io::Result<Result<(), Headless>> {
        if FileType::from_raw_mode(rustix::fs::fstat(&self.fd)?.st_mode) != FileType::RegularFile {
            return Ok(Err(Headless::Stream));
        }
        if rustix::fs::fcntl_getfl(&self.fd)?.contains(OFlags::APPEND) {
            return Ok(Err(Headless::Appends));
        }
        if rustix::fs::seek(&self.fd, SeekFrom::Current(0))? != 0 {
            return Ok(Err(Headless::Begun));
        }
        (self.head, self.is_cuttable) = (length, true);
        Ok(Ok(()))
    }

    /// Writes what stands before the results, in place of what stands there now. Neither moves nor minds the place at which
    /// results are written.
    ///
    /// # Errors
    /// What `pwrite(2)` says.
    pub fn write_head(&self, head: &[u8]) -> io::Result<()> {
        let mut at = 0;
        while at < head.len() {
            let rest = &head[at..];
            match failpoint::call("write", || rustix::io::pwrite(&self.fd, rest, at as u64)) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => at += count,
                Err(Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Bytes that are [kept](Self::keep_head) before the results.
    #[must_use]
    pub fn head(&self) -> u64 {
        self.head
    }

    /// Whether it is a terminal.
    #[must_use]
    pub fn is_terminal(&self) -> bool {
        rustix::termios::isatty(&self.fd)
    }

    /// What a person calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Leaves the first `length` bytes of results in a file that was opened by its name, and writes behind them from now
    /// on. Nothing happens to what is no such file.
    ///
    /// # Errors
    /// The system refuses it.
    pub fn cut(&self, length: u64) -> io::Result<()> {
        if self.is_cuttable {
            let end = self.head + length;
            loop {
                match failpoint::call("cut", || rustix::fs::ftruncate(&self.fd, end)) {
                    Err(Errno::INTR) => {}
                    cut => break cut?,
                }
            }
            rustix::fs::seek(&self.fd, SeekFrom::Start(end))?;
        }
        Ok(())
    }

    /// Whether it is a file that can be [cut](Self::cut).
    #[must_use]
    pub fn can_be_cut(&self) -> bool {
        self.is_cuttable
    }

    /// Another descriptor of the same.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn handle(&self) -> io::Result<File> {
        Ok(self.fd.try_clone()?.into())
    }

    /// Whether `other` is the same file, of those that hold what is written to them.
    #[must_use]
    pub fn is(&self, other: impl AsFd) -> bool {
        match (rustix::fs::fstat(&self.fd), rustix::fs::fstat(other)) {
            (Ok(one), Ok(other)) => {
                FileType::from_raw_mode(one.st_mode) == FileType::RegularFile
                    && (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)
            }
            _ => false,
        }
    }

    /// Whether there is a reader who can go away, which a wait for [`Interest::HangUp`] then tells.
    #[must_use]
    pub fn has_reader(&self) -> bool {
        self.has_reader
    }

    /// Writes what can be written now; how much that was. `None`: nothing, until the descriptor is
    /// writable again.
    ///
    /// # Errors
    /// What `write(2)` says: no space, no reader, a limit.
    pub fn write(&self, bytes: &[u8]) -> io::Result<Option<usize>> {
        let bytes = match self.manner {
            Manner::Direct | Manner::NonBlocking => bytes,
            Manner::Cautious => {
                let mut watch = Watch::with_capacity(1);
                let place = watch.add(self.as_fd(), Interest::Write);
                watch.sleep(Some(Duration::ZERO))?;
                let found = watch.found(place);
                if !found.writable && !found.gone {
                    return Ok(None);
                }
                &bytes[..bytes.len().min(PIPE_BUF)]
            }
        };
        let write = || rustix::io::write(&self.fd, failpoint::part("write", bytes));
        match failpoint::call("write", write) {
            Ok(written) => Ok(Some(written)),
            Err(Errno::AGAIN | Errno::INTR) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}

impl AsFd for Output {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

/// A file as a message names it.
#[must_use]
pub fn name_of(path: &Path) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    format!("'{}'", path.to_string_lossy().chars().map(plain).collect::<String>())
}

/// Makes writes to a descriptor fail that would have to wait. That holds for everybody who shares its description; the
/// other end of a pipe has one of its own.
///
/// # Errors
/// The descriptor is broken.
pub fn never_wait(fd: impl AsFd) -> io::Result<()> {
    Ok(rustix::io::ioctl_fionbio(fd, true)?)
}

/// Bytes that lie in a pipe, by either of its ends: nobody has read them. 0 where the system does not say.
pub fn unread(pipe: impl AsFd) -> u64 {
    rustix::io::ioctl_fionread(pipe).unwrap_or(0)
}

/// Whether what is written to standard error now disturbs nobody: it is no terminal, or one whose foreground is our
/// process group. From the background a terminal may be set (`stty tostop`) to stop who writes to it.
#[must_use]
pub fn stderr_is_ours() -> bool {
    let foreground = rustix::termios::tcgetpgrp(rustix::stdio::stderr());
    foreground.map_or(true, |group| group == rustix::process::getpgrp())
}

/// Moves what stands at descriptors 0 and 1 away, for the caller alone, and puts `/dev/null` in their place.
///
/// # Errors
/// One of them is closed, or no descriptor is left.
pub fn take_over_standard_descriptors() -> io::Result<(OwnedFd, OwnedFd)> {
    let first = failpoint::call("take_over", || {
        rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)
    })?;
    let second = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdout(), 3)?;
    let null = super::memory::null()?;
    rustix::stdio::dup2_stdin(&null)?;
    rustix::stdio::dup2_stdout(&null)?;
    Ok((first, second))
}

/// From now on, what is written to standard output vanishes.
///
/// # Errors
/// No descriptor is left.
pub fn mute_stdout() -> io::Result<()> {
    let null = super::memory::null()?;
    Ok(rustix::stdio::dup2_stdout(&null)?)
}

/// Moves what stands at descriptor 0 away, for the caller alone, and puts `/dev/null` in its place; likewise where
/// another standard descriptor is closed, so that no other file can come to stand there and be printed to.
///
/// # Errors
/// Descriptor 0 is closed, or no descriptor is left.
pub fn take_over_stdin() -> io::Result<OwnedFd> {
    let stdin = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
    let mut null = super::memory::null()?;
    while null.as_raw_fd() <= libc::STDERR_FILENO {
        // It stays where it is.
        rustix::io::fcntl_setfd(&null, FdFlags::empty())?;
        std::mem::forget(std::mem::replace(&mut null, super::memory::null()?));
    }
    rustix::stdio::dup2_stdin(&null)?;
    Ok(stdin)
}
