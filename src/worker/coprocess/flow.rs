//! Lines on their way into a program, and answers on their way out of it: which answer is which item's. Pure: no
//! descriptor, no clock.
//!
//! The nth answer is that of the nth line. Nothing in an answer says whose it is; so a program that answers a line with
//! two, or none, is found out only by their number: where more have come than there are lines to be answered.

use std::collections::VecDeque;

use memchr::memchr;

use crate::call::Outcomes;
use crate::wire::Mishap;

/// The most that one answer may be, in bytes: it is in memory as a whole.
pub(super) const MOST_ANSWER: usize = 256 << 20;

/// Bytes of lines that are unanswered, above which no further one is given: what a pipe holds.
const MOST_GIVEN: usize = 64 << 10;

/// Lines and answers.
pub(super) struct Flow {
    /// What stands behind every line, and behind every answer.
    end: u8,
    /// Whether answers get their item and a tab before them.
    tags: bool,
    /// What the program has not taken yet begins at `written`.
    lines: Vec<u8>,
    written: usize,
    /// Items without an outcome, in order.
    waiting: VecDeque<Waiting>,
    /// Bytes of the lines among them.
    given: usize,
    /// The begin of an answer.
    begun: Vec<u8>,
}

/// An item without an outcome.
enum Waiting {
    /// The program has its line, or will have it.
    Given {
        bytes: usize,
        /// The item, if it is still of use.
        tag: Vec<u8>,
    },
    /// It cannot be a line.
    Failed(Mishap),
}

/// Why a program has to be ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// It has written more than it was asked for.
    Surplus,
    /// An answer is too long.
    TooLong,
}

impl Flow {
    pub(super) fn new(end: u8, tags: bool) -> Self {
        let (lines, waiting, begun) = (Vec::new(), VecDeque::new(), Vec::new());
        Self { end, tags, lines, written: 0, waiting, given: 0, begun }
    }

    /// How many items have no outcome.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Bytes of the lines that are unanswered.
    pub(super) fn given(&self) -> u64 {
        self.given as u64
    }

    /// Whether there is room for another line where at most `depth` may be unanswered. Once there is none, there is none
    /// until half of them are answered: the program gets its lines, and we our wake-ups, several at a time.
    pub(super) fn has_room(&self, depth: u32, was_full: bool) -> bool {
        let depth = depth as usize;
        let most = if was_full { depth / 2 } else { depth.saturating_sub(1) };
        self.waiting.is_empty() || (self.waiting.len() <= most && self.given < MOST_GIVEN)
    }

    /// Puts an item behind the others.
    pub(super) fn give(&mut self, item: &[u8]) {
        if memchr(self.end, item).is_some() {
            let why =
                "it holds a newline, and so would be two lines; separate items by NUL with -0";
            return self.waiting.push_back(Waiting::Failed(Mishap::Failed(why.to_owned())));
        }
        if self.written > MOST_GIVEN {
            self.lines.drain(..std::mem::take(&mut self.written));
        }
        self.lines.extend_from_slice(item);
        self.lines.push(self.end);
        let bytes = item.len() + 1;
        self.given += bytes;
        let tag = if self.tags { item.to_vec() } else { Vec::new() };
        self.waiting.push_back(Waiting::Given { bytes, tag });
    }

    /// What the program has not taken yet.
    pub(super) fn unwritten(&self) -> &[u8] {
        &self.lines[self.written..]
    }

    /// It has taken so much of it.
    pub(super) fn wrote(&mut self, bytes: usize) {
        self.written += bytes;
        if self.written == self.lines.len() {
            self.lines.clear();
            self.written = 0;
            // One item may be large.
            self.lines.shrink_to(2 * MOST_GIVEN);
        }
    }

    /// Takes what the program has written; how many answers that makes. The outcomes of their items are added to
    /// `outcomes`.
    ///
    /// # Errors
    /// The program must be ended, and what it has just written belongs to nobody: neither do the outcomes that were added.
    pub(super) fn take(&mut self, mut text: &[u8], outcomes: &mut Outcomes) -> Result<u32, Fault> {
        let mut answers = 0;
        while let Some(end) = memchr(self.end, text) {
            let (line, rest) = text.split_at(end + 1);
            text = rest;
            self.answer(line, outcomes)?;
            self.fail_first(outcomes);
            answers += 1;
        }
        self.begun.extend_from_slice(text);
        if !self.begun.is_empty() && self.waiting.is_empty() {
            return Err(Fault::Surplus);
        }
        if self.begun.len() > MOST_ANSWER { Err(Fault::TooLong) } else { Ok(answers) }
    }

