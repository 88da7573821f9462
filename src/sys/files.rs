//! Files that one process at a time may change, and what is put into them for good.

use std::fs::File;
use std::io;
use std::path::Path;

use rustix::fs::FlockOperation;
use rustix::io::Errno;

use super::failpoint;

/// Locks a file for as long as it is open, or its process lives; false if somebody else has.
///
/// # Errors
/// The file system knows no locks.
pub fn try_lock(file: &File) -> io::Result<bool> {
    loop {
        let lock = || rustix::fs::flock(file, FlockOperation::NonBlockingLockExclusive);
        return match failpoint::call("lock", lock) {
            Ok(()) => Ok(true),
            Err(Errno::WOULDBLOCK) => Ok(false),
            Err(Errno::INTR) => continue,
            Err(error) => Err(error.into()),
        };
    }
}

/// Whether the file is the one that has this name now.
#[must_use]
pub fn is_at(file: &File, path: &Path) -> bool {
    match (rustix::fs::fstat(file), rustix::fs::stat(path)) {
        (Ok(one), Ok(other)) => (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino),
        _ => false,
    }
}

/// Writes all of `bytes` where the file has got to, and leaves of them what is not written.
///
/// # Errors
/// The disk is full, or broken. Some of them may have been written, which are gone from `bytes`.
pub fn append(file: &File, bytes: &mut &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        let write = || rustix::io::write(file, failpoint::part("append", bytes));
        match failpoint::call("append", write) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(written) => *bytes = &bytes[written..],
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Puts on the disk what was written to a file, and its length.
///
/// # Errors
/// The disk is full, or broken. What was written may be lost, in part or as a whole.
pub fn sync(file: &File) -> io::Result<()> {
    loop {
        return match failpoint::call("sync", || rustix::fs::fdatasync(file)) {
            Ok(()) => Ok(()),
            Err(Errno::INTR) => continue,
            Err(error) => Err(error.into()),
        };
    }
}

/// Puts a folder's names on the disk, as far as its file system does that.
pub fn sync_folder_of(path: &Path) {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Ok(folder) = File::open(folder.unwrap_or(Path::new("."))) {
        let _ = folder.sync_all();
    }
}
