//! Where items come from: a range, standard input, or a file.

use std::fs::File;
use std::io;

use super::options;
use crate::digest::Fingerprint;
use crate::error::RunError;
use crate::source::range::Range;
use crate::source::{LineSource, RangeSource, Source};
use crate::sys::input::Input;
use crate::sys::stdio::name_of;

/// What items are read from.
pub(super) enum Opened {
    Range(Range),
    /// Text; and the file, once more, if workers are to read it for themselves.
    Text(Input, Option<File>),
}

impl Opened {
    /// Opens the input.
    ///
    /// # Errors
    /// It cannot be read.
    pub(super) fn open(input: &options::Input) -> Result<Self, RunError> {
        match input {
            options::Input::Range(range) => Ok(Self::Range(*range)),
            options::Input::Stdin => {
                Ok(Self::Text(Input::stdin().map_err(failed("standard input"))?, None))
            }
            options::Input::File(path) => {
                let name = name_of(path);
                let input = Input::file(path).map_err(failed(&name))?;
                let file = input.length().map(|_| input.share()).transpose();
                Ok(Self::Text(input, file.map_err(failed(&name))?))
            }
        }
    }

    /// The file that workers are to read for themselves.
    pub(super) fn file(&self) -> Option<&File> {
        match self {
            Self::Range(_) => None,
            Self::Text(_, file) => file.as_ref(),
        }
    }

    /// The items; how many there are, if that is known already; and the file that workers are to read. `known` is what an
    /// earlier run has read from time to time, if there may be one to go on with this one.
    pub(super) fn into_source(
        self,
        known: Option<Vec<Fingerprint>>,
    ) -> (Box<dyn Source>, Option<u64>, Option<File>) {
        match self {
            Self::Range(range) => (Box::new(RangeSource::new(range)), Some(range.len()), None),
            Self::Text(input, file) => {
                let source = LineSource::new(input);
                let source = match known {
                    Some(known) => source.with_account(known),
                    None => source,
                };
                (Box::new(source), None, file)
            }
        }
    }
}

fn failed(from: &str) -> impl FnOnce(io::Error) -> RunError {
    let from = from.to_owned();
    |source| RunError::Input { from, source }
}
