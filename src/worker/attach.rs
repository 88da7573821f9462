//! From one of our processes to a worker of a pool: where the work comes from.
//!
//! Descriptor 0 is the control socket and descriptor 1 the segment, since those are the ones that a plain
//! spawn hands over; both are moved away and replaced by `/dev/null`, so that a task that reads or prints
//! can neither steal messages nor write into the results.

use std::fs::File;
use std::io;
use std::os::fd::OwnedFd;

use super::enter::enter;
use super::{guard, standing};
use crate::shm::WorkerEnd;
use crate::sys::{
    allocator, children, failpoint, identity, limits, passing, process, sandbox, signals, socket,
    stdio,
};
use crate::wire::{self, Bounds, FromWorker, MAX_MESSAGE, PROTOCOL, Welcome, Work};

/// A worker that is ready to work.
pub struct Attached {
    /// Our end of the segment.
    pub end: WorkerEnd,
    /// To the supervisor; its end is ours.
    pub socket: OwnedFd,
    /// What was agreed.
    pub welcome: Welcome,
    /// The file of which leases name parts.
    pub file: Option<File>,
}

/// Why a process is no worker.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Started by hand, or by something that is not pmap.
    #[error("'__worker' is how pmap starts its own workers; it cannot be used by hand")]
    NotStartedByPmap,
    /// The supervisor ended while this process started.
    #[error("the supervisor is gone")]
    SupervisorGone,
    /// The supervisor speaks another protocol or runs another program.
    #[error("the supervisor is another build of pmap")]
    OtherBuild,
    /// The system refused something.
    #[error("a worker cannot start: {0}")]
    System(#[from] io::Error),
    /// The supervisor has been told why, and tells it.
    #[error("the supervisor has been told why")]
    Told,
    /// The supervisor's message makes no sense.
    #[error(transparent)]
    Message(#[from] wire::MessageError),
}

/// Makes the calling process a worker.
///
/// # Errors
/// Where it was not started as one, or cannot be one; the supervisor has been told if it could be.
pub fn attach() -> Result<Attached, Refusal> {
    enter()?;
    let (socket, segment) = stdio::take_over_standard_descriptors()?;

    let mut message = vec![0; MAX_MESSAGE];
    let (received, descriptors) = passing::receive_wait(&socket, &mut message)?;
    let socket::Received::Message(length) = received else {
        return Err(Refusal::SupervisorGone);
    };
    let welcome: Welcome = wire::decode(&message[..length])?;
    process::set_name(&name(&welcome));
    standing::is_worker(match welcome.work {
        Work::Expression(_) => {
            signals::outlive_reports();
            0
        }
        Work::Command(_) => {
            signals::outlive_reports();
            signals::end_after_programs()?;
            children::adopt_orphans();
            0
        }
        Work::Functions { depth } => depth,
    });
    let refuse = |refusal: Refusal| {
        let message = wire::encode(&FromWorker::Refused(refusal.to_string()));
        let told = message.is_ok_and(|message| socket::send_now(&socket, &message).is_ok());
        if told { Refusal::Told } else { refusal }
    };
    if welcome.protocol != PROTOCOL || welcome.build != identity::Build::current()? {
        return Err(refuse(Refusal::OtherBuild));
    }
    let end = WorkerEnd::attach(segment, welcome.layout).map_err(|error| refuse(error.into()))?;
    confine(&welcome.bounds).map_err(|error| refuse(error.into()))?;
    // Before any task could block the kernel's road; and a worker without a guard shall not be given anything.
    guard::watch(&socket).map_err(|error| refuse(error.into()))?;
    let ready = FromWorker::Ready { protocol: PROTOCOL, pid: std::process::id() };
    failpoint::pass("ready");
    if !socket::send_now(&socket, &wire::encode(&ready)?)? {
        // Nothing lies in a socket that is just so old, or somebody else than pmap has filled it.
        return Err(Refusal::System(io::ErrorKind::WouldBlock.into()));
    }
    failpoint::pass("attached");
    let file = descriptors.into_iter().next().map(File::from);
    Ok(Attached { end, socket, welcome, file })
}

/// Sets the limits that hold as long as the worker lives.
fn confine(bounds: &Bounds) -> io::Result<()> {
    limits::nice(bounds.niceness)?;
    if let Some(bytes) = bounds.memory {
        limits::memory(bytes)?;
        // From here on a refusal means that the limit is reached.
        allocator::watch();
    }
    if bounds.sandbox {
        // Everything that is needed is open, and there is no other thread yet.
        sandbox::enter()?;
    }
    Ok(())
}

/// What `top` shows: `pmap: worker 12`, which is all of the fifteen bytes there are; a larger number needs
/// the blank.
fn name(welcome: &Welcome) -> String {
    let full = format!("pmap: worker {}", welcome.slot);
    if full.len() <= 15 { full } else { format!("pmap:worker{}", welcome.slot) }
}
