//! The supervisor's half of a chain, taken apart: what is written for the workers, and the source that stays here.

use crate::call::{Captures, CodecError, Function, Value};

/// What a chain captured, on its way to the workers. State that refuses to be sent takes its place: then every item
/// fails with its reason.
pub struct Sending {
    captures: Captures,
    refusal: Option<CodecError>,
}

impl Sending {
    pub(super) fn new() -> Self {
        Self { captures: begun(None), refusal: None }
    }

    /// Appends a function.
    pub(super) fn function<F: 'static>(&mut self, function: Function<F>) {
        self.captures.function(function);
    }

    /// Appends a value.
    pub(super) fn value<T: Value>(&mut self, value: &T) {
        if let Err(refusal) = self.captures.value(value) {
            self.refusal.get_or_insert(refusal);
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        match self.refusal {
            None => self.captures.into_bytes(),
            Some(refusal) => begun(Some(refusal.to_string())).into_bytes(),
        }
    }
}

/// Captures that begin with why there are no more.
fn begun(refusal: Option<String>) -> Captures {
    let mut captures = Captures::default();
    // A string does not refuse, unless it has 4 GiB; then nothing is there, which is refused as well.
    let _ = captures.value(&refusal);
    captures
}

/// A chain's source, and how its items are to be handed out.
pub struct Plan<S> {
    pub(super) source: S,
    pub(super) min_len: u64,
    pub(super) max_len: u64,
    /// How many values will come of it, if that is known.
    pub(super) yields: Option<u64>,
}

impl<S> Plan<S> {
    /// Every item will yield one value; there are `items` of them, if that is known.
    pub(super) fn new(source: S, items: Option<u64>) -> Self {
        Self { source, min_len: 1, max_len: u64::MAX, yields: items }
    }

    /// An item may yield any number of values.
    pub(super) fn of_any_number(self) -> Self {
        Self { yields: None, ..self }
    }
}
