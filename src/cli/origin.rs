//! Where items come from: a range, standard input, or a file.

use std::fs::File;
use std::io;

use super::options::Input;
use crate::error::RunError;
use crate::source::{LineSource, OneItem, RangeSource, Source};
use crate::sys::input;
use crate::sys::stdio::name_of;

/// The items of a run.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    /// How many there are, if that is known already.
    pub(super) items: Option<u64>,
    /// The file that workers are to read for themselves.
    pub(super) file: Option<File>,
}

/// Opens the input.
///
/// # Errors
/// It cannot be read.
pub(super) fn open(input: &Input) -> Result<Opened, RunError> {
    match input {
        Input::Range(range) => Ok(Opened {
            source: Box::new(RangeSource::new(*range)),
            items: Some(range.len()),
            file: None,
        }),
        Input::Item(item) => Ok(Opened {
            source: Box::new(OneItem::new(item.index, &item.text)),
            items: Some(1),
            file: None,
        }),
        Input::Stdin => {
            let input = input::Input::stdin().map_err(failed("standard input"))?;
            Ok(Opened { source: Box::new(LineSource::new(input)), items: None, file: None })
        }
        Input::File(path) => {
            let name = name_of(path);
            let input = input::Input::file(path).map_err(failed(&name))?;
            let file = input.length().map(|_| input.share()).transpose().map_err(failed(&name))?;
            Ok(Opened { source: Box::new(LineSource::new(input)), items: None, file })
        }
    }
}

fn failed(from: &str) -> impl FnOnce(io::Error) -> RunError {
    let from = from.to_owned();
    |source| RunError::Input { from, source }
}
