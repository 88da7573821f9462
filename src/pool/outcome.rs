//! What comes back of a job's items.

use std::convert::Infallible;
use std::ops::{Deref, Range};
use std::sync::Arc;

use super::TaskError;
use crate::ids::Index;

/// What some consecutive items of a job came to.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// What they yielded.
    Values(Values),
    /// One item has nothing to show.
    Failed(TaskError<Infallible>),
}

impl Outcome {
    /// The first item, counted within its job, and how many there are.
    pub(super) fn items(&self) -> (Index, u64) {
        match self {
            Self::Values(values) => (values.first, values.items),
            Self::Failed(error) => (error.index(), 1),
        }
    }

    /// What it takes to keep it, in bytes, about.
    pub(super) fn size(&self) -> usize {
        const ENTRY: usize = 128;
        match self {
            Self::Values(values) => ENTRY + values.bytes.len(),
            Self::Failed(_) => 2 * ENTRY,
        }
    }
}

/// The values that consecutive items yielded: as many as the job's program wrote.
#[derive(Debug)]
pub(crate) struct Values {
    /// The first item, counted within its job.
    pub(crate) first: Index,
    /// How many items.
    pub(crate) items: u64,
    /// The process that ran them.
    pub(crate) pid: u32,
    /// All of their values, one after the other, in the form of [`crate::call::take`].
    pub(crate) bytes: Bytes,
}

/// Bytes that are copied out of a buffer of more than so many.
const SMALL: usize = 1 << 10;
const LARGE: usize = 8 << 10;

/// A part of a buffer that others hold other parts of.
#[derive(Debug, Clone)]
pub(crate) struct Bytes {
    buffer: Arc<Vec<u8>>,
    range: Range<usize>,
}

impl Bytes {
    /// A part of `buffer`; a copy of it if it is so small that it must not keep all of a large one.
    pub(super) fn part(buffer: &Arc<Vec<u8>>, range: Range<usize>) -> Self {
        if range.len() <= SMALL && buffer.len() > LARGE {
            return buffer[range].to_vec().into();
        }
        Self { buffer: buffer.clone(), range }
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self { range: 0..bytes.len(), buffer: Arc::new(bytes) }
    }
}

impl Deref for Bytes {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.buffer[self.range.clone()]
    }
}
