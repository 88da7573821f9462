//! A program for each item: started without a shell, watched until it and all that holds its output have ended, and
//! never left behind.
//!
//! It belongs to the worker's process group, so that whoever ends the worker ends it, too. What it leaves running when
//! it ends, the worker adopts and ends.

use std::ffi::OsStr;
use std::io::{self, ErrorKind, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{self, Child, Stdio};

use super::relay::{Relay, tag_lines};
use crate::call::Outcomes;
use crate::ids::{Index, Slot};
use crate::sys::poll::{Interest, Watch};
use crate::sys::{children, failpoint, signals, stdio};
use crate::wire::{Command, Mishap, Stdin};

/// The most that one program may write to its standard output, in bytes: a result is in memory as a whole.
const MOST_OUTPUT: usize = 256 << 20;

/// Bytes that are read at a time: what a pipe holds.
const BLOCK: usize = 64 << 10;

/// The program of the items of one worker.
pub(super) struct Commands {
    command: Command,
    slot: Slot,
    /// Items have a limit on processor time, which its program inherits.
    is_timed: bool,
    block: Vec<u8>,
    /// Standard output, where its lines are to be tagged.
    untagged: Vec<u8>,
}

impl Commands {
    pub(super) fn new(command: Command, slot: Slot, is_timed: bool) -> Self {
        Self { command, slot, is_timed, block: vec![0; BLOCK], untagged: Vec::new() }
    }

    /// What stands behind each item in the text of leases.
    pub(super) fn separator(&self) -> u8 {
        self.command.separator
    }

    /// Runs an item's program to its end, and adds its outcome: all that it has written, as it is, if it ended well.
    pub(super) fn run(&mut self, item: &[u8], index: Index, attempt: u32, outcomes: &mut Outcomes) {
        let packet = outcomes.begin();
        match self.output(item, index, attempt, outcomes.values()) {
            Ok(()) => outcomes.end(packet, 1),
            Err(mishap) => {
                outcomes.abandon(packet);
                outcomes.miss(&mishap);
            }
        }
    }

    fn output(
        &mut self,
        item: &[u8],
        index: Index,
        attempt: u32,
        result: &mut Vec<u8>,
    ) -> Result<(), Mishap> {
        // From here on a request to end waits until the program has heard it, too.
        let _busy = signals::Busy::begin();
        let mut child = self.start(item, index, attempt)?;
        let prefix = if self.command.tags { [item, b"\t"].concat() } else { Vec::new() };
        let mut untagged = std::mem::take(&mut self.untagged);
        let out = if self.command.tags { &mut untagged } else { &mut *result };
        let talked = self.talk(&mut child, item, &prefix, out);
        if talked.is_err() {
            let _ = child.kill();
        }
        failpoint::pass("program_wait");
        let ended = child.wait();
        failpoint::pass("program_ended");
        children::end_all();
        if self.command.tags {
            let mut tagged = Vec::new();
            tag_lines(&prefix, &untagged, &mut tagged);
            result.extend_from_slice(&tagged);
            untagged.clear();
        }
        self.untagged = untagged;
        talked?;
        let status = ended.map_err(|error| Mishap::Failed(format!("its end was lost: {error}")))?;
        match (status.code(), status.signal()) {
            (Some(0), _) => Ok(()),
            (Some(code), _) => Err(Mishap::Exited(code)),
            (None, Some(signal)) if self.is_timed && signals::means_cpu_time(signal) => {
                Err(Mishap::CpuTime)
            }
            (None, signal) => Err(Mishap::Killed(signal.unwrap_or_default())),
        }
    }

    fn start(&self, item: &[u8], index: Index, attempt: u32) -> Result<Child, Mishap> {
        let mut command = prepare(&self.command, item, index, self.slot, attempt)?;
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        if self.command.stdin != Stdin::Empty {
            // Otherwise it inherits ours, which is /dev/null.
            command.stdin(Stdio::piped());
        }
        let child = failpoint::call("program", || command.spawn())
            .map_err(|error| cannot_start(command.get_program(), &error))?;
        failpoint::pass("program_started");
        if signals::is_asked_to_end() {
            // It came before the program did.
            children::ask_to_end(child.id());
        }
        Ok(child)
    }

    /// Gives the program its input and takes its output, until nobody holds the other ends any more.
    fn talk(
        &mut self,
        child: &mut Child,
        item: &[u8],
        prefix: &[u8],
        out: &mut Vec<u8>,
    ) -> Result<(), Mishap> {
        let (mut stdin, mut stdout, mut stderr) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take());
        if let Some(stdin) = &stdin {
            stdio::never_wait(stdin).map_err(broken)?;
        }
        let (mut given, start) = ([item, self.command.stdin.end()], out.len());
        let mut relay = Relay::new(prefix);
        while stdin.is_some() || stdout.is_some() || stderr.is_some() {
            let mut watch = Watch::with_capacity(3);
            let input = stdin.as_ref().map(|pipe| watch.add(pipe.as_fd(), Interest::Write));
            let output = stdout.as_ref().map(|pipe| watch.add(pipe.as_fd(), Interest::Read));
            let said = stderr.as_ref().map(|pipe| watch.add(pipe.as_fd(), Interest::Read));
            watch.sleep(None).map_err(broken)?;
            let [input, output, said] =
                [input, output, said].map(|place| place.map(|place| watch.found(place)));
            let takes = input.is_some_and(|found| found.writable || found.gone);
            if takes && !give(&mut stdin, &mut given).map_err(broken)? {
                stdin = None;
            }
            if output.is_some_and(|found| found.readable || found.gone) {
                match take(&mut stdout, &mut self.block).map_err(broken)? {
                    block if out.len() - start + block.len() > MOST_OUTPUT => {
                        return Err(Mishap::Failed(format!(
                            "its output exceeds {MOST_OUTPUT} bytes, which is the most; have it \
                             write to a file"
                        )));
                    }
                    block => out.extend_from_slice(block),
                }
            }
            if said.is_some_and(|found| found.readable || found.gone) {
                relay.pass(take(&mut stderr, &mut self.block).map_err(broken)?);
            }
        }
        relay.finish();
        Ok(())
    }
}

