//! Nobody outlives the supervisor. Two independent roads lead there, since a task can block either: the
//! kernel's parent-death signal, and a thread that waits for the end of the control socket.

use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::thread;

use crate::sys::poll::{Interest, Watch};
use crate::sys::{failpoint, process};

/// The watching thread's stack, in bytes: it makes one system call.
const STACK: usize = 64 << 10;

/// Starts a thread that ends this process and its group when the other end of `socket` is gone.
pub(super) fn watch(socket: &OwnedFd) -> io::Result<()> {
    let socket = socket.try_clone()?;
    let thread = thread::Builder::new().name("pmap: guard".into()).stack_size(STACK);
    failpoint::call("guard", || thread.spawn(move || guard(&socket)))?;
    Ok(())
}

fn guard(socket: &OwnedFd) {
    let mut watch = Watch::with_capacity(1);
    let place = watch.add(socket.as_fd(), Interest::HangUp);
    while !watch.found(place).gone {
        if watch.sleep(None).is_err() {
            // Without memory for a wait, the kernel's road has to do.
            return;
        }
    }
    process::die_with_group();
}
