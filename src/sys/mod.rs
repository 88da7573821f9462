//! What pmap asks of the operating system, in pmap's own words: processes, descriptors, sockets,
//! signals, shared memory. The only place that names `rustix`, `libc` or a `cfg(target_os)`.
//!
//! Everything here is a thin, safe function; policy (whom to kill, when to sleep) lives above.

#[cfg(not(target_os = "linux"))]
compile_error!(
    "pmap runs on Linux: it needs pidfds, sealed memory files and parent-death signals. \
     A port starts in src/sys/, the only module that knows the operating system."
);

pub mod allocator;
pub mod bell;
pub mod children;
pub mod clock;
pub mod failpoint;
pub mod files;
pub mod identity;
pub mod input;
pub mod limits;
pub mod math;
pub mod memory;
pub mod passing;
pub mod poll;
pub mod process;
#[cfg(feature = "cli")]
pub mod sandbox;
#[cfg(not(feature = "cli"))]
#[path = "no_sandbox.rs"]
pub mod sandbox;
pub mod sealed;
pub mod signals;
pub mod socket;
pub mod stdio;
