//! What a program says on standard error, on its way to that of the run: in whole lines, so that those of programs
//! that run at the same time do not mix.

use std::io::Write;

use memchr::{memchr, memrchr};

use crate::sys::stdio::PIPE_BUF;

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
        let whole = memrchr(b'\n', &self.held).map_or(0, |newline| newline + 1);
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

/// As many lines at a time as the system writes to a pipe in one piece.
pub(super) fn say(lines: &[u8]) {
    let mut stderr = std::io::stderr();
    for piece in pieces(lines) {
        // Nobody is left to be told that stderr cannot be written.
        let _ = stderr.write_all(piece);
    }
}

/// Whole lines, of at most [`PIPE_BUF`] bytes together, or a line that is longer than that.
fn pieces(mut lines: &[u8]) -> impl Iterator<Item = &[u8]> {
    std::iter::from_fn(move || {
        let most = &lines[..lines.len().min(PIPE_BUF)];
        let end = if most.len() == lines.len() {
            most.len()
        } else {
            let newline = memrchr(b'\n', most).or_else(|| memchr(b'\n', lines));
            newline.map_or(lines.len(), |newline| newline + 1)
        };
        let piece;
        (piece, lines) = lines.split_at(end);
        (!piece.is_empty()).then_some(piece)
    })
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
    fn lines_stay_whole_where_a_pipe_takes_them_whole() {
        let line = |length: usize| [&vec![b'x'; length - 1][..], b"\n"].concat();
        let lengths = [1000, 3000, 96, 1, 4096, 5000, 9000, 10];
        let text = lengths.map(line).concat();
        let cut: Vec<_> = pieces(&text).map(<[u8]>::len).collect();
        assert_eq!(cut, [4096, 1, 4096, 5000, 9000, 10]);
        assert_eq!(pieces(&text[..text.len() - 1]).map(<[u8]>::len).last(), Some(9));
        assert_eq!(pieces(&[b'x'; 5000]).map(<[u8]>::len).collect::<Vec<_>>(), [5000]);
        assert_eq!(pieces(b"").count(), 0);
    }

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
