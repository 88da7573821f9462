//! Items that are the numbers of a range: nothing is read, kept or sent but where a chunk begins.

use std::io;
use std::os::fd::BorrowedFd;

use super::range::Range;
use super::{Arrived, Content, Described, Piece, Source};
use crate::ids::Index;
use crate::value::format;

/// The numbers of a [`Range`].
#[derive(Debug, Clone, Copy)]
pub struct RangeSource {
    range: Range,
}

impl RangeSource {
    /// All of `range`, in its order.
    #[must_use]
    pub fn new(range: Range) -> Self {
        Self { range }
    }
}

impl Source for RangeSource {
    fn readiness(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn read(&mut self) -> io::Result<Arrived> {
        Ok(Arrived { items: self.range.len(), ended: true })
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        let (start, step) = (self.range.get(first), self.range.step());
        take(Piece { first, items, content: Content::Range { start, step } });
    }

    fn describe(&self, index: Index) -> Described {
        Described { text: self.range.get(index).to_string(), line: None }
    }

    fn texts(&self, first: Index, items: u64, take: &mut dyn FnMut(&[u8])) {
        let mut text = Vec::new();
        for index in first..first + items {
            text.clear();
            format::int(self.range.get(index), &mut text);
            take(&text);
        }
    }

    fn settle(&mut self, _: Index, _: u64) {}

    fn held(&self) -> usize {
        0
    }
}
