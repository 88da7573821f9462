//! Which items the bytes on their way out are results of, and which items' results are written.

use std::collections::VecDeque;

use crate::digest::{Digest, Fingerprint};
use crate::ids::Index;
use crate::journal::Ranges;

/// Consecutive items whose results end at a place in the output.
struct Mark {
    end: u64,
    first: Index,
    items: u64,
}

/// What is written, and what of the rest belongs to whom.
pub(super) struct Progress {
    marks: VecDeque<Mark>,
    /// How many of them, from the first on, were announced.
    announced: usize,
    /// All that is written.
    written: Digest,
    /// Items whose results are written, since that was last asked.
    delivered: Ranges,
    /// What was written with the last of them.
    output: Fingerprint,
}

impl Progress {
    /// Behind an output that is there already.
    pub(super) fn behind(written: Digest) -> Self {
        let output = written.fingerprint();
        let (marks, delivered) = (VecDeque::new(), Ranges::default());
        Self { marks, announced: 0, written, delivered, output }
    }

    /// The results of these items end where the bytes end that wait, so many of them.
    pub(super) fn mark(&mut self, first: Index, items: u64, waiting: usize) {
        let end = self.written.bytes() + waiting as u64;
        let is_announced = self.announced == self.marks.len();
        if let Some(last) = self.marks.back_mut().filter(|_| !is_announced) {
            if last.end == end && last.first + last.items == first {
                last.items += items;
                return;
            }
        }
        self.marks.push_back(Mark { end, first, items });
    }

    /// These bytes were written.
    pub(super) fn wrote(&mut self, bytes: &[u8]) {
        let start = self.written.bytes();
        let end = start + bytes.len() as u64;
        let mut passed = None;
        while let Some(mark) = self.marks.front().filter(|mark| mark.end <= end) {
            self.delivered.insert(mark.first, mark.items);
            passed = Some(mark.end - start);
            self.marks.pop_front();
            self.announced = self.announced.saturating_sub(1);
        }
        let whole = passed.map(|passed| usize::try_from(passed).expect("within bytes in memory"));
        let (whole, begun) = bytes.split_at(whole.unwrap_or(0));
        self.written.update(whole);
        if passed.is_some() {
            self.output = self.written.fingerprint();
        }
        self.written.update(begun);
    }

    /// Bytes up to the end of the last item whose result is written, those that were there before included.
    pub(super) fn whole(&self) -> u64 {
        self.output.bytes
    }

    /// Bytes that are written, likewise.
    pub(super) fn all(&self) -> u64 {
        self.written.bytes()
    }

    /// Items whose results wait and that were not announced before.
    pub(super) fn announce(&mut self) -> Ranges {
        let mut fresh = Ranges::default();
        for mark in self.marks.range(self.announced..) {
            fresh.insert(mark.first, mark.items);
        }
        self.announced = self.marks.len();
        fresh
    }

    /// Whether there is something to [take](Self::take).
    pub(super) fn has_delivered(&self) -> bool {
        let has_come = |mark: &Mark| mark.end <= self.written.bytes();
        !self.delivered.is_empty() || self.marks.front().is_some_and(has_come)
    }

    /// Items whose results are written, since that was last asked, and the output that they end.
    pub(super) fn take(&mut self) -> Option<(Ranges, Fingerprint)> {
        // Results without any bytes need no write.
        self.wrote(b"");
        let delivered = std::mem::take(&mut self.delivered);
        (!delivered.is_empty()).then_some((delivered, self.output))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_are_delivered_once_their_last_byte_is_written() {
        let mut progress = Progress::behind(Digest::default());
        progress.mark(0, 2, 4);
        progress.mark(2, 1, 4);
        progress.mark(3, 5, 10);
        assert_eq!(progress.announce().iter().collect::<Vec<_>>(), [(0, 8)]);
        assert!(progress.announce().is_empty());
        assert!(progress.take().is_none());
        progress.wrote(b"0\n1");
        assert!(progress.take().is_none());
        assert_eq!((progress.whole(), progress.all()), (0, 3));
        progress.wrote(b"\n9");
        assert_eq!((progress.whole(), progress.all()), (4, 5));
        let (delivered, output) = progress.take().unwrap();
        assert_eq!(delivered.iter().collect::<Vec<_>>(), [(0, 3)]);
        let mut written = Digest::default();
        written.update(b"0\n1\n");
        assert_eq!(output, written.fingerprint());
        progress.mark(8, 1, 5);
        progress.wrote(b"\n1\n4\n");
        written.update(b"9\n1\n4\n");
        let (delivered, output) = progress.take().unwrap();
        assert_eq!(delivered.iter().collect::<Vec<_>>(), [(3, 6)]);
        assert_eq!(output, written.fingerprint());
        progress.mark(9, 1, 0);
        let (delivered, same) = progress.take().unwrap();
        assert_eq!((delivered.iter().collect::<Vec<_>>(), same), (vec![(9, 1)], output));
    }
}
