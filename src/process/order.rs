//! From a function and its argument to a running process.

use std::ffi::OsString;
use std::io;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::Arc;

use super::error::SpawnError;
use super::life::Life;
use super::once;
use super::spawner::Spawner;
use crate::call::{Captures, Entry, Function, FunctionId, Value, with_outgoing};
use crate::entry;
use crate::sys::{identity, passing, sealed, socket};
use crate::wire::{self, Errand, PROTOCOL};
use crate::worker;

/// Starts `f(argument)` in a process of its own.
pub(super) fn start<F, A, R>(
    name: Option<String>,
    environment: Vec<(OsString, OsString)>,
    f: F,
    argument: A,
) -> Result<Arc<Life>, SpawnError>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    let depth = entry::depth_of_workers()?;
    let function = FunctionId::of(once::entry::<F, A, R> as Entry)?;
    let mut captures = Captures::default();
    captures.function(Function::new(f));
    let (written, descriptors) = with_outgoing(|| captures.value(&argument));
    written?;
    // A descriptor in it is the process's from here on.
    drop(argument);

    let spawner = Spawner::get()?;
    let name = name.unwrap_or_else(|| format!("process-{}", spawner.next_number()));
    let errand = Errand {
        protocol: PROTOCOL,
        build: identity::Build::current()?,
        depth,
        name: name.clone(),
        entry: function.to_bits(),
    };
    let (ours, theirs) = socket::pair()?;
    send(&ours, &errand, &captures.into_bytes(), &descriptors)?;
    drop(descriptors);

    let mut command = Command::new(identity::program());
    command.envs(environment);
    command.arg0(&name).args([worker::ARGUMENT, worker::ERRAND]).stdin(theirs).process_group(0);
    Ok(spawner.start(command, move |child| Life::new(child, ours, name))?)
}

/// Leaves everything in the socket for a process that does not exist yet.
fn send(
    socket: &OwnedFd,
    errand: &Errand,
    captures: &[u8],
    descriptors: &[OwnedFd],
) -> io::Result<()> {
    let message = wire::encode(errand).map_err(io::Error::other)?;
    let file = sealed::seal(captures)?;
    let all: Vec<_> =
        std::iter::once(file.as_fd()).chain(descriptors.iter().map(AsFd::as_fd)).collect();
    passing::send_now(socket, &message, &all)
}
