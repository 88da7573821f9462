//! The header of an `.npy` file, as NumPy writes it: versions 1, 2 and 3, one dimension, little-endian numbers. What is
//! written is version 1.
//!
//! What cannot be items one by one is refused with a word on how to write it so that it can: big-endian numbers,
//! structures, Python objects, more than one dimension. So is a file whose length is not what its header says.

mod write;

use thiserror::Error;

use super::Cell;

pub use write::{HEADER_LEN, UNFINISHED, header};

const MAGIC: &[u8] = b"\x93NUMPY";

/// A longer header, in bytes, describes no list of numbers. NumPy itself refuses those beyond 10,000.
const LONGEST_HEADER: usize = 64 << 10;

/// What the begin of the numbers is a multiple of: 64 in what NumPy writes, 16 in what it wrote before version 1.14.
const ALIGNMENT: usize = 16;

/// The numbers of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Npy {
    /// Their type.
    pub cell: Cell,
    /// Where the first one stands, in bytes.
    pub begin: usize,
    /// How many there are.
    pub count: u64,
}

/// Why a file is no list of numbers in this format. The messages fit behind `cannot read 'a.npy': `.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[expect(missing_docs, reason = "the messages say it")]
pub enum NpyError {
    #[error("it is no .npy file; give --input-format i64le or f64le for numbers without a header")]
    NoMagic,
    #[error("version {0} of the .npy format is not known; save it with numpy.save")]
    Version(u8),
    #[error("it ends within its header")]
    CutHeader,
    #[error("its header makes no sense")]
    Header,
    #[error("its header is longer than {LONGEST_HEADER} bytes")]
    LongHeader,
    #[error(
        "its numbers begin at byte {0}, not at a multiple of {ALIGNMENT}; save it with numpy.save"
    )]
    Unaligned(usize),
    #[error("its numbers are big-endian ({0}); save a.astype(a.dtype.newbyteorder('<'))")]
    BigEndian(String),
    #[error("its items are structures; save one of their fields, as in a['x']")]
    Structured,
    #[error("its items are {0}, not integers or floats of at most 64 bits; save a.astype('<f8')")]
    Type(String),
    #[error("it has {0} dimensions instead of one; save a.ravel()")]
    Dimensions(usize),
    #[error("it is truncated: its {count} numbers take {wanted} bytes, and it has {found}")]
    Truncated { count: u64, wanted: u128, found: u64 },
    #[error("it is longer than its header says: its {count} numbers take {wanted} bytes")]
    TooLong { count: u64, wanted: u128 },
}

/// How far the begin of a file tells what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// The header is not all there: it needs so many bytes more, at least 1, to say more.
    Needs(usize),
    /// All of it is there.
    Header(Npy),
}

impl Npy {
    /// Reads the header that `bytes` begin with.
    ///
    /// # Errors
    /// They are the begin of no such file.
    pub fn parse(bytes: &[u8]) -> Result<Begin, NpyError> {
        let same = MAGIC.len().min(bytes.len());
        if bytes[..same] != MAGIC[..same] {
            return Err(NpyError::NoMagic);
        }
        let Some(version) = bytes.get(MAGIC.len()) else {
            return Ok(Begin::Needs(MAGIC.len() + 4 - bytes.len()));
        };
        let from = match version {
            1 => MAGIC.len() + 4,
            2 | 3 => MAGIC.len() + 6,
            other => return Err(NpyError::Version(*other)),
        };
        let Some(length) = bytes.get(MAGIC.len() + 2..from) else {
            return Ok(Begin::Needs(from - bytes.len()));
        };
        let length = length.iter().rev().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        if length > LONGEST_HEADER {
            return Err(NpyError::LongHeader);
        }
        let begin = from + length;
        let Some(text) = bytes.get(from..begin) else {
            return Ok(Begin::Needs(begin - bytes.len()));
        };
        if begin % ALIGNMENT != 0 {
            return Err(NpyError::Unaligned(begin));
        }
        let (cell, count) = Words(text).header()?;
        Ok(Begin::Header(Self { cell, begin, count }))
    }

