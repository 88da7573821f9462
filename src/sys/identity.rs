//! Which program this is, so that a worker and its supervisor can tell that they are the same build.

use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;

use serde::{Deserialize, Serialize};

/// The program a worker is started from. `/proc/self/exe` still names the running program when its
/// file has been replaced or removed; without `/proc`, the path that the kernel was given to start it by has to do, and
/// the handshake's comparison of [`Build`]s catches a replaced file.
#[must_use]
pub fn program() -> std::path::PathBuf {
    let running = std::path::Path::new("/proc/self/exe");
    if running.exists() {
        running.into()
    } else {
        OsStr::from_bytes(rustix::param::linux_execfn().to_bytes()).into()
    }
}

/// What this machine is called.
#[must_use]
pub fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

/// Identity of a running program: the file it runs from, and pmap's version. Two processes with equal
/// identities run the same bytes, unless somebody overwrites a program in place, which the system refuses
/// while it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    version: String,
    device: u64,
    inode: u64,
    size: i64,
    modified: (i64, i64),
}

impl Build {
    /// Of the calling process.
    ///
    /// # Errors
    /// The program's file cannot be looked at.
    pub fn current() -> io::Result<Self> {
        let file = rustix::fs::stat(program())?;
        Ok(Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            device: file.st_dev,
            inode: file.st_ino,
            size: file.st_size,
            modified: (file.st_mtime, file.st_mtime_nsec as i64),
        })
    }
}

/// Whether two addresses lie in the same loaded file: the program, or one of its shared libraries. Where nobody can
/// tell, the program is linked statically and there is but one.
#[must_use]
pub fn is_same_image(one: usize, other: usize) -> bool {
    image(one) == image(other)
}

/// Where the file that holds an address is loaded.
fn image(address: usize) -> Option<usize> {
    let mut found = std::mem::MaybeUninit::<libc::Dl_info>::zeroed();
    #[expect(unsafe_code, reason = "the dynamic linker is asked through libc")]
    // SAFETY: the address is only compared, and all-zero is a valid `Dl_info` if the call does not fill it.
    let (known, found) = unsafe {
        let known = libc::dladdr(address as *const libc::c_void, found.as_mut_ptr());
        (known, found.assume_init())
    };
    (known != 0).then_some(found.dli_fbase as usize)
}
