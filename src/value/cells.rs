//! Binary numbers: a fixed number of bytes each, little-endian, one after the other with nothing between them. All types
//! are read; those of eight bytes are written, too.

mod write;

use serde::{Deserialize, Serialize};

use super::Number;

pub use write::{put_floats, put_floats_of, put_ints};

/// The type of a binary number. All are little-endian, and every number of each is one of [`Number`]'s, exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(
    missing_docs,
    reason = "the names say it: signed, unsigned or floating, and how many bits"
)]
pub enum Cell {
    /// A byte that is 0 or not: the integer 0 or 1.
    Bool,
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
    F16,
    F32,
    F64,
}

impl Cell {
    /// Bytes of one number.
    #[must_use]
    pub const fn width(self) -> usize {
        match self {
            Self::Bool | Self::I8 | Self::U8 => 1,
            Self::I16 | Self::U16 | Self::F16 => 2,
            Self::I32 | Self::U32 | Self::F32 => 4,
            Self::I64 | Self::U64 | Self::F64 => 8,
        }
    }

    /// The number that `bytes` begin with, and the bytes behind it; `None` if there are too few.
    ///
    /// ```
    /// use pmap::value::{Cell, Number};
    /// assert_eq!(Cell::I16.split_first(&[0xff, 0xff, 7]), Some((Number::Int(-1), &[7][..])));
    /// ```
    #[must_use]
    pub fn split_first(self, bytes: &[u8]) -> Option<(Number, &[u8])> {
        let (mut ints, mut floats) = (Vec::new(), Vec::new());
        let used = self.read(bytes, 1, &mut ints, &mut floats);
        if let (Self::U64, 0) = (self, used) {
            let (first, rest) = bytes.split_first_chunk()?;
            return Some((i128::from(u64::from_le_bytes(*first)).into(), rest));
        }
        let number = match (ints.first(), floats.first()) {
            (Some(int), _) => (*int).into(),
            (None, Some(float)) => (*float).into(),
            (None, None) => return None,
        };
        Some((number, &bytes[used..]))
    }

    /// Appends the first numbers of `bytes`, at most `limit`, to `ints`, or to `floats` if they are such; how many
    /// bytes they take. Stops in front of an integer beyond `i64`.
    pub fn read(
        self,
        bytes: &[u8],
        limit: usize,
        ints: &mut Vec<i64>,
        floats: &mut Vec<f64>,
    ) -> usize {
        match self {
            Self::Bool => take(bytes, limit, ints, |[byte]: [u8; 1]| (byte != 0).into()),
            Self::I8 => take(bytes, limit, ints, |cell| i8::from_le_bytes(cell).into()),
            Self::I16 => take(bytes, limit, ints, |cell| i16::from_le_bytes(cell).into()),
            Self::I32 => take(bytes, limit, ints, |cell| i32::from_le_bytes(cell).into()),
            Self::I64 => take(bytes, limit, ints, i64::from_le_bytes),
            Self::U8 => take(bytes, limit, ints, |cell| u8::from_le_bytes(cell).into()),
            Self::U16 => take(bytes, limit, ints, |cell| u16::from_le_bytes(cell).into()),
            Self::U32 => take(bytes, limit, ints, |cell| u32::from_le_bytes(cell).into()),
            Self::U64 => {
                // The top bit is in the last byte.
                let fit = bytes.chunks_exact(8).take(limit).take_while(|cell| cell[7] < 0x80);
                take(bytes, fit.count(), ints, i64::from_le_bytes)
            }
            Self::F16 => take(bytes, limit, floats, |cell| half(u16::from_le_bytes(cell))),
            Self::F32 => take(bytes, limit, floats, |cell| f32::from_le_bytes(cell).into()),
            Self::F64 => take(bytes, limit, floats, f64::from_le_bytes),
        }
    }
}

/// Appends what `number` makes of the first cells; how many bytes they take.
fn take<T, const WIDTH: usize>(
    bytes: &[u8],
    limit: usize,
    numbers: &mut Vec<T>,
    number: impl Fn([u8; WIDTH]) -> T,
) -> usize {
    let before = numbers.len();
    let cells = bytes.chunks_exact(WIDTH).take(limit);
    numbers.extend(cells.map(|cell| number(cell.try_into().expect("of this width"))));
    (numbers.len() - before) * WIDTH
}

/// A float of 16 bits (IEEE 754 binary16): a sign, 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let magnitude = match exponent {
        0 => fraction * 2_f64.powi(-24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests;
