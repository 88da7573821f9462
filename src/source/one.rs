//! A single item of many, with the number that it had among them. Those before it arrive, too, and are passed over.

use std::io;
use std::os::fd::BorrowedFd;

use super::quote::quote;
use super::{Arrived, Content, Described, Piece, Source};
use crate::ids::Index;

/// One line. The items before it arrive as well, but nobody may ask for them.
pub struct OneItem {
    index: Index,
    line: Vec<u8>,
}

impl OneItem {
    /// The item of this number, whose text is `text`.
    #[must_use]
    pub fn new(index: Index, text: &[u8]) -> Self {
        Self { index, line: [text, b"\n"].concat() }
    }
}

impl Source for OneItem {
    fn readiness(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn read(&mut self) -> io::Result<Arrived> {
        Ok(Arrived { items: self.index + 1, ended: true })
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        assert_eq!((first, items), (self.index, 1), "there is one item");
        take(Piece { first, items, content: Content::Lines(&self.line) });
    }

    fn describe(&self, _: Index) -> Described {
        Described { text: quote(self.line.trim_ascii_end()), line: None }
    }

    fn texts(&self, _: Index, _: u64, take: &mut dyn FnMut(&[u8])) {
        take(&self.line[..self.line.len() - 1]);
    }

    fn settle(&mut self, _: Index, _: u64) {}

    fn held(&self) -> usize {
        0
    }
}
