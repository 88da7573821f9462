//! What items are made of: `--input-format`.

use std::str::FromStr;

use super::args::Args;
use super::usage::UsageError;
use super::when::WordError;

/// The form of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InputFormat {
    /// Lines, or records.
    #[default]
    Text,
    /// Integers of eight bytes, little-endian.
    I64le,
    /// Floats of eight bytes, little-endian.
    F64le,
    /// An array as NumPy saves it.
    Npy,
}

impl InputFormat {
    /// As it is typed.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::I64le => "i64le",
            Self::F64le => "f64le",
            Self::Npy => "npy",
        }
    }

    /// Whether items of this form can be had from where they are to come, for what is to be done with them.
    pub(super) fn check(self, args: &Args) -> Result<(), UsageError> {
        if self == Self::Text {
            return Ok(());
        }
        let others = [
            ("--range", args.range.is_some()),
            ("':::'", args.given.is_some()),
            ("--null", args.null),
        ];
        if let Some((other, _)) = others.into_iter().find(|(_, is_given)| *is_given) {
            return Err(UsageError::binary_beside(self.text(), other));
        }
        if !args.program.is_empty() {
            return Err(UsageError::binary_for_program(self.text()));
        }
        Ok(())
    }
}

impl FromStr for InputFormat {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        [Self::Text, Self::I64le, Self::F64le, Self::Npy]
            .into_iter()
            .find(|format| format.text() == text)
            .ok_or(WordError::new("text, i64le, f64le or npy"))
    }
}
