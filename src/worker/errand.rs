//! A process that runs one function and ends: the child's side of a `Process`.
//!
//! Its descriptor 0 is the control socket, which is moved away and replaced by `/dev/null`; whatever else it prints
//! to is its parent's.

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use super::enter::enter;
use super::{Refusal, guard, standing};
use crate::call::{
    Captured, FunctionId, Items, Outcomes, Program, caught, remember_and_print_panics,
    with_incoming, with_outgoing,
};
use crate::sys::{identity, passing, process, sealed, socket, stdio};
use crate::wire::packet::{self, Kind};
use crate::wire::{self, Errand, Fault, MAX_MESSAGE, PROTOCOL, Report};

/// The exit status after a panic, as of any Rust program.
const PANICKED: u8 = 101;

/// The exit status if an argument or a result refused to be sent (`EX_DATAERR`).
const NOT_SENT: u8 = 65;

/// Runs the function that the parent names; the exit status.
///
/// # Errors
/// Where the process was not started for that.
pub(super) fn run() -> Result<u8, Refusal> {
    enter()?;
    let socket = stdio::take_over_stdin()?;
    let mut message = vec![0; MAX_MESSAGE];
    let (received, mut descriptors) = passing::receive_wait(&socket, &mut message)?;
    let socket::Received::Message(length) = received else {
        return Err(Refusal::SupervisorGone);
    };
    let errand = wire::decode::<Errand>(&message[..length]);
    if descriptors.is_empty() {
        return Err(Refusal::NotStartedByPmap);
    }
    let is_same = |errand: &Errand| {
        errand.protocol == PROTOCOL
            && identity::Build::current().is_ok_and(|build| build == errand.build)
    };
    let Some(errand) = errand.ok().filter(is_same) else {
        report(&socket, &Report::Failed(Refusal::OtherBuild.to_string()), &[])?;
        return Err(Refusal::OtherBuild);
    };
    standing::is_worker(errand.depth);
    process::set_name(&errand.name);
    guard::watch(&socket)?;
    let captures = sealed::read(descriptors.remove(0))?;
    remember_and_print_panics();

    let mut outcomes = Outcomes::default();
    let made = with_incoming(descriptors, || prepare(&errand, &captures));
    // As large as the argument, which has been read.
    drop(captures);
    let ((), outgoing) = with_outgoing(|| match made {
        Ok(mut program) => program.run(&mut Items::values(0, &[]), 1, &mut outcomes),
        Err(fault) => outcomes.fail(&fault),
    });
    if let Err(error) = hand_over(&socket, outcomes.bytes(), &outgoing) {
        let why = format!("its result cannot be handed over: {error}");
        report(&socket, &Report::Failed(why), &[])?;
        return Ok(NOT_SENT);
    }
    Ok(status(outcomes.bytes()))
}

/// Makes the function ready, argument and all.
fn prepare(errand: &Errand, captures: &[u8]) -> Result<Box<dyn Program>, Fault> {
    #[expect(unsafe_code, reason = "a number from the parent names code of ours")]
    // SAFETY: the parent is the same build, which was just verified, and sends only what `FunctionId::of` gave it,
    // beside the captures that were written for this entry.
    let (entry, captured) =
        unsafe { (FunctionId::entry_from_bits(errand.entry), Captured::new(captures)) };
    caught(|| entry(captured)).and_then(|made| made)
}

/// Says that it is done, and what came out.
fn hand_over(socket: &OwnedFd, outcome: &[u8], descriptors: &[OwnedFd]) -> io::Result<()> {
    let file = sealed::seal(outcome)?;
    let all: Vec<_> =
        std::iter::once(file.as_fd()).chain(descriptors.iter().map(AsFd::as_fd)).collect();
    report(socket, &Report::Done, &all)
}

fn report(socket: &OwnedFd, report: &Report, descriptors: &[BorrowedFd<'_>]) -> io::Result<()> {
    let message = wire::encode(report).map_err(io::Error::other)?;
    passing::send_now(socket, &message, descriptors)
}

/// The exit status for what came out.
fn status(outcome: &[u8]) -> u8 {
    match packet::split_first(outcome) {
        Some((packet, _)) if packet.kind == Kind::Values => 0,
        Some((packet, _)) => match Fault::from_bytes(packet.payload) {
            Fault::Panicked { .. } => PANICKED,
            Fault::Codec(_) => NOT_SENT,
        },
        None => NOT_SENT,
    }
}
