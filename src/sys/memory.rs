//! Memory that two processes see: sealed memory files, and files in `/dev/shm` where those are refused.

use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::fd::{AsFd, OwnedFd};
use std::path::Path;

use rustix::fs::{FallocateFlags, MemfdFlags, Mode, OFlags, SealFlags};
use rustix::io::Errno;

use super::failpoint;
use rustix::mm::Advice;

/// Where named segments live while they have a name.
pub const DIRECTORY: &str = "/dev/shm";

/// Opens a named segment a second time, for a descriptor of our own.
///
/// # Errors
/// It is gone, or not ours.
pub fn open_named(name: &str) -> io::Result<OwnedFd> {
    Ok(rustix::shm::open(name, rustix::shm::OFlags::RDWR, Mode::empty())?)
}

/// Drops a segment's name; the memory stays for those that hold it.
///
/// # Errors
/// There is no such name.
pub fn unlink(name: &str) -> io::Result<()> {
    Ok(rustix::shm::unlink(name)?)
}

/// Gives every byte of the file a page, so that a full file system is an error here and now instead of a
/// SIGBUS at the first touch.
///
/// # Errors
/// No space, or the limit on file sizes.
pub fn reserve(fd: impl AsFd, length: u64) -> io::Result<()> {
    loop {
        let flags = FallocateFlags::empty();
        return match failpoint::call("reserve", || rustix::fs::fallocate(&fd, flags, 0, length)) {
            Ok(()) => Ok(()),
            Err(Errno::INTR) => continue,
            Err(error) => Err(error.into()),
        };
    }
}

/// The length of the file behind a descriptor, in bytes.
///
/// # Errors
/// The descriptor is broken.
pub fn length(fd: impl AsFd) -> io::Result<u64> {
    let file = rustix::fs::fstat(fd)?;
    u64::try_from(file.st_size).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Memory without a name, of a length that nobody can change any more: cutting it would be a SIGBUS to
/// everybody who has mapped it.
///
/// # Errors
/// No memory or no descriptor is left.
pub fn sealed(length: u64) -> io::Result<File> {
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let fd = failpoint::call("memory", || rustix::fs::memfd_create("pmap", flags))?;
    rustix::fs::ftruncate(&fd, length)?;
    reserve(&fd, length)?;
    rustix::fs::fcntl_add_seals(&fd, SealFlags::SHRINK | SealFlags::GROW | SealFlags::SEAL)?;
    Ok(File::from(fd))
}

/// Gives every page between these addresses memory, as if it had been written to, and leaves what it holds as it is.
/// A kernel that does not know how (before 5.14), or has no memory, does nothing: it is had at the first touch then.
pub fn populate(addresses: Range<usize>) {
    let page = rustix::param::page_size();
    let (start, end) = (addresses.start.next_multiple_of(page), addresses.end / page * page);
    if start >= end {
        return;
    }
    let pointer = std::ptr::without_provenance_mut(start);
    #[expect(unsafe_code, reason = "the call takes a pointer")]
    // SAFETY: this advice changes neither what memory holds nor what is mapped, whatever lies at these addresses.
    let _ = unsafe { rustix::mm::madvise(pointer, end - start, Advice::LinuxPopulateWrite) };
}

/// 128 random bits.
///
/// # Errors
/// The kernel's source of randomness is not to be had.
pub fn random() -> io::Result<u128> {
    let mut bytes = [0_u8; 16];
    let got = rustix::rand::getrandom(&mut bytes, rustix::rand::GetRandomFlags::empty())?;
    if got < bytes.len() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(u128::from_le_bytes(bytes))
}

/// The names in [`DIRECTORY`] that begin with `prefix`; none where there is no such directory.
pub fn names(prefix: &str) -> impl Iterator<Item = String> {
    std::fs::read_dir(Path::new(DIRECTORY))
        .into_iter()
        .flatten()
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(move |name| name.starts_with(prefix))
}

/// A descriptor of nothing: reads end at once, writes vanish.
///
/// # Errors
/// `/dev/null` is missing.
pub fn null() -> io::Result<OwnedFd> {
    Ok(rustix::fs::open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?)
}
