//! Results that are binary numbers: of which type, and what stands in the place of one that there is not.

use std::os::unix::ffi::OsStrExt;

use super::format::Format;
use super::on_error::OnError;
use super::options::{Input, Options};
use super::usage::UsageError;
use crate::task::{CellForm, Cells, Recipe};
use crate::value::{Cell, Number, parse};

/// What is known of them before the first one.
pub(super) struct Binary {
    pub(super) cells: Cells,
    /// What is written for an item without a result.
    pub(super) fill: Vec<u8>,
    /// Of what type the array is, if it is to be one.
    pub(super) array: Option<Cell>,
}

impl Binary {
    /// As the options ask for them, if they do; `input` is the type of the items, if those are binary numbers.
    ///
    /// # Errors
    /// What is to stand in the place of a result is no number of the type.
    pub(super) fn new(options: &Options, input: Option<Cell>) -> Result<Option<Self>, UsageError> {
        let (form, is_array) = match options.format {
            Format::Plain | Format::Records(_) => return Ok(None),
            Format::Cells(form) => (form, false),
            Format::Npy(Some(form)) => (form, true),
            Format::Npy(None) => {
                let are_integers = items_are_integers(&options.input, input);
                let is_whole = options.recipe.task.gives_integers(are_integers);
                (if is_whole { CellForm::Integers } else { CellForm::ExactFloats }, true)
            }
        };
        let places = options.joblog.is_some() && options.recipe.filter.is_some();
        Ok(Some(Self {
            cells: Cells { form, places },
            fill: fill(&options.on_error, options.format, form)?,
            array: is_array.then(|| form.cell()),
        }))
    }

    /// The recipe for workers.
    pub(super) fn recipe(binary: Option<&Self>, recipe: &Recipe) -> Recipe {
        Recipe { cells: binary.map(|binary| binary.cells), ..recipe.clone() }
    }
}

/// Whether no item can be a float. Of text that is read, nobody knows what is still to come.
fn items_are_integers(input: &Input, cell: Option<Cell>) -> bool {
    let is_integer = |text: &[u8]| match parse::number(text) {
        Ok(number) => !matches!(number, Number::Float(_)),
        // It is no item, or one that fails.
        Err(_) => true,
    };
    match input {
        Input::Range(_) => true,
        Input::Given(items) => items.iter().all(|item| is_integer(item.as_bytes())),
        Input::Item(item) => is_integer(&item.text),
        Input::Stdin | Input::File(_) => {
            cell.is_some_and(|cell| !matches!(cell, Cell::F16 | Cell::F32 | Cell::F64))
        }
    }
}

fn fill(on_error: &OnError, format: Format, form: CellForm) -> Result<Vec<u8>, UsageError> {
    let mut cells = Vec::new();
    if let OnError::Fill(text) = on_error {
        let bad = |why: &str| UsageError::bad_fill(text, format.text(), form.cell(), why);
        let number = parse::number(text.as_bytes()).map_err(|error| bad(&error.to_string()))?;
        form.append_number(&number, &mut cells).map_err(|misfit| bad(&misfit.to_string()))?;
    }
    Ok(cells)
}
