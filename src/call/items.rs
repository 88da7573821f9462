//! The items of a lease that are not yet run, as a program gets them.

use super::codec::{self, CodecError, Value};
use crate::ids::Index;

/// Items in the order of their indices.
#[derive(Debug, Clone, Copy)]
pub struct Items<'a> {
    index: Index,
    rest: Rest<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Rest<'a> {
    Range { next: i64, step: i64 },
    Values(&'a [u8]),
}

impl<'a> Items<'a> {
    /// `start`, `start + step`, …, the first of which has this index.
    #[must_use]
    pub fn range(index: Index, start: i64, step: i64) -> Self {
        Self { index, rest: Rest::Range { next: start, step } }
    }

    /// Values one after the other, as [`put`](super::put) writes them.
    #[must_use]
    pub fn values(index: Index, bytes: &'a [u8]) -> Self {
        Self { index, rest: Rest::Values(bytes) }
    }

    /// The index of the next item.
    #[must_use]
    pub fn index(&self) -> Index {
        self.index
    }

    /// The next item of a range; past its end, whatever number follows.
    ///
    /// # Errors
    /// The items are no range.
    #[inline]
    pub fn next_number(&mut self) -> Result<i64, CodecError> {
        self.index += 1;
        match &mut self.rest {
            Rest::Range { next, step } => {
                let number = *next;
                *next = next.wrapping_add(*step);
                Ok(number)
            }
            Rest::Values(_) => Err(CodecError::out_of_step()),
        }
    }

    /// The next item of values. One that cannot be read is passed over.
    ///
    /// # Errors
    /// The items are none of this type, or there is none.
    #[inline]
    pub fn next_value<T: Value>(&mut self) -> Result<T, CodecError> {
        self.index += 1;
        match &mut self.rest {
            Rest::Values(bytes) => codec::take(bytes),
            Rest::Range { .. } => Err(CodecError::out_of_step()),
        }
    }

    /// The bytes of the values that are left; none, if the items are a range.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        match self.rest {
            Rest::Values(bytes) => bytes,
            Rest::Range { .. } => &[],
        }
    }

    /// Goes on behind the next `count` items, of which whoever has read them says what bytes are left.
    #[inline]
    pub fn advance(&mut self, count: u32, left: &'a [u8]) {
        self.index += Index::from(count);
        match &mut self.rest {
            Rest::Range { next, step } => {
                *next = next.wrapping_add(step.wrapping_mul(count.into()))
            }
            Rest::Values(bytes) => *bytes = left,
        }
    }
}