    /// The answer to the first line has ended.
    fn answer(&mut self, line: &[u8], outcomes: &mut Outcomes) -> Result<(), Fault> {
        let Some(Waiting::Given { bytes, tag }) = self.waiting.pop_front() else {
            return Err(Fault::Surplus);
        };
        if self.begun.len() + line.len() > MOST_ANSWER {
            return Err(Fault::TooLong);
        }
        self.given -= bytes;
        let packet = outcomes.begin();
        let result = outcomes.values();
        if self.tags {
            result.extend_from_slice(&tag);
            result.push(b'\t');
        }
        result.append(&mut self.begun);
        result.extend_from_slice(line);
        outcomes.end(packet, 1);
        // One answer may be large.
        self.begun.shrink_to(MOST_GIVEN);
        Ok(())
    }

    /// Adds the outcomes of items that could not be lines, as far as it is their turn.
    pub(super) fn fail_first(&mut self, outcomes: &mut Outcomes) {
        while let Some(Waiting::Failed(mishap)) = self.waiting.front() {
            outcomes.miss(mishap);
            self.waiting.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::packet::{self, Kind};

    /// The outcomes, one a line; of a failed item, a dash.
    fn outcomes(outcomes: &Outcomes) -> String {
        let (mut text, mut rest) = (String::new(), outcomes.bytes());
        while let Some((packet, behind)) = packet::split_first(rest) {
            text += &match packet.kind {
                Kind::Values => String::from_utf8_lossy(packet.payload).into_owned(),
                Kind::Fault => "-\n".to_owned(),
            };
            rest = behind;
        }
        text
    }

    #[test]
    fn answers_are_cut_anywhere() {
        for cut in 0..=7 {
            let (mut flow, mut out) = (Flow::new(b'\n', false), Outcomes::default());
            for item in [&b"a"[..], b"", b"c"] {
                flow.give(item);
            }
            assert_eq!(flow.unwritten(), b"a\n\nc\n");
            let (first, second) = b"AA\n\nC\r\n".split_at(cut);
            let answers = [first, second].map(|text| flow.take(text, &mut out).expect("in step"));
            assert_eq!(answers[0] + answers[1], 3);
            assert_eq!((flow.waiting(), flow.given), (0, 0));
            assert_eq!(outcomes(&out), "AA\n\nC\r\n");
        }
    }

    #[test]
    fn who_answers_more_than_he_was_asked_is_found_out() {
        for (lines, text) in [(0, &b"x"[..]), (0, b"\n"), (1, b"x\ny\n"), (2, b"x\ny\n> ")] {
            let (mut flow, mut out) = (Flow::new(b'\n', false), Outcomes::default());
            (0..lines).for_each(|_| flow.give(b"i"));
            assert_eq!(flow.take(text, &mut out), Err(Fault::Surplus), "{lines} {text:?}");
        }
    }

    #[test]
    fn what_cannot_be_a_line_fails_in_its_turn() {
        let (mut flow, mut out) = (Flow::new(b'\n', true), Outcomes::default());
        for item in [&b"a"[..], b"b\nb", b"c"] {
            flow.give(item);
            flow.fail_first(&mut out);
        }
        assert_eq!(flow.unwritten(), b"a\nc\n");
        assert_eq!(outcomes(&out), "");
        assert_eq!(flow.take(b"1\n2\n", &mut out), Ok(2));
        assert_eq!(outcomes(&out), "a\t1\n-\nc\t2\n");
        let mut flow = Flow::new(0, false);
        flow.give(b"b\nb");
        assert_eq!(flow.unwritten(), b"b\nb\0");
        assert_eq!(flow.take(b"x\ny\0", &mut out), Ok(1));
    }

    #[test]
    fn lines_are_given_several_at_a_time() {
        let mut flow = Flow::new(b'\n', false);
        assert!(flow.has_room(1, true));
        flow.give(b"1");
        assert!(!flow.has_room(1, false));
        assert!(flow.has_room(4, false) && flow.has_room(4, true));
        (2..=4).for_each(|_| flow.give(b"i"));
        assert!(!flow.has_room(4, false));
        flow.take(b"1\n", &mut Outcomes::default()).expect("in step");
        assert!(flow.has_room(4, false) && !flow.has_room(4, true));
        flow.take(b"2\n", &mut Outcomes::default()).expect("in step");
        assert!(flow.has_room(4, true));
        flow.give(&[b'x'; MOST_GIVEN]);
        assert!(!flow.has_room(1024, false));
    }
}
