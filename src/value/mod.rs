//! Numbers as text: what an item of input is, which number it means, and how a result is printed. And numbers as bytes,
//! alone ([`Cell`]) or in NumPy's files ([`npy`]).
//!
//! Reading follows Python's `int()` and `float()`, printing follows Python's `repr`, so that CPython can be asked
//! whether this module is right. Integers are exact whatever their size ([`Number`]).
//!
//! The functions that run once per item have a fast form for `i64` ([`lines::ints`], [`format::int`]); everything
//! else goes through [`parse::number`] and [`format::number`]. Nothing here reads or writes a file.

mod cells;
mod digits;
pub mod format;
pub mod lines;
pub mod npy;
mod number;
pub mod parse;
pub mod record;
mod result;
pub mod separated;

pub use cells::{Cell, put_floats, put_floats_of, put_ints};
pub use number::Number;
pub use parse::NotANumber;
pub use result::Value;
pub(crate) mod whole;
