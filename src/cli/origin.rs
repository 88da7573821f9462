//! Where items come from: a range, arguments, standard input, or a file.

use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;

use super::input_format::InputFormat;
use super::options::{Input, Options};
use crate::error::RunError;
use crate::source::{
    self, Form, GivenSource, LineSource, OneItem, RangeSource, Source, StoredCells,
};
use crate::sys::input;
use crate::sys::stdio::name_of;
use crate::value::Cell;

/// The items of a run.
pub(super) struct Opened {
    pub(super) source: Box<dyn Source>,
    /// How many there are, if that is known already.
    pub(super) items: Option<u64>,
    /// What they are, if they are binary numbers.
    pub(super) cells: Option<Cell>,
    /// The file that workers are to read for themselves.
    pub(super) file: Option<File>,
}

/// Opens the input.
///
/// # Errors
/// It cannot be read, or is not of the form that it should be.
pub(super) fn open(options: &Options) -> Result<Opened, RunError> {
    let (source, items): (Box<dyn Source>, u64) = match &options.input {
        Input::Range(range) => (Box::new(RangeSource::new(*range)), range.len()),
        Input::Item(item) => (Box::new(OneItem::new(item.index, &item.text)), 1),
        Input::Given(items) => {
            let items = items.iter().map(|item| item.as_bytes());
            let source = GivenSource::new(items, form(options, true));
            let items = source.len();
            (Box::new(source), items)
        }
        Input::Stdin => {
            let name = "standard input".to_owned();
            return read(options, input::Input::stdin()).map_err(failed(name));
        }
        Input::File(path) => {
            return read(options, input::Input::file(path)).map_err(failed(name_of(path)));
        }
    };
    Ok(Opened { source, items: Some(items), cells: None, file: None })
}

fn failed(from: String) -> impl FnOnce(io::Error) -> RunError {
    |source| RunError::Input { from, source }
}

/// How text is cut into items.
fn form(options: &Options, null: bool) -> Form {
    match (&options.program, null) {
        (Some(program), _) => Form::Records { separator: program.separator },
        (None, true) => Form::NulNumbers,
        (None, false) => Form::Lines,
    }
}

/// Items that are read.
fn read(options: &Options, input: io::Result<input::Input>) -> io::Result<Opened> {
    let mut input = input?;
    let (cell, header) = match options.input_format {
        InputFormat::Text => (None, None),
        InputFormat::I64le => (Some(Cell::I64), None),
        InputFormat::F64le => (Some(Cell::F64), None),
        InputFormat::Npy => {
            let header = source::read_header(&mut input)?;
            (Some(header.cell), Some(header))
        }
    };
    let form = cell.map_or_else(|| form(options, options.null), Form::Cells);
    let is_shared = input.length().is_some() && form.is_as_in_file();
    let file = is_shared.then(|| input.share()).transpose()?;
    let stored = cell.map_or(Ok(None), |cell| source::count_cells(&input, cell))?;
    let source: Box<dyn Source> = match (cell, stored, header) {
        // Nobody but the workers has to read it; for a journal, which tells what was read, we do.
        (Some(cell), Some(items), _) if options.joblog.is_none() => {
            Box::new(StoredCells::new(input, cell, items)?)
        }
        (_, _, Some(header)) => Box::new(LineSource::behind(input, header)),
        (_, _, None) => Box::new(LineSource::new(input, form)),
    };
    let items = stored.or(header.map(|header| header.count));
    Ok(Opened { source, items, cells: cell, file })
}
