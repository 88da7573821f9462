//! What goes with a function to every worker, once: its captures, written on one side and read, in the same order,
//! on the other.

use super::codec::{self, CodecError, Value};
use super::function::Function;

/// Stands for a function, which needs no bytes; a reader that is out of step finds something else.
const FUNCTION: u8 = 0xF5;

/// Captures being written, by the supervisor.
#[derive(Debug, Clone, Default)]
pub struct Captures(Vec<u8>);

impl Captures {
    /// Appends a function.
    pub fn function<F: 'static>(&mut self, function: Function<F>) {
        let _ = function;
        self.0.push(FUNCTION);
    }

    /// Appends a value.
    ///
    /// # Errors
    /// It refuses to be serialised.
    pub fn value<T: Value>(&mut self, value: &T) -> Result<(), CodecError> {
        codec::put(value, &mut self.0)
    }

    /// All of it, for the wire.
    #[must_use]
    pub fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Captures being read, by a worker.
#[derive(Debug, Clone)]
pub struct Captured<'a>(&'a [u8]);

impl<'a> Captured<'a> {
    /// What [`Captures::into_bytes`] gave.
    ///
    /// # Safety
    /// It must go to the entry for which the same types were written: a function that is read here is taken to exist.
    #[expect(unsafe_code, reason = "functions are read out of nothing")]
    #[must_use]
    pub unsafe fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next one, which is a function.
    ///
    /// # Errors
    /// It is none.
    pub fn function<F: 'static>(&mut self) -> Result<Function<F>, CodecError> {
        match self.0.split_first() {
            Some((&FUNCTION, rest)) => {
                self.0 = rest;
                #[expect(unsafe_code, reason = "the other half of `Captures::function`")]
                // SAFETY: by `Captured::new`, the supervisor wrote a `Function<F>` here.
                Ok(unsafe { Function::assume() })
            }
            _ => Err(CodecError::out_of_step()),
        }
    }

    /// The next one, which is a value.
    ///
    /// # Errors
    /// It is none of this type.
    pub fn value<T: Value>(&mut self) -> Result<T, CodecError> {
        codec::take(&mut self.0)
    }

    /// What is not yet read, to be read more than once.
    #[must_use]
    pub fn keep(&self) -> Kept {
        Kept(self.0.into())
    }
}

/// Captures that can be read again and again, each time from where they were kept.
#[derive(Debug, Clone)]
pub struct Kept(Box<[u8]>);

impl Kept {
    /// All of them, as they were read then.
    #[must_use]
    pub fn read(&self) -> Captured<'_> {
        Captured(&self.0)
    }
}

#[cfg(test)]
mod tests;
