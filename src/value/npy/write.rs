//! The way back: the header of an array of one dimension, to the byte as `numpy.save` writes it.

use super::MAGIC;
use crate::value::Cell;

/// Bytes of every header that is written. NumPy leaves room in it for the count to grow to more digits than there are,
/// and fills it up to a multiple of 64: so all of them are equally long, and the count can be told in the end.
pub const HEADER_LEN: usize = 128;

/// What stands in the place of the header as long as there is none: nothing that NumPy, or anybody who expects an
/// array, could load.
pub const UNFINISHED: [u8; HEADER_LEN] = *b"\
    pmap is writing an array here, or was killed while it did. The header of an .npy file is \
    written last; so far there is not one.\n";

/// The header of an array of so many numbers.
///
/// # Panics
/// If numbers of this type are never written.
#[must_use]
pub fn header(cell: Cell, count: u64) -> [u8; HEADER_LEN] {
    let descr = match cell {
        Cell::I64 => "<i8",
        Cell::F64 => "<f8",
        other => unreachable!("{other:?} is a type of input"),
    };
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({count},), }}");
    let mut header = [b' '; HEADER_LEN];
    let begin = MAGIC.len() + 4;
    header[..MAGIC.len()].copy_from_slice(MAGIC);
    // Version 1.0, whose length of the text has two bytes.
    header[MAGIC.len()..begin].copy_from_slice(&[1, 0, (HEADER_LEN - begin) as u8, 0]);
    header[begin..begin + text.len()].copy_from_slice(text.as_bytes());
    header[HEADER_LEN - 1] = b'\n';
    header
}
