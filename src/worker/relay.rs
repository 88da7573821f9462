//! What a program says on standard error, on its way to that of the run: in whole lines, so that those of programs
//! that run at the same time do not mix.

use std::io::Write;

/// A longer line is passed on in pieces, in bytes.
const LONGEST: usize = 64 << 10;

/// Lines on their way.
pub(super) struct Relay<'a> {
    /// What every line begins with.
    prefix: &'a [u8],
    /// Lines, and the begin of one, with their prefixes.
    held: Vec<u8>,
}

impl<'a> Relay<'a> {
    pub(super) fn new(prefix: &'a [u8]) -> Self {
        Self { prefix, held: Vec::new() }
    }

    /// Takes what was said, and passes on the lines that are whole.
    pub(super) fn pass(&mut self, said: &[u8]) {
        tag_lines(self.prefix, said, &mut self.held);
        let whole = memchr::memrchr(b'\n', &self.held).map_or(0, |newline| newline + 1);
        let whole = if whole == 0 && self.held.len() > LONGEST { self.held.len() } else { whole };
        say(&self.held[..whole]);
        self.held.drain(..whole);
    }

    /// Passes on what is left, as a line.
    pub(super) fn finish(mut self) {
        if !self.held.is_empty() {
            self.held.push(b'\n');
            say(&self.held);
        }
    }
}

/// In one piece, as far as the system writes it in one.
pub(super) fn say(lines: &[u8]) {
    // Nobody is left to be told that stderr cannot be written.
    let _ = std::io::stderr().write_all(lines);
}

/// Appends `text` to `out`, with `prefix` at the begin of every line. `out` ends where a line ends, or within the line
/// that `text` goes on with.
pub(super) fn tag_lines(prefix: &[u8], text: &[u8], out: &mut Vec<u8>) {
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if out.last().is_none_or(|last| *last == b'\n') {
            out.extend_from_slice(prefix);
        }
        out.extend_from_slice(line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_tagged_once() {
        let mut out = Vec::new();
        for text in [&b"a\nb"[..], b"c\n", b"\n", b"d"] {
            tag_lines(b"t\t", text, &mut out);
        }
        assert_eq!(out, b"t\ta\nt\tbc\nt\t\nt\td");
        let mut plain = Vec::new();
        tag_lines(b"", b"a\nb", &mut plain);
        assert_eq!(plain, b"a\nb");
    }
}
