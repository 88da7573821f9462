//! The job log: a line for every single run of an item, tab-separated, with GNU parallel's columns first. Of programs, the
//! command is what was started, and the item's text comes last.

use std::fs::File;
use std::io::{self, Write};
use std::time::{Duration, SystemTime};

use crate::error::{Cause, Class, Death, ProgramEnd};
use crate::event::{Attempt, Event, Listener};
use crate::ids::{Index, Slot};

/// The first line; of programs, followed by [`INPUT`].
const HEADER: &str = "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand\t\
                      Attempt\tClass\tPeakRSS\tWorker\tPid\tItem";
const INPUT: &str = "\tInput";

/// Where a line has the item's text if it has nothing else in its place, its number, and the text of one with a program.
const COMMAND_AT: usize = 8;
const ITEM_AT: usize = 14;
const INPUT_AT: usize = 15;

/// Bytes that wait before they are written within a turn.
const BUFFER: usize = 256 << 10;

/// Signals that stand for what they do: the one that ends who has used up its time on a core, and the one that kills.
const SIGXCPU: i32 = 24;
const SIGKILL: i32 = 9;

/// What was started for an item, in the words of a shell.
pub type CommandLine = Box<dyn Fn(&[u8], Index, Slot) -> Vec<u8>>;

/// Writes the log.
pub struct JobLog {
    file: File,
    /// Of programs.
    command_line: Option<CommandLine>,
    lines: Vec<u8>,
    host: String,
    /// When the run began, since 1970, moved on by the time in which it stood still.
    start: Duration,
    error: Option<io::Error>,
}

impl JobLog {
    /// Appends to `file`, which is at its end and may be empty, what happens on `host`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn new(
        mut file: File,
        is_empty: bool,
        host: String,
        command_line: Option<CommandLine>,
    ) -> io::Result<Self> {
        if is_empty {
            let input = if command_line.is_some() { INPUT } else { "" };
            file.write_all(format!("{HEADER}{input}\n").as_bytes())?;
        }
        let start = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let lines = Vec::with_capacity(2 * BUFFER);
        Ok(Self { file, command_line, lines, host, start, error: None })
    }

    fn put(&mut self, attempt: &Attempt<'_>) {
        let (exit, signal) = attempt.cause.map_or((0, 0), status);
        let lines = &mut self.lines;
        number(lines, attempt.index.saturating_add(1));
        lines.push(b'\t');
        lines.extend_from_slice(self.host.as_bytes());
        lines.push(b'\t');
        seconds(lines, self.start + attempt.started);
        lines.push(b'\t');
        seconds(lines, attempt.time);
        lines.extend_from_slice(b"\t0\t");
        number(lines, attempt.received);
        lines.push(b'\t');
        number(lines, exit);
        lines.push(b'\t');
        number(lines, signal);
        lines.push(b'\t');
        match &self.command_line {
            Some(line) => escape(lines, &line(attempt.input, attempt.index, attempt.slot)),
            None => escape(lines, attempt.input),
        }
        lines.push(b'\t');
        number(lines, attempt.attempt);
        lines.push(b'\t');
        lines.extend_from_slice(attempt.cause.map_or("ok", class).as_bytes());
        lines.push(b'\t');
        match attempt.peak {
            Some(bytes) => number(lines, bytes),
            None => lines.push(b'-'),
        }
        lines.push(b'\t');
        number(lines, attempt.slot.0 + 1);
        lines.push(b'\t');
        number(lines, attempt.pid);
        lines.push(b'\t');
        number(lines, attempt.index);
        if self.command_line.is_some() {
            lines.push(b'\t');
            escape(lines, attempt.input);
        }
        lines.push(b'\n');
        if lines.len() >= BUFFER {
            self.flush();
        }
    }

    fn flush(&mut self) {
        if self.lines.is_empty() {
            return;
        }
        if self.error.is_none() {
            self.error = self.file.write_all(&self.lines).err();
        }
        self.lines.clear();
    }

    /// Writes what is left.
    ///
    /// # Errors
    /// Something could not be written, now or before; what came after that is not in the log.
    pub fn finish(mut self) -> io::Result<()> {
        self.flush();
        self.error.map_or(Ok(()), Err)
    }
}

impl Listener for JobLog {
    fn hear(&mut self, event: &Event<'_>, _: Duration) {
        match event {
            Event::Attempted(attempt) => self.put(attempt),
            Event::Continued { after } => self.start += *after,
            // Before it is noted that they are finished.
            Event::TurnEnded | Event::Ended { .. } => self.flush(),
            _ => {}
        }
    }

    fn wants_attempts(&self) -> bool {
        true
    }
}