    /// Compares the length of the file, in bytes, with what the header says.
    ///
    /// # Errors
    /// They differ.
    pub fn check_length(&self, found: u64) -> Result<(), NpyError> {
        let count = self.count;
        let wanted = self.begin as u128 + u128::from(count) * self.cell.width() as u128;
        match u128::from(found) {
            found if found > wanted => Err(NpyError::TooLong { count, wanted }),
            less if less < wanted => Err(NpyError::Truncated { count, wanted, found }),
            _ => Ok(()),
        }
    }
}

/// The rest of a header: a dictionary of Python.
struct Words<'a>(&'a [u8]);

impl<'a> Words<'a> {
    fn header(mut self) -> Result<(Cell, u64), NpyError> {
        let (mut cell, mut shape) = (None, None);
        self.expect(b'{')?;
        while !self.takes(b'}') {
            let key = self.string()?;
            self.expect(b':')?;
            match key {
                b"descr" => cell = Some(self.cell()?),
                // Of one dimension, both orders are the same.
                b"fortran_order" => self.truth()?,
                b"shape" => shape = Some(self.shape()?),
                _ => return Err(NpyError::Header),
            }
            if !self.takes(b',') {
                self.expect(b'}')?;
                break;
            }
        }
        match (cell, shape.as_deref()) {
            (Some(cell), Some([count])) => Ok((cell, *count)),
            (Some(_), Some(shape)) => Err(NpyError::Dimensions(shape.len())),
            _ => Err(NpyError::Header),
        }
    }

    fn cell(&mut self) -> Result<Cell, NpyError> {
        if self.takes(b'[') {
            return Err(NpyError::Structured);
        }
        let name = self.string()?;
        Ok(match name {
            b"|b1" => Cell::Bool,
            b"|i1" | b"<i1" => Cell::I8,
            b"<i2" => Cell::I16,
            b"<i4" => Cell::I32,
            b"<i8" => Cell::I64,
            b"|u1" | b"<u1" => Cell::U8,
            b"<u2" => Cell::U16,
            b"<u4" => Cell::U32,
            b"<u8" => Cell::U64,
            b"<f2" => Cell::F16,
            b"<f4" => Cell::F32,
            b"<f8" => Cell::F64,
            [b'>', ..] => return Err(NpyError::BigEndian(shown(name))),
            b"|O" => return Err(NpyError::Type("Python objects".to_owned())),
            other => return Err(NpyError::Type(shown(other))),
        })
    }

    fn shape(&mut self) -> Result<Vec<u64>, NpyError> {
        let mut shape = Vec::new();
        self.expect(b'(')?;
        while !self.takes(b')') {
            let digits = self.0.iter().take_while(|byte| byte.is_ascii_digit()).count();
            let (number, rest) = self.0.split_at(digits);
            let number = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok());
            shape.push(number.ok_or(NpyError::Header)?);
            // Python 2 wrote long integers so.
            self.0 = rest.strip_prefix(b"L").unwrap_or(rest);
            if !self.takes(b',') {
                self.expect(b')')?;
                break;
            }
        }
        Ok(shape)
    }

    fn truth(&mut self) -> Result<(), NpyError> {
        self.skip_space();
        let words: [&[u8]; 2] = [b"True", b"False"];
        let rest = words.iter().find_map(|word| self.0.strip_prefix(*word));
        self.0 = rest.ok_or(NpyError::Header)?;
        Ok(())
    }

    /// A string without escapes, of which these headers have none.
    fn string(&mut self) -> Result<&'a [u8], NpyError> {
        self.skip_space();
        let (quote, rest) = self.0.split_first().ok_or(NpyError::Header)?;
        if !matches!(quote, b'\'' | b'"') {
            return Err(NpyError::Header);
        }
        let end = memchr::memchr(*quote, rest).ok_or(NpyError::Header)?;
        self.0 = &rest[end + 1..];
        Ok(&rest[..end])
    }

    fn expect(&mut self, byte: u8) -> Result<(), NpyError> {
        if self.takes(byte) { Ok(()) } else { Err(NpyError::Header) }
    }

    /// Takes this byte, if it is next, and the space around it.
    fn takes(&mut self, byte: u8) -> bool {
        self.skip_space();
        let Some(rest) = self.0.strip_prefix(&[byte]) else { return false };
        self.0 = rest;
        self.skip_space();
        true
    }

    fn skip_space(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }
}

/// A type's name, fit for a message.
fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(&name[..name.len().min(40)]).escape_debug().collect()
}

#[cfg(test)]
mod tests;
