//! A function of a library that is loaded, and how it is called.
//!
//! Nothing that it does can be checked: it is code of the user's choice in this process, as any C library that a
//! program is linked with. What it *returns* is checked.

use std::ffi::{CStr, c_char};
use std::fmt;

use super::abi::{Batch, Entry, MESSAGE, MOST_ARGUMENTS, Scalar};
use super::signature::Signature;

/// A function whose library stays loaded for as long as the process lives.
#[derive(Clone, Debug)]
pub struct Function {
    signature: Signature,
    integer: Forms<i64>,
    real: Forms<f64>,
}

/// How it is called for numbers of one type.
#[derive(Clone, Copy, Debug)]
struct Forms<T> {
    scalar: Option<Scalar<T>>,
    batch: Option<Batch<T>>,
}

/// A call that has no result, and what the function says about that: one line, which may be empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// What it returned; not 0.
    pub status: i32,
    /// Its message.
    pub message: String,
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message.as_str() {
            "" => write!(f, "failed with status {}", self.status),
            message => f.write_str(message),
        }
    }
}

impl Function {
    /// The function of an entry that was found to have this signature.
    pub(super) fn new(entry: &Entry, signature: Signature) -> Self {
        Self {
            signature,
            integer: Forms { scalar: entry.integer, batch: entry.integer_batch },
            real: Forms { scalar: entry.real, batch: entry.real_batch },
        }
    }

    /// How it is called.
    pub fn signature(&self) -> &Signature {
        &self.signature
    }

    /// Calls it for integers, as many as it takes.
    ///
    /// # Errors
    /// It says so.
    ///
    /// # Panics
    /// If it does not take them.
    pub fn call_integers(&self, arguments: &[i64]) -> Result<i64, Failed> {
        assert_eq!(arguments.len(), self.signature.arity());
        self.integer.call(arguments)
    }

    /// Calls it for doubles, as many as it takes.
    ///
    /// # Errors
    /// It says so.
    ///
    /// # Panics
    /// If it does not take them.
    pub fn call_reals(&self, arguments: &[f64]) -> Result<f64, Failed> {
        assert_eq!(arguments.len(), self.signature.arity());
        self.real.call(arguments)
    }

    /// Makes a call for each lane of `columns`, one for each argument; of which lanes there is a result, is told lane by
    /// lane: of the others, the scalar form says why not.
    ///
    /// # Panics
    /// If it takes another number of integers, or the columns have different lengths.
    pub fn call_integer_columns(
        &self,
        columns: &[&[i64]],
        results: &mut [i64],
        is_missing: &mut dyn FnMut(usize),
    ) {
        assert_eq!(columns.len(), self.signature.arity());
        self.integer.call_columns(columns, results, is_missing);
    }

    /// The same for doubles.
    ///
    /// # Panics
    /// If it takes another number of doubles, or the columns have different lengths.
    pub fn call_real_columns(
        &self,
        columns: &[&[f64]],
        results: &mut [f64],
        is_missing: &mut dyn FnMut(usize),
    ) {
        assert_eq!(columns.len(), self.signature.arity());
        self.real.call_columns(columns, results, is_missing);
    }
}

impl<T: Copy + Default> Forms<T> {
    fn call(self, arguments: &[T]) -> Result<T, Failed> {
        let scalar = self.scalar.expect("a form that its signature speaks of");
        let mut result = T::default();
        let mut message = [0; MESSAGE];
        #[expect(unsafe_code, reason = "it is not Rust's")]
        // SAFETY: a plugin's author promises that the function reads so many arguments, writes one result and at most
        // `MESSAGE` bytes; the library is never unloaded.
        let status = unsafe { scalar(arguments.as_ptr(), &mut result, message.as_mut_ptr()) };
        if status == 0 { Ok(result) } else { Err(Failed { status, message: line(&message) }) }
    }

    fn call_columns(self, columns: &[&[T]], results: &mut [T], is_missing: &mut dyn FnMut(usize)) {
        let count = results.len();
        assert!(columns.iter().all(|column| column.len() == count));
        let mut at = 0;
        while at < count {
            at += self.call_some(columns, at, &mut results[at..]);
            if at < count {
                is_missing(at);
                at += 1;
            }
        }
    }

    /// Makes the calls from lane `from` on, one for each of `results`, until one fails; how many were made before.
    fn call_some(self, columns: &[&[T]], from: usize, results: &mut [T]) -> usize {
        let Some(batch) = self.batch else {
            let mut arguments = [T::default(); MOST_ARGUMENTS];
            for (at, result) in results.iter_mut().enumerate() {
                for (argument, column) in arguments.iter_mut().zip(columns) {
                    *argument = column[from + at];
                }
                match self.call(&arguments[..columns.len()]) {
                    Ok(value) => *result = value,
                    Err(_) => return at,
                }
            }
            return results.len();
        };
        let mut starts = [std::ptr::null(); MOST_ARGUMENTS];
        for (start, column) in starts.iter_mut().zip(columns) {
            *start = column[from..].as_ptr();
        }
        #[expect(unsafe_code, reason = "it is not Rust's")]
        // SAFETY: each column has as many lanes from `from` on as there are results, and the author promises that the
        // function touches no others; the library is never unloaded.
        let done = unsafe { batch(results.len(), starts.as_ptr(), results.as_mut_ptr()) };
        // More than there are is no answer: let the scalar form say what holds for the first.
        if done <= results.len() { done } else { 0 }
    }
}

/// What a buffer holds up to its first zero, as one line that does nothing to a terminal.
fn line(buffer: &[c_char; MESSAGE]) -> String {
    let bytes = buffer.map(|byte| byte as u8);
    // A function may have written over the last zero.
    let text = CStr::from_bytes_until_nul(&bytes).map_or(&bytes[..], CStr::to_bytes);
    plain(&String::from_utf8_lossy(text))
}

/// `text` without control characters, and trimmed.
pub(super) fn plain(text: &str) -> String {
    let plain: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    plain.trim().to_owned()
}