/// Exit status and signal for an item that has no result. -1: there was no exit, and no signal that it died of.
fn status(cause: &Cause) -> (i32, i32) {
    match cause {
        Cause::Failed(_) => (1, 0),
        Cause::Exited(status)
        | Cause::Died(Death::Exit(status) | Death::Program(ProgramEnd::Exited(status))) => {
            (*status, 0)
        }
        Cause::Killed(signal)
        | Cause::Died(Death::Signal(signal) | Death::Program(ProgramEnd::Killed(signal))) => {
            (0, *signal)
        }
        Cause::Died(Death::CpuTime) => (0, SIGXCPU),
        Cause::Died(Death::Protocol(_) | Death::Program(ProgramEnd::Stopped(_)))
        | Cause::TimedOut(_) => (0, SIGKILL),
        Cause::Died(
            Death::OutOfMemory
            | Death::Refused(_)
            | Death::ProgramAtRest(_)
            | Death::Stillborn { .. }
            | Death::OutOfStep
            | Death::Unknown,
        )
        | Cause::Cancelled => (-1, 0),
    }
}

fn class(cause: &Cause) -> &'static str {
    match cause.class() {
        Class::Death => "death",
        Class::Memory => "oom",
        Class::Timeout => "timeout",
        Class::Error => "error",
        Class::Cancelled => "cancelled",
    }
}

fn number(lines: &mut Vec<u8>, number: impl itoa::Integer) {
    lines.extend_from_slice(itoa::Buffer::new().format(number).as_bytes());
}

/// With three decimals.
fn seconds(lines: &mut Vec<u8>, time: Duration) {
    number(lines, time.as_secs());
    let millis = time.subsec_millis();
    lines.push(b'.');
    lines.extend([millis / 100, millis / 10 % 10, millis % 10].map(|digit| b'0' + digit as u8));
}

/// `text` in one field of one line: a tab is `\t`, a newline `\n`, a backslash `\\`, other control bytes `\x07`.
fn escape(lines: &mut Vec<u8>, text: &[u8]) {
    if !text.iter().any(|byte| byte.is_ascii_control() || *byte == b'\\') {
        return lines.extend_from_slice(text);
    }
    for &byte in text {
        match byte {
            b'\\' => lines.extend_from_slice(br"\\"),
            b'\t' => lines.extend_from_slice(br"\t"),
            b'\n' => lines.extend_from_slice(br"\n"),
            _ if byte.is_ascii_control() => drop(write!(lines, "\\x{byte:02x}")),
            _ => lines.push(byte),
        }
    }
}

/// The text of an item, if this line of a log is about it.
#[must_use]
pub fn text_in(line: &[u8], item: Index) -> Option<Vec<u8>> {
    let fields: Vec<_> = line.split(|byte| *byte == b'\t').collect();
    let is_its = *fields.get(ITEM_AT)? == item.to_string().as_bytes();
    let text = fields.get(INPUT_AT).unwrap_or(&fields[COMMAND_AT]);
    is_its.then(|| unescape(text))?
}

/// The text that was written so into a field; `None` if it was not written so.
fn unescape(field: &[u8]) -> Option<Vec<u8>> {
    let mut text = Vec::with_capacity(field.len());
    let mut rest = field;
    loop {
        rest = match rest {
            [] => return Some(text),
            [b'\\', b'\\', rest @ ..] => {
                text.push(b'\\');
                rest
            }
            [b'\\', b't', rest @ ..] => {
                text.push(b'\t');
                rest
            }
            [b'\\', b'n', rest @ ..] => {
                text.push(b'\n');
                rest
            }
            [b'\\', b'x', high, low, rest @ ..] => {
                let digit = |byte: u8| char::from(byte).to_digit(16);
                text.push(u8::try_from(16 * digit(*high)? + digit(*low)?).ok()?);
                rest
            }
            [b'\\', ..] => return None,
            [byte, rest @ ..] => {
                text.push(*byte);
                rest
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_holds_any_text() {
        let all: Vec<u8> = (0..=255).chain(*br"\\x07\t").collect();
        let mut field = Vec::new();
        escape(&mut field, &all);
        assert!(!field.iter().any(u8::is_ascii_control));
        assert_eq!(unescape(&field).unwrap(), all);
        for wrong in [&br"\"[..], br"\x1", br"\xg0", br"\q"] {
            assert_eq!(unescape(wrong), None);
        }
    }

    #[test]
    fn times_have_three_decimals() {
        let mut lines = Vec::new();
        seconds(&mut lines, Duration::from_micros(1_062_999));
        assert_eq!(lines, b"1.062");
    }
}
