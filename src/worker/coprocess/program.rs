//! The program of a coprocess: its pipes, and its end. Nothing here waits but for the end of one that is killed.

use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStderr, ChildStdin, ChildStdout, ExitStatus, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::super::command::{cannot_start, prepare};
use super::super::relay::Relay;
use crate::ids::Slot;
use crate::sys::poll::{Interest, Watch};
use crate::sys::{children, process, signals, stdio};
use crate::wire::{Command, Mishap};

/// Bytes that are read at a time: what a pipe holds.
const BLOCK: usize = 64 << 10;

/// A program that was started.
pub(super) struct Program {
    child: Child,
    end: process::Child,
    /// Open as long as the program is to be given anything; not `None` because it does not read any more.
    pub(super) stdin: Option<ChildStdin>,
    /// `None` once nobody holds the other end.
    pub(super) stdout: Option<ChildStdout>,
    pub(super) stderr: Option<ChildStderr>,
    relay: Relay<'static>,
    block: Vec<u8>,
    /// Bytes that were written to it.
    written: u64,
}

/// What became of a write.
pub(super) enum Written {
    /// So much was taken.
    Bytes(usize),
    /// Nobody reads any more.
    Deaf,
}

impl Program {
    /// # Errors
    /// It cannot be started, and why.
    pub(super) fn start(command: &Command, slot: Slot) -> Result<Self, Mishap> {
        // Its words hold no item.
        let mut command = prepare(command, b"", 0, slot, 0)?;
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = command.spawn();
        let mut child = started.map_err(|error| cannot_start(command.get_program(), &error))?;
        if signals::is_asked_to_end() {
            // It came before the program did.
            children::ask_to_end(child.id());
        }
        let broken = |error| Mishap::Failed(format!("its program cannot be talked with: {error}"));
        let end = process::Child::adopt(child.id()).map_err(broken)?;
        let (stdin, stdout, stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        let pipes = [
            stdin.as_ref().map(AsFd::as_fd),
            stdout.as_ref().map(AsFd::as_fd),
            stderr.as_ref().map(AsFd::as_fd),
        ];
        pipes.into_iter().flatten().try_for_each(stdio::never_wait).map_err(broken)?;
        let (relay, block) = (Relay::new(b""), vec![0; BLOCK]);
        Ok(Self { child, end, stdin, stdout, stderr, relay, block, written: 0 })
    }

    /// Readable once it has ended.
    pub(super) fn end(&self) -> Arc<OwnedFd> {
        self.end.handle()
    }

    pub(super) fn has_ended(&self) -> bool {
        self.end.has_ended().is_some()
    }

    /// Writes what it takes now.
    pub(super) fn give(&mut self, text: &[u8]) -> Written {
        let Some(stdin) = &mut self.stdin else { return Written::Deaf };
        let mut taken = 0;
        while taken < text.len() {
            match stdin.write(&text[taken..]) {
                Ok(bytes) => taken += bytes,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                Err(_) => return Written::Deaf,
            }
        }
        self.written += taken as u64;
        Written::Bytes(taken)
    }

    /// Whether it has read a single byte.
    pub(super) fn has_read(&self) -> bool {
        self.unread() < self.written
    }

    /// Bytes that were written to it and that it has not read.
    pub(super) fn unread(&self) -> u64 {
        self.stdin.as_ref().map_or(0, stdio::unread)
    }

    /// Reads what there is of its output, a block at most; how many bytes: none, if there is nothing now, or never again.
    pub(super) fn read_output(&mut self) -> usize {
        take(&mut self.stdout, &mut self.block).len()
    }

    /// What was read last, which had this length.
    pub(super) fn read(&self, length: usize) -> &[u8] {
        &self.block[..length]
    }

    /// Whether it writes something more before `limit` is over.
    ///
    /// # Errors
    /// The system has no memory for the wait.
    pub(super) fn has_more(&self, limit: Duration) -> io::Result<bool> {
        let Some(stdout) = &self.stdout else { return Ok(false) };
        let mut watch = Watch::with_capacity(1);
        let place = watch.add(stdout.as_fd(), Interest::Read);
        watch.sleep(Some(limit))?;
        Ok(watch.found(place).readable)
    }

    /// Passes on what it says on standard error; whether there was anything.
    pub(super) fn pass_on(&mut self) -> bool {
        let said = take(&mut self.stderr, &mut self.block);
        self.relay.pass(said);
        !said.is_empty()
    }

    /// Ends it if it lives, with all that it has started; how it ended, and what it had to say then is passed on.
    pub(super) fn bury(mut self) -> io::Result<ExitStatus> {
        if !self.has_ended() {
            let _ = self.child.kill();
        }
        let ended = self.child.wait();
        children::end_all();
        while self.pass_on() {}
        self.relay.finish();
        ended
    }
}

/// How a program ended.
pub(super) fn mishap(ended: io::Result<ExitStatus>) -> Mishap {
    match ended.map(|status| (status.code(), status.signal())) {
        Ok((Some(code), _)) => Mishap::Exited(code),
        Ok((None, signal)) => Mishap::Killed(signal.unwrap_or_default()),
        Err(error) => Mishap::Failed(format!("its program's end was lost: {error}")),
    }
}

/// Reads what there is now; at the end of the pipe, nothing, and closes it.
fn take<'a>(pipe: &mut Option<impl Read>, block: &'a mut [u8]) -> &'a [u8] {
    let Some(open) = pipe else { return &[] };
    loop {
        match open.read(block) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => return &[],
            Ok(length @ 1..) => return &block[..length],
            // What cannot be read has ended, too.
            Ok(0) | Err(_) => {
                *pipe = None;
                return &[];
            }
        }
    }
}
