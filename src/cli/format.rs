//! In which form results are written.

use std::str::FromStr;

use super::when::WordError;
use crate::task::CellForm;
use crate::value::record::RecordForm;

/// The value of `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// As Python prints them, and nothing for an item that has none.
    #[default]
    Plain,
    /// Records of all items that are not dropped.
    Records(RecordForm),
    /// Eight bytes each, little-endian.
    Cells(CellForm),
    /// An array as NumPy saves it; `None`: of integers if there can be nothing else, and else of floats.
    Npy(Option<CellForm>),
}

impl Format {
    const TYPED: [(Self, &'static str); 8] = [
        (Self::Plain, "plain"),
        (Self::Records(RecordForm::Tsv), "tsv"),
        (Self::Records(RecordForm::JsonLines), "jsonl"),
        (Self::Cells(CellForm::Integers), "i64le"),
        (Self::Cells(CellForm::Floats), "f64le"),
        (Self::Npy(None), "npy"),
        (Self::Npy(Some(CellForm::Integers)), "npy:i64"),
        (Self::Npy(Some(CellForm::Floats)), "npy:f64"),
    ];

    /// As it is typed.
    #[must_use]
    pub fn text(self) -> &'static str {
        let typed = Self::TYPED.iter().find(|(format, _)| *format == self);
        // The one that has no value of its own.
        typed.map_or("plain with --tag", |(_, text)| *text)
    }

    /// The form of the records, if there are any.
    #[must_use]
    pub fn records(self) -> Option<RecordForm> {
        match self {
            Self::Records(form) => Some(form),
            Self::Plain | Self::Cells(_) | Self::Npy(_) => None,
        }
    }

    /// Whether results are binary numbers.
    #[must_use]
    pub fn is_binary(self) -> bool {
        matches!(self, Self::Cells(_) | Self::Npy(_))
    }
}

impl FromStr for Format {
    type Err = WordError;

    fn from_str(text: &str) -> Result<Self, WordError> {
        let found = Self::TYPED.iter().find(|(_, typed)| *typed == text);
        let error = WordError::new("plain, tsv, jsonl, i64le, f64le, npy, npy:i64 or npy:f64");
        found.map(|(format, _)| *format).ok_or(error)
    }
}
