//! In which form results are written.

use std::str::FromStr;

use super::when::WordError;
use crate::value::record::RecordForm;

/// The value of `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As Python prints them, and nothing for an item that has none.
    #[default]
    Plain,
    /// Records of all items that are not dropped.
    Records(RecordForm),
}

impl Format {
    /// As it is typed.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Records(RecordForm::Tsv) => "tsv",
            Self::Records(RecordForm::JsonLines) => "jsonl",
            Self::Records(RecordForm::Tagged) => "plain with --tag",
        }
    }

    /// The form of the records, if there are any.
    #[must_use]
    pub fn records(self) -> Option<RecordForm> {
        match self {
            Self::Plain => None,
            Self::Records(form) => Some(form),
        }
    }
}

impl FromStr for Format {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        match text {
            "plain" => Ok(Self::Plain),
            "tsv" => Ok(Self::Records(RecordForm::Tsv)),
            "jsonl" => Ok(Self::Records(RecordForm::JsonLines)),
            _ => Err(WordError::new("plain, tsv or jsonl")),
        }
    }
}
