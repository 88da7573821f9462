//! Making a segment that has no name by the time anybody else could know it, and attaching to one.

use std::fs::File;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::sync::OnceLock;

use memmap2::{Advice, MmapOptions, MmapRaw};
use shared_memory::{Shmem, ShmemConf, ShmemError};

use super::ends::{SupervisorEnd, WorkerEnd};
use super::layout::Layout;
use super::region::{Mapping, Region};
use crate::sys::{failpoint, memory, process};

/// What a segment's memory is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backing {
    /// A sealed memory file: it never has a name, nobody can cut it, and the size of `/dev/shm` does not bound it.
    Sealed,
    /// A file in `/dev/shm` whose name is dropped as soon as it is opened.
    Named,
}

/// A fresh segment: the supervisor's end of it, and the descriptor to hand to the worker.
pub struct Segment {
    /// The supervisor's end.
    pub end: SupervisorEnd,
    /// For the worker, who maps it.
    pub fd: OwnedFd,
    /// What it is made of.
    pub backing: Backing,
}

impl Segment {
    /// A segment in a sealed memory file, or in `/dev/shm` where such a file is not to be had.
    ///
    /// # Errors
    /// Neither has the space, or no descriptor is left.
    pub fn create(layout: Layout) -> io::Result<Self> {
        // What the second lacks, too, is told as the first lacked it.
        Self::create_in(layout, Backing::Sealed)
            .or_else(|error| Self::create_in(layout, Backing::Named).map_err(|_| error))
    }

    /// A segment made of `backing`.
    ///
    /// # Errors
    /// It has not the space, or no descriptor is left.
    pub fn create_in(layout: Layout, backing: Backing) -> io::Result<Self> {
        let (region, fd) = match backing {
            Backing::Named => named(layout.len())?,
            Backing::Sealed => sealed(layout.len())?,
        };
        Ok(Self { end: SupervisorEnd::new(&region, layout), fd, backing })
    }
}

impl WorkerEnd {
    /// Maps the segment that the supervisor handed over; the mapping keeps the memory when `fd` is closed.
    ///
    /// # Errors
    /// The file is not of the layout's size, or cannot be mapped.
    pub fn attach(fd: OwnedFd, layout: Layout) -> io::Result<Self> {
        if memory::length(&fd)? != layout.len() as u64 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the segment has another size than was agreed",
            ));
        }
        let file = File::from(fd);
        let length = layout.down_len();
        let first =
            failpoint::call("attach", || MmapOptions::new().len(length).map_raw_read_only(&file))?;
        let second = MmapOptions::new()
            .offset(layout.down_len() as u64)
            .len(layout.up_len())
            .map_raw(&file)?;
        for half in [&first, &second] {
            // A child that the task forks must not be able to write where the supervisor reads; and a crash
            // must not spill other items' data. A kernel that refuses either changes nothing else.
            let _ = half.advise(Advice::DontFork);
            let _ = half.advise(Advice::DontDump);
        }
        let (first, second) = (Region::new(Mapped(first)), Region::new(Mapped(second)));
        Ok(Self::new(&first, &second, layout))
    }
}

struct Mapped(MmapRaw);

impl Mapping for Mapped {
    fn base(&self) -> *mut u8 {
        self.0.as_mut_ptr()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

struct Named(Shmem);

// SAFETY: only its address and length are used, which are the same in every thread; the drop unmaps and
// closes, which any thread may do.
#[expect(unsafe_code, reason = "Shmem holds a raw pointer")]
unsafe impl Send for Named {}
// SAFETY: as above; nothing is done through a shared reference but reading two numbers.
#[expect(unsafe_code, reason = "Shmem holds a raw pointer")]
unsafe impl Sync for Named {}

impl Mapping for Named {
    fn base(&self) -> *mut u8 {
        self.0.as_ptr()
    }

    fn len(&self) -> usize {
        self.0.len()
    }
}

/// A segment in `/dev/shm`, for systems that refuse memory files. Its name lives for some ten microseconds: from the
/// file's creation inside of `create` to the `unlink` two lines further on. A SIGKILL in between leaves a name that says
/// whose it was, for [`sweep_stale_names`].
fn named(length: usize) -> io::Result<(Region, OwnedFd)> {
    for _ in 0..16 {
        let name = format!("{}{:032x}", own_prefix(), memory::random()?);
        let conf = ShmemConf::new().size(length).os_id(&name);
        let mut shmem = match conf.create() {
            Ok(shmem) => shmem,
            Err(ShmemError::MappingIdExists) => continue,
            Err(error) => return Err(io_error(&error)),
        };
        let fd = memory::open_named(&name);
        let unlinked = memory::unlink(&name);
        shmem.set_owner(false);
        let fd = fd?;
        unlinked?;
        if memory::length(&fd)? != length as u64 {
            return Err(io::Error::new(
                io::ErrorKind::InvalidData,
                "the segment was tampered with",
            ));
        }
        memory::reserve(fd.as_fd(), length as u64)?;
        return Ok((Region::new(Named(shmem)), fd));
    }
    Err(io::Error::new(io::ErrorKind::AlreadyExists, "sixteen random names were all taken"))
}

fn io_error(error: &ShmemError) -> io::Error {
    match *error {
        ShmemError::MapCreateFailed(code)
        | ShmemError::MapOpenFailed(code)
        | ShmemError::UnknownOsError(code) => {
            io::Error::from_raw_os_error(i32::try_from(code).unwrap_or_default())
        }
        _ => io::Error::other(error.to_string()),
    }
}

fn sealed(length: usize) -> io::Result<(Region, OwnedFd)> {
    let file = memory::sealed(length as u64)?;
    let mapping = failpoint::call("map", || MmapOptions::new().len(length).map_raw(&file))?;
    Ok((Region::new(Mapped(mapping)), file.into()))
}

/// `pmap-USER-NAMESPACE-PID-START-`: the process that a name belongs to, never to be mistaken for another.
pub(super) fn own_prefix() -> &'static str {
    static PREFIX: OnceLock<String> = OnceLock::new();
    PREFIX.get_or_init(|| {
        let pid = std::process::id();
        format!("{}{pid}-{}-", namespace_prefix(), process::start_time(pid).unwrap_or(0))
    })
}

pub(super) fn namespace_prefix() -> String {
    format!("pmap-{}-{}-", process::user(), process::pid_namespace())
}

/// Removes the names that dead supervisors of this user left behind when they were killed in the few
/// microseconds in which a segment in `/dev/shm` has a name.
pub fn sweep_stale_names() {
    let prefix = namespace_prefix();
    for name in memory::names(&prefix) {
        let mut owner = name[prefix.len()..].split('-');
        let (Some(pid), Some(start)) = (owner.next(), owner.next()) else {
            continue;
        };
        let (Ok(pid), Ok(start)) = (pid.parse::<u32>(), start.parse::<u64>()) else {
            continue;
        };
        if process::start_time(pid) != Some(start)
            && process::start_time(std::process::id()).is_some()
        {
            let _ = memory::unlink(&name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_says_is_kept() {
        for error in [ShmemError::MapCreateFailed(28), ShmemError::MapOpenFailed(28)] {
            assert_eq!(io_error(&error).raw_os_error(), Some(28));
        }
        assert_eq!(io_error(&ShmemError::MappingIdExists).raw_os_error(), None);
    }
}
