//! The header of an array (`.npy`), which tells how many numbers it has: that is known only in the end. Until then
//! something else stands there, which nobody takes for a header, so that what a killed run leaves is no array at all
//! instead of one with numbers missing.

use super::front::Front;
use super::run::Summary;
use crate::error::RunError;
use crate::value::npy;
use crate::wire::cells::CELL;

impl Front<'_, '_> {
    /// The output is no array from here on, also if it was one.
    pub(super) fn unseal(&mut self) -> Result<(), RunError> {
        match self.array {
            Some(_) => self.write_header(&npy::UNFINISHED),
            None => Ok(()),
        }
    }

    /// Nothing more is written: leaves what is whole, and, of an array, says how much that is.
    pub(super) fn seal(&mut self, outcome: Result<Summary, RunError>) -> Result<Summary, RunError> {
        if outcome.is_err() {
            self.writer.drop_torn();
        }
        let Some(cell) = self.array else { return outcome };
        let count = self.writer.whole() / CELL as u64;
        let sealed = self.write_header(&npy::header(cell, count));
        // What came first is told; the other is most likely due to it.
        outcome.and_then(|summary| sealed.map(|()| summary))
    }

    fn write_header(&mut self, header: &[u8]) -> Result<(), RunError> {
        let output = self.writer.output();
        let (to, written) = (|| output.name().to_owned(), self.writer.written());
        output.write_head(header).map_err(|source| RunError::Output { to: to(), written, source })
    }
}
