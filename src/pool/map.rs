//! The results of a map, one after the other.

use std::collections::VecDeque;

use super::TaskError;
use super::outcome::Outcome;
use super::running::Running;
use crate::call::{Value, take};

/// The results of [`Pool::map`](super::Pool::map), in the order of the items, or of
/// [`Pool::map_unordered`](super::Pool::map_unordered), as they come. Dropped, it cancels what has not begun.
pub struct Mapped<'a, R> {
    running: Running<'a>,
    /// Results that have been read, with the indices of their items.
    ready: VecDeque<(u64, Result<R, TaskError>)>,
}

impl<R> std::fmt::Debug for Mapped<'_, R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mapped").field("ready", &self.ready.len()).finish_non_exhaustive()
    }
}

impl<'a, R: Value> Mapped<'a, R> {
    pub(super) fn new(running: Running<'a>) -> Self {
        Self { running, ready: VecDeque::new() }
    }

    /// The same with each result's index in the input, from 0.
    pub fn with_index(mut self) -> impl Iterator<Item = (u64, Result<R, TaskError>)> + use<'a, R> {
        std::iter::from_fn(move || self.next_with_index())
    }

    fn next_with_index(&mut self) -> Option<(u64, Result<R, TaskError>)> {
        while self.ready.is_empty() {
            match self.running.next()? {
                Outcome::Failed(error) => self.ready.push_back((error.index(), Err(error))),
                Outcome::Values(values) => {
                    let mut bytes = &*values.bytes;
                    for index in values.first..values.first + values.items {
                        let read = take(&mut bytes);
                        let unreadable = |e| TaskError::unreadable(&e, index, values.pid);
                        self.ready.push_back((index, read.map_err(unreadable)));
                    }
                }
            }
        }
        self.ready.pop_front()
    }
}

impl<R: Value> Iterator for Mapped<'_, R> {
    type Item = Result<R, TaskError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.next_with_index()?.1)
    }
}
