//! Bytes that nobody can change any more, in a memory file: what can be handed to another process, and read by it
//! whenever it likes, whatever becomes of the writer.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::os::unix::fs::FileExt;

use rustix::fs::{MemfdFlags, SealFlags};

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
