//! Where results go: standard output, or a file.

use std::fs::File;

use super::options::{Input, Options};
use super::usage::UsageError;
use crate::error::RunError;
use crate::sys::stdio::{Output, name_of};

/// Opens what results are to be written to. What is in a file stays, so far. `input` is the file that items are read from.
///
/// # Errors
/// It cannot be written to, or it is what items are read from.
pub(super) fn open(options: &Options, input: Option<&File>) -> anyhow::Result<Output> {
    let Some(path) = &options.output else {
        let to = || "standard output".to_owned();
        return Ok(Output::stdout().map_err(|source| RunError::Output {
            to: to(),
            written: 0,
            source,
        })?);
    };
    let failed = |source| RunError::Output { to: name_of(path), written: 0, source };
    let output = Output::file(path).map_err(failed)?;
    let is_stdin = options.input == Input::Stdin && output.is(std::io::stdin());
    if is_stdin || input.is_some_and(|input| output.is(input)) {
        return Err(UsageError::output_is_input(path).into());
    }
    Ok(output)
}
