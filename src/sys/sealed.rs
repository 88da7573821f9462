//! Bytes that nobody can change any more, in a memory file: what can be handed to another process, and read by it
//! whenever it likes, whatever becomes of the writer.

use std::fs::File;
use std::io::{self, Read, Write};
use std::ops::Deref;
use std::os::fd::{AsFd, AsRawFd};
use std::os::unix::fs::FileExt;
use std::path::Path;

use memmap2::Mmap;
use rustix::fs::{FileType, MemfdFlags, Mode, OFlags, SealFlags};
use serde::{Deserialize, Serialize};

fn seals() -> SealFlags {
    SealFlags::SHRINK | SealFlags::GROW | SealFlags::WRITE | SealFlags::SEAL
}

/// A file that holds `bytes` for good.
///
/// # Errors
/// No memory or no descriptor is left.
pub fn seal(bytes: &[u8]) -> io::Result<File> {
    let fd = rustix::fs::memfd_create("pmap", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)?;
    let mut file = File::from(fd);
    file.write_all(bytes)?;
    rustix::fs::fcntl_add_seals(&file, seals())?;
    Ok(file)
}

/// A file that holds for good what a regular file holds now, of at most so many bytes.
///
/// # Errors
/// It is no regular file, or too large, or cannot be read; or no memory is left.
pub fn copy(path: &Path, most: u64) -> io::Result<File> {
    // Anything but a regular file may keep its reader waiting, and so may opening it.
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC;
    let source = rustix::fs::open(path, flags, Mode::empty())?;
    let kind = FileType::from_raw_mode(rustix::fs::fstat(&source)?.st_mode);
    if kind != FileType::RegularFile {
        return Err(io::Error::other("it is no regular file"));
    }
    let fd = rustix::fs::memfd_create("pmap", MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING)
        .map_err(|error| io::Error::other(format!("no copy in memory can be made: {error}")))?;
    let mut file = File::from(fd);
    if io::copy(&mut File::from(source).take(most + 1), &mut file)? > most {
        return Err(io::ErrorKind::FileTooLarge.into());
    }
    rustix::fs::fcntl_add_seals(&file, seals())?;
    Ok(file)
}

/// What such a file holds, in place: readers of the same file, in whatever process, share its memory.
#[derive(Debug)]
pub struct Mapping {
    file: File,
    memory: Mmap,
}

impl Mapping {
    /// Maps a file.
    ///
    /// # Errors
    /// It is none that nobody can change any more, or no memory is left.
    pub fn of(file: File) -> io::Result<Self> {
        if !rustix::fs::fcntl_get_seals(&file)?.contains(seals()) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        #[expect(
            unsafe_code,
            reason = "a mapping of a file that somebody changes would be unsound"
        )]
        // SAFETY: its seals forbid everybody to write to it or to make it shorter, for good.
        let memory = unsafe { Mmap::map(&file) }?;
        Ok(Self { file, memory })
    }

    /// What names the file in other processes of the same user, while this one has it open.
    ///
    /// # Errors
    /// It cannot be looked at.
    pub fn address(&self) -> io::Result<Address> {
        let (process, descriptor) = (std::process::id(), self.file.as_raw_fd());
        Ok(Address { process, descriptor, inode: rustix::fs::fstat(&self.file)?.st_ino })
    }
}

impl Deref for Mapping {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.memory
    }
}

/// Where another process has a sealed file open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    process: u32,
    descriptor: i32,
    inode: u64,
}

impl Address {
    /// Opens the file.
    ///
    /// # Errors
    /// The process has it no longer, or there is no `/proc`.
    pub fn open(self) -> io::Result<File> {
        let file = File::open(format!("/proc/{}/fd/{}", self.process, self.descriptor))?;
        // The number may have come to mean another file.
        if rustix::fs::fstat(&file)?.st_ino == self.inode {
            Ok(file)
        } else {
            Err(io::ErrorKind::NotFound.into())
        }
    }
}

/// What such a file holds. It can be read any number of times.
///
/// # Errors
/// It is none: a pipe could keep its reader waiting, and another file could change.
pub fn read(file: impl AsFd) -> io::Result<Vec<u8>> {
    let fd = file.as_fd();
    if !rustix::fs::fcntl_get_seals(fd)?.contains(seals()) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let length = super::memory::length(fd)?;
    let length = usize::try_from(length).map_err(|_| io::ErrorKind::OutOfMemory)?;
    let mut bytes = vec![0; length];
    File::from(fd.try_clone_to_owned()?).read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests;
