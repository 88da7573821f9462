//! Where items are read from: standard input, or a file by its name; in blocks, and never a byte more than is asked for.
//!
//! A regular file can be shared: others then read parts of it for themselves ([`read_part`]). It is read, not mapped. A
//! mapping of a file that somebody cuts short is a SIGBUS to all who look at it, and it is no faster (see
//! `docs/ARCHITECTURE.md`).

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::Path;

use rustix::fs::{FileType, Mode, OFlags};
use rustix::io::Errno;

use super::failpoint;
use super::poll::{Interest, Watch};
use super::stdio::name_of;

/// What a pipe on stdin is enlarged to, in bytes: the default limit for ordinary users. Fewer, larger
/// reads; the writer on the other side is woken less often.
const LARGE_PIPE: usize = 1 << 20;

/// A descriptor to read from.
pub struct Input {
    fd: OwnedFd,
    name: String,
    /// Of a file of known length: what it held when it was opened, in bytes. What is appended later is not read, or a
    /// run that writes to the file it reads would never end.
    length: Option<u64>,
    /// Bytes that were read.
    at: u64,
}

impl Input {
    /// The caller's own standard input.
    ///
    /// # Errors
    /// It is closed.
    pub fn stdin() -> io::Result<Self> {
        let fd = rustix::io::fcntl_dupfd_cloexec(rustix::stdio::stdin(), 3)?;
        Ok(Self::stream(fd, "standard input".to_owned()))
    }

    /// A file by its name. It may be a pipe or a device as well; of a pipe, this waits for the writer.
    ///
    /// # Errors
    /// It cannot be opened for reading, or is a directory.
    pub fn file(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::CLOEXEC | OFlags::NOCTTY;
        let fd = rustix::fs::open(path, flags, Mode::empty())?;
        let status = rustix::fs::fstat(&fd)?;
        let mut input = Self::stream(fd, name_of(path));
        match FileType::from_raw_mode(status.st_mode) {
            FileType::Directory => return Err(Errno::ISDIR.into()),
            // Of those that are made while they are read (`/proc`), the length says nothing.
            FileType::RegularFile => {
                input.length = u64::try_from(status.st_size).ok().filter(|length| *length > 0);
            }
            _ => {}
        }
        Ok(input)
    }

    fn stream(fd: OwnedFd, name: String) -> Self {
        // Refused for anything but a pipe, and beyond the user's limit; either is fine.
        let _ = rustix::pipe::fcntl_setpipe_size(&fd, LARGE_PIPE);
        Self { fd, name, length: None, at: 0 }
    }

    /// What a person calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Bytes of a file that others can read parts of, when it was opened; `None`: it can only be read from its begin
    /// to its end.
    #[must_use]
    pub fn length(&self) -> Option<u64> {
        self.length
    }

    /// The file once more, for others.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn share(&self) -> io::Result<File> {
        Ok(rustix::io::fcntl_dupfd_cloexec(&self.fd, 3)?.into())
    }

    /// Bytes read so far.
    #[must_use]
    pub fn at(&self) -> u64 {
        self.at
    }

    /// Appends what can be read now, at most `limit` bytes; 0 at the end of the input. `None`: nothing
    /// can be read yet.
    ///
    /// # Errors
    /// What `read(2)` says. A file that has become shorter than it was is one, too.
    pub fn read(&mut self, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Option<usize>> {
        let left = self.length.map_or(u64::MAX, |length| length - self.at);
        let limit = usize::try_from(left).map_or(limit, |left| limit.min(left));
        let read = into_spare(buffer, limit, |room| {
            failpoint::call("read", || rustix::io::read(&self.fd, room))
        });
        match read {
            Ok(0) if limit > 0 => self.check()?,
            Ok(got) => self.at += got as u64,
            Err(Errno::AGAIN | Errno::INTR) => return Ok(None),
            Err(error) => return Err(error.into()),
        }
        Ok(read.ok())
    }

    /// The same, but waits until something can be read.
    ///
    /// # Errors
    /// As [`Input::read`].
    pub fn read_wait(&mut self, buffer: &mut Vec<u8>, limit: usize) -> io::Result<usize> {
        loop {
            if let Some(got) = self.read(buffer, limit)? {
                return Ok(got);
            }
            let mut watch = Watch::with_capacity(1);
            watch.add(self.fd.as_fd(), Interest::Read);
            watch.sleep(None)?;
        }
    }

    /// Whether a file that others read is as long as it was.
    ///
    /// # Errors
    /// It has become shorter.
    pub fn check(&self) -> io::Result<()> {
        let Some(length) = self.length else { return Ok(()) };
        let now = u64::try_from(rustix::fs::fstat(&self.fd)?.st_size).unwrap_or(0);
        // There are files that hold less than they say (`/sys`).
        if now < length { Err(shortened(length, now)) } else { Ok(()) }
    }
}

impl AsFd for Input {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.fd.as_fd()
    }
}

fn shortened(from: u64, to: u64) -> io::Error {
    let message = format!("somebody has cut it from {from} to {to} bytes while it was read");
    io::Error::new(io::ErrorKind::UnexpectedEof, message)
}

/// Appends `length` bytes of a file, from `offset` on; fewer if it ends before. Neither moves nor minds the place at which
/// others read on.
///
/// # Errors
/// What `pread(2)` says.
pub fn read_part(file: &File, offset: u64, length: usize, into: &mut Vec<u8>) -> io::Result<()> {
    let end = into.len() + length;
    while into.len() < end {
        let at = offset + (length - (end - into.len())) as u64;
        match into_spare(into, end - into.len(), |room| rustix::io::pread(file, room, at)) {
            Ok(0) => break,
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Appends what `read` puts into the room of `limit` bytes behind what `buffer` holds; how many.
fn into_spare(
    buffer: &mut Vec<u8>,
    limit: usize,
    read: impl FnOnce(
        &mut [std::mem::MaybeUninit<u8>],
    ) -> Result<(&mut [u8], &mut [std::mem::MaybeUninit<u8>]), Errno>,
) -> Result<usize, Errno> {
    buffer.reserve_exact(limit);
    let start = buffer.len();
    let room = &mut buffer.spare_capacity_mut()[..limit];
    let got = read(room)?.0.len();
    #[expect(unsafe_code, reason = "the kernel has filled the vector's spare room")]
    // SAFETY: the first `got` bytes after `start` have been initialised, and are within the capacity.
    unsafe {
        buffer.set_len(start + got);
    }
    Ok(got)
}

#[cfg(test)]
mod tests;
