//! The way back: from numbers to the eight bytes that they are written in.

use super::Cell;

/// Appends integers as [`Cell::I64`] has them.
pub fn put_ints(numbers: &[i64], out: &mut Vec<u8>) {
    put(numbers, out, |number| number.to_le_bytes());
}

/// Appends floats as [`Cell::F64`] has them. Every NaN becomes the same one, the one that Python and NumPy have: which
/// of them an operation yields is for the processor to say.
///
/// ```
/// let mut cells = Vec::new();
/// pmap::value::put_floats(&[-f64::NAN, f64::NAN], &mut cells);
/// assert_eq!(cells, [0, 0, 0, 0, 0, 0, 0xf8, 0x7f].repeat(2));
/// ```
pub fn put_floats(numbers: &[f64], out: &mut Vec<u8>) {
    const NAN: f64 = f64::from_bits(0x7ff8 << 48);
    put(numbers, out, |number| if number.is_nan() { NAN } else { number }.to_le_bytes());
}

/// Appends integers as [`Cell::F64`] has them, or rather the floats nearest to them.
pub fn put_floats_of(numbers: &[i64], out: &mut Vec<u8>) {
    put(numbers, out, |number| (number as f64).to_le_bytes());
}

/// A loop over room that is there already: one that appends cell by cell takes four times as long.
fn put<T: Copy>(numbers: &[T], out: &mut Vec<u8>, bytes: impl Fn(T) -> [u8; WIDTH]) {
    let start = out.len();
    out.resize(start + numbers.len() * WIDTH, 0);
    for (cell, number) in out[start..].chunks_exact_mut(WIDTH).zip(numbers) {
        cell.copy_from_slice(&bytes(*number));
    }
}

/// Bytes of a number that is written.
const WIDTH: usize = Cell::I64.width();
