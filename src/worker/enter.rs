//! From a bare process to one of ours: who started it, what dies with it. Every kind of worker begins like this.

use super::Refusal;
use crate::sys::{failpoint, limits, process, signals, socket};

/// Ties the calling process to the one that started it, and puts away what it has inherited, but for its standard
/// descriptors. Its descriptor 0 is the control socket.
///
/// # Errors
/// Where it was not started by pmap.
pub(super) fn enter() -> Result<(), Refusal> {
    let supervisor = socket::maker(std::io::stdin()).filter(|maker| *maker == process::parent());
    let Some(supervisor) = supervisor else {
        return Err(if socket::maker(std::io::stdin()).is_some() {
            Refusal::SupervisorGone
        } else {
            Refusal::NotStartedByPmap
        });
    };
    if !process::leads_group() {
        return Err(Refusal::NotStartedByPmap);
    }
    failpoint::pass("enter");
    process::die_with_parent()?;
    if process::parent() != supervisor {
        // It died before the kernel knew that we want to be told.
        return Err(Refusal::SupervisorGone);
    }
    signals::reset();
    process::close_inherited();
    limits::no_core_dump();
    limits::die_first();
    Ok(())
}
