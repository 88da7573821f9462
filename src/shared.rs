//! Large numeric inputs that all workers read in place: the numbers are written once, into memory that nobody can
//! change any more, and what is sent to a worker is where they are.

use std::cell::RefCell;
use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::ops::{Deref, Range};
use std::sync::Arc;

use serde::de::Error as _;
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout};

use crate::sys::sealed::{self, Address, Mapping};

/// A number that can be shared: an integer, or a float, of any width.
pub trait Number: FromBytes + IntoBytes + Immutable + KnownLayout + Copy + 'static {}

macro_rules! numbers {
    ($($number:ty)*) => {
        $(impl Number for $number {})*
    };
}

numbers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f32 f64);

/// Numbers that all workers read in place.
///
/// As an argument, or as the state of `map_with`, it costs the same whatever its length: workers map the same memory,
/// read-only. It goes down to workers only: it cannot be a result, since the worker may be gone before anybody looks.
///
/// ```
/// use pmap::SharedVec;
/// use pmap::prelude::*;
///
/// pmap::init();
/// // Row by row, the product of a 1000 by 1000 matrix and a vector.
/// let matrix = SharedVec::from((0..1_000_000).map(f64::from).collect::<Vec<_>>());
/// let product: Vec<f64> = (0..1000_usize)
///     .into_proc_iter()
///     .map_with(matrix, |matrix, row| matrix[1000 * row..][..1000].iter().sum())
///     .collect();
/// assert_eq!(product[1], (1000..2000).map(f64::from).sum::<f64>());
/// ```
#[derive(Clone)]
pub struct SharedVec<T>(SharedSlice<T>);

/// A part of a [`SharedVec`], which it keeps alive.
#[derive(Clone)]
pub struct SharedSlice<T> {
    memory: Arc<Mapping>,
    /// Which of its numbers; within them.
    range: Range<usize>,
    of: PhantomData<T>,
}

impl<T: Number> SharedVec<T> {
    /// Shares a copy of `numbers`.
    ///
    /// # Errors
    /// No memory or no descriptor is left.
    pub fn new(numbers: &[T]) -> io::Result<Self> {
        let memory = Mapping::of(sealed::seal(numbers.as_bytes())?)?;
        let range = 0..numbers.len();
        Ok(Self(SharedSlice { memory: Arc::new(memory), range, of: PhantomData }))
    }
}

impl<T: Number> SharedSlice<T> {
    /// A part of it, by its own indices.
    ///
    /// # Panics
    /// If it does not lie within.
    #[must_use]
    pub fn slice(&self, part: Range<usize>) -> Self {
        // Panics with the usual words.
        let length = self[part.clone()].len();
        let start = self.range.start + part.start;
        Self { range: start..start + length, ..self.clone() }
    }
}

/// # Panics
/// If no memory or no descriptor is left.
impl<T: Number> From<Vec<T>> for SharedVec<T> {
    fn from(numbers: Vec<T>) -> Self {
        Self::new(&numbers).expect("memory to share numbers in")
    }
}

impl<T: Number> Deref for SharedVec<T> {
    type Target = SharedSlice<T>;

    fn deref(&self) -> &SharedSlice<T> {
        &self.0
    }
}

impl<T: Number> Deref for SharedSlice<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        // A mapping begins at a page's begin, and its length was checked when it was made.
        let numbers: &[T] = <[T]>::ref_from_bytes(&self.memory).unwrap_or_default();
        &numbers[self.range.clone()]
    }
}

impl<T: Number + fmt::Debug> fmt::Debug for SharedVec<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T: Number + fmt::Debug> fmt::Debug for SharedSlice<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

/// What was shared with values on their way to workers. It has to live until they have read it.
#[derive(Debug, Default)]
pub(crate) struct Kept(Vec<Arc<Mapping>>);

thread_local! {
    /// What is shared with the values that are being written; `None` where nobody keeps it.
    static KEEPS: RefCell<Option<Kept>> = const { RefCell::new(None) };
}

/// Runs `write`, and says what is shared with what it has written.
pub(crate) fn keeping<R>(write: impl FnOnce() -> R) -> (R, Kept) {
    /// Puts back who kept before, be it that `write`, whose values are the user's, panics.
    struct Outer(Option<Kept>);
    impl Drop for Outer {
        fn drop(&mut self) {
            KEEPS.set(self.0.take());
        }
    }
    let _outer = Outer(KEEPS.replace(Some(Kept::default())));
    let written = write();
    (written, KEEPS.take().unwrap_or_default())
}

impl Kept {
    /// Keeps what the other one keeps, too.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// Lets go of everything.
    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }
}

/// As where it is: it can be read by workers of this process, while it lives.
impl<T> Serialize for SharedSlice<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        KEEPS.with_borrow_mut(|keeps| {
            if let Some(Kept(kept)) = keeps {
                kept.push(self.memory.clone());
            }
        });
        let address = self.memory.address().map_err(S::Error::custom)?;
        (address, self.range.start, self.range.end).serialize(serializer)
    }
}

impl<'de, T: Number> Deserialize<'de> for SharedSlice<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (address, start, end) = <(Address, usize, usize)>::deserialize(deserializer)?;
        let memory = address.open().and_then(Mapping::of).map_err(D::Error::custom)?;
        let length = <[T]>::ref_from_bytes(&memory).map_or(0, <[T]>::len);
        if start > end || end > length {
            return Err(D::Error::custom("what is shared is shorter than it was"));
        }
        Ok(Self { memory: Arc::new(memory), range: start..end, of: PhantomData })
    }
}

impl<T> Serialize for SharedVec<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl<'de, T: Number> Deserialize<'de> for SharedVec<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        SharedSlice::deserialize(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests;