/// An item's program, its arguments and its part of the environment.
pub(super) fn prepare(
    command: &Command,
    item: &[u8],
    index: Index,
    slot: Slot,
    attempt: u32,
) -> Result<process::Command, Mishap> {
    let words = command.spec.words(item, index, slot);
    let words = words.map_err(|error| Mishap::Failed(error.to_string()))?;
    let mut words = words.iter().map(|word| OsStr::from_bytes(word));
    let mut program = process::Command::new(words.next().unwrap_or_default());
    program.args(words).env("PMAP_WORKER", slot.to_string());
    if !command.is_coprocess() {
        program.env("PMAP_ITEM", index.to_string()).env("PMAP_ATTEMPT", (attempt + 1).to_string());
    }
    Ok(program)
}

pub(super) fn cannot_start(program: &OsStr, error: &io::Error) -> Mishap {
    Mishap::Failed(match error.kind() {
        ErrorKind::ArgumentListTooLong => {
            "its arguments are longer than the system allows; give the item on stdin with --pipe"
                .to_owned()
        }
        _ => format!("cannot start '{}': {error}", program.to_string_lossy()),
    })
}

fn broken(error: io::Error) -> Mishap {
    Mishap::Failed(format!("the talk with its program broke off: {error}"))
}

/// Writes what the pipe takes now; whether more is to come. A program that does not want it all is none the worse.
fn give(pipe: &mut Option<impl Write>, parts: &mut [&[u8]; 2]) -> io::Result<bool> {
    let Some(pipe) = pipe else { return Ok(false) };
    for part in parts {
        while !part.is_empty() {
            match failpoint::call("program_input", || pipe.write(part)) {
                Ok(written) => *part = &part[written..],
                Err(error) => match error.kind() {
                    ErrorKind::Interrupted => {}
                    ErrorKind::WouldBlock => return Ok(true),
                    ErrorKind::BrokenPipe => return Ok(false),
                    // It would take what it has for all there is.
                    _ => return Err(error),
                },
            }
        }
    }
    Ok(false)
}

/// Reads what there is; at the end of the pipe, nothing, and closes it.
fn take<'a>(pipe: &mut Option<impl Read>, block: &'a mut [u8]) -> io::Result<&'a [u8]> {
    let Some(open) = pipe else { return Ok(&[]) };
    let length = loop {
        match failpoint::call("program_output", || open.read(block)) {
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            read => break read?,
        }
    };
    if length == 0 {
        *pipe = None;
    }
    Ok(&block[..length])
}
