//! Points of the protocol at which a test can have a process die, dawdle, or be refused something by the system.
//!
//! Only with the feature `failpoints`, which no release has; without it everything here is empty, and no trace of a
//! point is in the program. With it, `PMAP_FAILPOINTS` gives orders, one behind the other with `;` in between:
//!
//! ```text
//! ORDER  = POINT '=' ACTION [ '@' WHO ] [ '#' NTH | '%' NTH | '+' NTH ]
//! ACTION = kill | abort | stop | delay | short | EINTR | EAGAIN | ENOMEM | ENOSPC
//!                                                                     stop: until SIGCONT; delay: 20 ms
//! WHO    = supervisor | worker | SLOT | SLOT.GENERATION           default: everybody who comes by
//! NTH    = the one time that counts (#, default 1), every so manieth (%), or that one and all after it (+), for each process
//! ```
//!
//! `claimed=kill@0.0#3`: the first worker of slot 0 is killed the third time it has claimed items. The errors are for
//! points that are [system calls](call), and are said instead of making the call; `short` is for those that [write](part),
//! and has them take half of what there is. Each order that is carried out is noted in
//! the file that `PMAP_FAILPOINTS_LOG` names, as it stands, so that a test knows that there was something to survive.
//! `tests/failpoints` has the list of points.

use std::process::Command;

use rustix::io::Errno;

use crate::ids::{Generation, Slot};

#[cfg(feature = "failpoints")]
mod armed;

/// Comes by a point.
#[inline(always)]
pub fn pass(point: &'static str) {
    #[cfg(feature = "failpoints")]
    armed::pass(point);
    let _ = point;
}

/// Comes by a point that is a system call: makes it, or says what it was told to.
///
/// # Errors
/// The call's own, or one of those that a test has ordered.
#[inline(always)]
pub fn call<T, E: From<Errno>>(
    point: &'static str,
    call: impl FnOnce() -> Result<T, E>,
) -> Result<T, E> {
    #[cfg(feature = "failpoints")]
    if let Some(errno) = armed::refusal(point) {
        return Err(errno.into());
    }
    let _ = point;
    call()
}

/// What of `bytes` the system is given at a point that writes: all, or half of it if a test has ordered that it takes no more.
#[inline(always)]
#[must_use]
pub fn part<'a>(point: &'static str, bytes: &'a [u8]) -> &'a [u8] {
    #[cfg(feature = "failpoints")]
    if armed::takes_half(point) {
        return &bytes[..bytes.len().div_ceil(2)];
    }
    let _ = point;
    bytes
}

/// Tells a worker that is about to be started who it is, so that orders reach it from its first instruction on.
#[inline(always)]
pub fn introduce(command: &mut Command, slot: Slot, generation: Generation) {
    #[cfg(feature = "failpoints")]
    armed::introduce(command, slot, generation);
    let _ = (command, slot, generation);
}
