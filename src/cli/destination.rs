//! Where results go: standard output, or a file.

use std::fs::File;

use super::format::Format;
use super::options::{Input, Options};
use super::usage::UsageError;
use crate::error::RunError;
use crate::sys::stdio::{Output, name_of};
use crate::value::npy;

/// Opens what results are to be written to. What is in a file stays, so far. `input` is the file that items are read from.
///
/// # Errors
/// It cannot be written to, or it is what items are read from, or nothing for results of this form.
pub(super) fn open(options: &Options, input: Option<&File>) -> anyhow::Result<Output> {
    let mut output = open_any(options, input)?;
    let format = options.format.text();
    if options.format.is_binary() && output.is_terminal() {
        return Err(UsageError::binary_to_terminal(format).into());
    }
    if let Format::Npy(_) = options.format {
        let failed = |to, source| RunError::Output { to, written: 0, source };
        let kept = output.keep_head(npy::HEADER_LEN as u64);
        kept.map_err(|source| failed(output.name().to_owned(), source))?
            .map_err(|why| UsageError::headless(format, why))?;
        // It is replaced, by whatever name.
        if is_input(&output, options, input) {
            return Err(UsageError::stdout_is_input(format).into());
        }
    }
    Ok(output)
}

fn open_any(options: &Options, input: Option<&File>) -> anyhow::Result<Output> {
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
    if is_input(&output, options, input) {
        return Err(UsageError::output_is_input(path).into());
    }
    Ok(output)
}

fn is_input(output: &Output, options: &Options, input: Option<&File>) -> bool {
    let is_stdin = options.input == Input::Stdin && output.is(std::io::stdin());
    is_stdin || input.is_some_and(|input| output.is(input))
}
