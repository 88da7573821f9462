//! The items of a lease that is a part of a file.

use std::borrow::Cow;
use std::fs::File;

use memchr::memrchr;

use crate::sys::input::read_part;
use crate::value::Cell;

/// Puts the `length` bytes from `offset` on into `text`, in place of what was there. If there are fewer, it is whole items:
/// what is left of a line that was cut would pass for another number. What is said is true of the items that are missing,
/// if there are fewer than there should be.
pub(super) fn read(
    file: &File,
    offset: u64,
    length: u64,
    cells: Option<Cell>,
    text: &mut Vec<u8>,
) -> Cow<'static, str> {
    text.clear();
    let length = usize::try_from(length).unwrap_or(usize::MAX);
    let read = read_part(file, offset, length, text);
    if text.len() == length {
        return "the input file was changed before it was read".into();
    }
    text.truncate(match cells {
        Some(cell) => text.len() - text.len() % cell.width(),
        None => memrchr(b'\n', text).map_or(0, |newline| newline + 1),
    });
    match read {
        Ok(()) => "the input file was cut short before it was read".into(),
        Err(error) => format!("the input file cannot be read: {error}").into(),
    }
}
