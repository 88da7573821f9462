//! Messages with descriptors, over a control socket. A descriptor that is under way is nobody's; one that never
//! arrives is closed with the socket.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::io::Errno;
use rustix::net::{
    RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
};

use super::failpoint;
use super::socket::Received;

/// The most descriptors that go with one message: the kernel's `SCM_MAX_FD`.
pub const MAX_DESCRIPTORS: usize = 253;

/// Sends a message with descriptors, without waiting.
///
/// # Errors
/// The peer is gone, or has too many unread messages, or there are too many descriptors: in one message, or under way
/// altogether.
pub fn send_now(
    socket: impl AsFd,
    message: &[u8],
    descriptors: &[BorrowedFd<'_>],
) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
    let mut ancillary = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !ancillary.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::TOOMANYREFS.into());
    }
    let flags = SendFlags::DONTWAIT | SendFlags::NOSIGNAL;
    loop {
        let send = || sendmsg(&socket, &[IoSlice::new(message)], &mut ancillary, flags);
        match failpoint::call("send", send) {
            Ok(_) => return Ok(()),
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
}

fn receive(
    socket: impl AsFd,
    buffer: &mut [u8],
    flags: RecvFlags,
) -> io::Result<(Received, Vec<OwnedFd>)> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MAX_DESCRIPTORS))];
    let mut ancillary = RecvAncillaryBuffer::new(&mut space);
    loop {
        let flags = flags | RecvFlags::CMSG_CLOEXEC;
        let receive = || recvmsg(&socket, &mut [IoSliceMut::new(buffer)], &mut ancillary, flags);
        return match failpoint::call("receive", receive) {
            Ok(message) => {
                let descriptors = ancillary.drain().filter_map(|one| match one {
                    RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
                    _ => None,
                });
                let descriptors = descriptors.flatten().collect();
                match message.bytes {
                    0 => Ok((Received::Gone, Vec::new())),
                    length => Ok((Received::Message(length), descriptors)),
                }
            }
            // Told once, before the last messages; see `socket`.
            Err(Errno::CONNRESET | Errno::INTR) => continue,
            Err(Errno::AGAIN) => Ok((Received::Nothing, Vec::new())),
            Err(error) => Err(error.into()),
        };
    }
}

/// Takes one message, if there is one, and the descriptors that came with it.
///
/// # Errors
/// The descriptor is no socket.
pub fn receive_now(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<(Received, Vec<OwnedFd>)> {
    receive(socket, buffer, RecvFlags::DONTWAIT)
}

/// Sleeps until there is a message, or the peer is gone.
///
/// # Errors
/// The descriptor is no socket.
pub fn receive_wait(socket: impl AsFd, buffer: &mut [u8]) -> io::Result<(Received, Vec<OwnedFd>)> {
    receive(socket, buffer, RecvFlags::empty())
}
