//! Items that are the binary numbers of a file: nothing is read, kept or sent but where a chunk is. Workers read it.

use std::error::Error;
use std::fs::File;
use std::io;
use std::os::fd::BorrowedFd;

use thiserror::Error;

use super::{Arrived, Content, Described, Form, Piece, Source};
use crate::ids::Index;
use crate::sys::input::{Input, read_part};
use crate::value::Cell;

/// The most bytes of one piece: what a worker reads at a time stays in its second-level cache.
const LARGEST_PIECE: u64 = 128 << 10;

/// A file, or a stream, does not end where a number ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("its {length} bytes are no whole numbers of {width} bytes each")]
pub struct UnevenError {
    /// Bytes of all of it.
    pub length: u64,
    /// Bytes of a number.
    pub width: usize,
}

/// What is wrong with an input that can be read.
pub(super) fn invalid(error: impl Error + Send + Sync + 'static) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

/// How many numbers of this type there are from where `input` is read on; `None`, if it is no file of known length.
///
/// # Errors
/// It does not end where a number ends.
pub fn count_cells(input: &Input, cell: Cell) -> io::Result<Option<u64>> {
    let Some(length) = input.length() else { return Ok(None) };
    let (length, width) = (length - input.at(), cell.width());
    if length % width as u64 != 0 {
        return Err(invalid(UnevenError { length, width }));
    }
    Ok(Some(length / width as u64))
}

/// Numbers in a file.
pub struct StoredCells {
    input: Input,
    file: File,
    cell: Cell,
    begin: u64,
    count: u64,
}

impl StoredCells {
    /// `count` numbers from where `input` is read on, which is a file that others can read parts of.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn new(input: Input, cell: Cell, count: u64) -> io::Result<Self> {
        let (file, begin) = (input.share()?, input.at());
        Ok(Self { input, file, cell, begin, count })
    }

    /// Where a number begins.
    fn offset(&self, index: Index) -> u64 {
        self.begin + index * self.cell.width() as u64
    }

    /// Where in the file these numbers are: in order, with the first one's index, their offset and their count.
    fn parts(&self, first: Index, items: u64) -> impl Iterator<Item = (Index, u64, u64)> {
        let most = LARGEST_PIECE / self.cell.width() as u64;
        let end = first + items;
        let starts = (0..).map(move |nth| first + nth * most).take_while(move |at| *at < end);
        starts.map(move |at| (at, self.offset(at), most.min(end - at)))
    }
}

impl Source for StoredCells {
    fn readiness(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn read(&mut self) -> io::Result<Arrived> {
        Ok(Arrived { items: self.count, ended: true })
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        for (first, offset, items) in self.parts(first, items) {
            let length = items * self.cell.width() as u64;
            take(Piece { first, items, content: Content::Part { offset, length } });
        }
    }

    fn check(&self) -> io::Result<()> {
        self.input.check()
    }

    fn describe(&self, index: Index) -> Described {
        let mut text = Vec::new();
        self.texts(index, 1, &mut |item| text.extend_from_slice(item));
        Described { text: String::from_utf8_lossy(&text).into_owned(), line: None }
    }

    fn settle(&mut self, _: Index, _: u64) {}

    fn held(&self) -> usize {
        0
    }

    /// What is no longer there has no text.
    fn texts(&self, first: Index, items: u64, take: &mut dyn FnMut(&[u8])) {
        let (form, width) = (Form::Cells(self.cell), self.cell.width());
        let mut bytes = Vec::new();
        for (_, offset, items) in self.parts(first, items) {
            let items = usize::try_from(items).expect("a piece is small");
            bytes.clear();
            // What could be read before an error is there all the same.
            let _ = read_part(&self.file, offset, items * width, &mut bytes);
            let mut cells = bytes.chunks_exact(width);
            (0..items).for_each(|_| take(&form.readable(cells.next().unwrap_or_default())));
        }
    }

    fn name(&self) -> &str {
        self.input.name()
    }
}
