//! A journal's frames, one after the other, up to where the last whole one ends.

use std::io::{self, Read};

use super::record::{HEAD, MAGIC, length_check};
use crate::digest::checksum;

/// No content is longer: the results of one item, and something to spare.
const LONGEST: u32 = u32::MAX - 1;

/// What stands at a place.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A frame's content is in the buffer.
    Content,
    /// Nothing more, but perhaps the begin of a frame that was not written to its end.
    End,
    /// It does not begin as a journal does.
    NoJournal,
    /// What stands here was written, and is not that any more.
    Damaged,
}

/// Reads frames.
pub(super) struct Scan<R> {
    file: R,
    /// Where the next frame begins.
    place: u64,
    pub(super) content: Vec<u8>,
}

impl<R: Read> Scan<R> {
    pub(super) fn new(file: R) -> Self {
        Self { file, place: 0, content: Vec::new() }
    }

    /// Where the frame that was read last ends.
    pub(super) fn place(&self) -> u64 {
        self.place
    }

    /// Reads the next frame.
    pub(super) fn next(&mut self) -> io::Result<Found> {
        if self.place == 0 {
            if !(self.fill(MAGIC.len())? && self.content == MAGIC) {
                return Ok(Found::NoJournal);
            }
            self.place = MAGIC.len() as u64;
        }
        if !self.fill(HEAD)? {
            return Ok(Found::End);
        }
        let word = |at: usize| [0, 1, 2, 3].map(|byte| self.content[at + byte]);
        let (length, check) = (word(0), u32::from_le_bytes(word(4)));
        let (low, high) = (u32::from_le_bytes(word(8)), u32::from_le_bytes(word(12)));
        let count = u32::from_le_bytes(length);
        if check != length_check(length, self.place) || count > LONGEST {
            // A file may have grown before its bytes came to the disk, when the machine lost its power.
            let is_zero = |bytes: &[u8]| bytes.iter().all(|byte| *byte == 0);
            let is_torn = is_zero(&self.content) && self.rest(is_zero)?;
            return Ok(if is_torn { Found::End } else { Found::Damaged });
        }
        if !self.fill(count as usize)? {
            return Ok(Found::End);
        }
        if checksum(&self.content, self.place) != u64::from(high) << 32 | u64::from(low) {
            // The last record may have come there in parts.
            let is_torn = self.rest(<[u8]>::is_empty)?;
            return Ok(if is_torn { Found::End } else { Found::Damaged });
        }
        self.place += (HEAD + self.content.len()) as u64;
        Ok(Found::Content)
    }

    /// Reads to the end; whether all of it `is` such.
    fn rest(&mut self, is: fn(&[u8]) -> bool) -> io::Result<bool> {
        let mut rest = [0; 4096];
        loop {
            match self.file.read(&mut rest) {
                Ok(0) => return Ok(true),
                Ok(count) if !is(&rest[..count]) => return Ok(false),
                Ok(_) => {}
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Reads so many bytes into the buffer; whether there were as many.
    fn fill(&mut self, count: usize) -> io::Result<bool> {
        self.content.clear();
        let mut limited = (&mut self.file).take(count as u64);
        Ok(limited.read_to_end(&mut self.content)? == count)
    }
}
