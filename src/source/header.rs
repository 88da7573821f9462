//! The header of an array, read before anything is started: it says what the items are.

use std::io;

use super::stored::invalid;
use crate::sys::input::Input;
use crate::value::npy::{Begin, Npy, NpyError};

/// Reads the header that `input` begins with, and nothing behind it. Waits for it.
///
/// # Errors
/// There is none; or the input is a file, and not as long as its header says.
pub fn read_header(input: &mut Input) -> io::Result<Npy> {
    let mut bytes = Vec::new();
    loop {
        match Npy::parse(&bytes).map_err(invalid)? {
            Begin::Header(header) => {
                input
                    .length()
                    .map_or(Ok(()), |length| header.check_length(length))
                    .map_err(invalid)?;
                return Ok(header);
            }
            Begin::Needs(more) => {
                if input.read_wait(&mut bytes, more)? == 0 {
                    return Err(invalid(NpyError::CutHeader));
                }
            }
        }
    }
}
