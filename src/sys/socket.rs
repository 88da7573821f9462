//! The control socket between a supervisor and a worker: whole messages, and an end that both notice.

use std::io;
use std::os::fd::{AsFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvFlags, SendFlags, Shutdown, SocketFlags, SocketType, recv, send, shutdown,
    socketpair,
};

use super::failpoint;
use super::poll::{Interest, Watch};

/// Two connected ends. Messages keep their borders; neither end is inherited unless handed over.
///
/// # Errors
/// No descriptor is left.
pub fn pair() -> io::Result<(OwnedFd, OwnedFd)> {
    let (kind, flags) = (SocketType::SEQPACKET, SocketFlags::CLOEXEC);
    failpoint::call("pair", || Ok(socketpair(AddressFamily::UNIX, kind, flags, None)?))
}

/// Sends one message without waiting. `Ok(false)`: the peer has so many unread messages that it is
/// awake, or will be.
///
/// # Errors
/// The peer is gone.
pub fn send_now(socket: impl AsFd, message: &[u8]) -> io::Result<bool> {
    loop {
        let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
        return match failpoint::call("send", || send(&socket, message, flags)) {
            Ok(_) => Ok(true),
            Err(Errno::INTR) => continue,
            Err(Errno::AGAIN) => Ok(false),
            Err(error) => Err(error.into()),
        };
    }
}

/// Sends one message, and waits until there is room for it.
///
/// # Errors
/// The peer is gone.
pub fn send_wait(socket: impl AsFd, message: &[u8]) -> io::Result<()> {
    while !send_now(&socket, message)? {
        let mut watch = Watch::with_capacity(1);
        watch.add(socket.as_fd(), Interest::Write);
        watch.sleep(None)?;
    }
    Ok(())
}

/// Nothing more will be sent: once it has received what was, the peer receives [`Received::Gone`]. Its messages still come,
/// and it can tell this from our end: the socket has not hung up.
pub fn end_sending(socket: impl AsFd) {
    // It fails where the peer is gone, who then needs not be told.
    let _ = shutdown(socket, Shutdown::Write);
}

/// What a receive found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// A message of so many bytes, cut at the buffer's end.
    Message(usize),
    /// No message waits.
    Nothing,
    /// The peer is gone.
    Gone,
}

fn receive(socket: impl AsFd, buffer: &mut [u8], flags: RecvFlags) -> io::Result<Received> {
    loop {
        return match failpoint::call("receive", || recv(&socket, &mut *buffer, flags)) {
            Ok((0, _)) => Ok(Received::Gone),
            // One that ends without having read what was sent to it is told so once, before its last messages.
            Err(Errno::CONNRESET) => continue,
            Ok((length, _)) => Ok(Received::Message(length)),
            Err(Errno::INTR) => continue,
            Err(Errno::AGAIN) => Ok(Received::Nothing),
            Err(error) => Err(error.into()),
        };
    }
}

/// Takes one message if there is one.
///
/// # Errors
/// The descriptor is no socket.
pub fn receive_now(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<Received> {
    receive(socket, buffer, RecvFlags::DONTWAIT)
}

/// Sleeps until there is a message or the peer is gone.
///
/// # Errors
/// The descriptor is no socket.
pub fn receive_wait(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<Received> {
    receive(socket, buffer, RecvFlags::empty())
}

/// The process at the other end, if `fd` is a control socket at all. (Of a socket pair, the kernel
/// names the process that made it.)
#[must_use]
pub fn maker(fd: impl AsFd) -> Option<u32> {
    let is_control = rustix::net::sockopt::socket_type(&fd) == Ok(SocketType::SEQPACKET)
        && rustix::net::sockopt::socket_domain(&fd) == Ok(AddressFamily::UNIX);
    if !is_control {
        return None;
    }
    let peer = rustix::net::sockopt::socket_peercred(&fd).ok()?;
    u32::try_from(peer.pid.as_raw_nonzero().get()).ok()
}
