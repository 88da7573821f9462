//! Where items come from: a range, arguments, standard input, or a file.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;

use super::options::{Input, Options};
use crate::error::RunError;
use crate::source::{Form, GivenSource, LineSource, OneItem, RangeSource, Source};
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
pub(super) fn open(options: &Options) -> Result<Opened, RunError> {
    let form = |null| match (&options.program, null) {
        (Some(program), _) => Form::Records { separator: program.separator },
        (None, true) => Form::NulNumbers,
        (None, false) => Form::Lines,
    };
    match &options.input {
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
        Input::Given(items) => {
            let items = items.iter().map(|item| item.as_bytes());
            let source = GivenSource::new(items, form(true));
            let items = Some(source.len());
            Ok(Opened { source: Box::new(source), items, file: None })
        }
        Input::Stdin => {
            let input = input::Input::stdin().map_err(failed("standard input"))?;
            let source = Box::new(LineSource::new(input, form(options.null)));
            Ok(Opened { source, items: None, file: None })
        }
        Input::File(path) => {
            let name = name_of(path);
            let input = input::Input::file(path).map_err(failed(&name))?;
            let form = form(options.null);
            let is_shared = input.length().is_some() && form == Form::Lines;
            let file = is_shared.then(|| input.share()).transpose().map_err(failed(&name))?;
            Ok(Opened { source: Box::new(LineSource::new(input, form)), items: None, file })
        }
    }
}

fn failed(from: &str) -> impl FnOnce(io::Error) -> RunError {
    let from = from.to_owned();
    |source| RunError::Input { from, source }
}
