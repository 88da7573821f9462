//! What an item of the input is, and where it ends.

use std::borrow::Cow;

use memchr::memrchr;

use crate::value::lines::{self, Tally};
use crate::value::{Cell, format, separated};

/// How what is read is cut into items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// Numbers: every line that is not blank is an item.
    Lines,
    /// Numbers, too, with NUL bytes between them; workers get them as lines.
    NulNumbers,
    /// Anything: whatever stands before this byte, as it is.
    Records {
        /// The byte.
        separator: u8,
    },
    /// Binary numbers.
    Cells(Cell),
}

/// The longest line, in bytes, that may be a number of any use.
const LONGEST_LINE: usize = 4 << 20;

/// The longest record, in bytes. All of it is in memory at once, in the supervisor and in a worker.
const LONGEST_RECORD: usize = 256 << 20;

/// What a line that was cut ends with, so that it can never pass for a number.
const CUT_MARK: &[u8] = "…".as_bytes();

impl Form {
    /// The byte that an item ends with in the input, if there is one.
    pub(super) fn separator(self) -> Option<u8> {
        match self {
            Self::Lines => Some(b'\n'),
            Self::NulNumbers => Some(0),
            Self::Records { separator } => Some(separator),
            Self::Cells(_) => None,
        }
    }

    /// Where in `bytes` the last item ends that ends there; `before` bytes stand before them, from where an item began.
    pub(super) fn last_end(self, before: u64, bytes: &[u8]) -> Option<usize> {
        match self {
            Self::Lines => memrchr(b'\n', bytes).map(|newline| newline + 1),
            Self::NulNumbers => memrchr(0, bytes).map(|nul| nul + 1),
            Self::Records { separator } => memrchr(separator, bytes).map(|at| at + 1),
            Self::Cells(cell) => {
                let begun = (before + bytes.len() as u64) % cell.width() as u64;
                bytes.len().checked_sub(begun as usize).filter(|end| *end > 0)
            }
        }
    }

    /// Whether workers can read these items themselves, if they are in a file.
    #[must_use]
    pub fn is_as_in_file(self) -> bool {
        matches!(self, Self::Lines | Self::Cells(_))
    }

    /// Makes what was read what workers get. Within a number, no other space is worse than a newline: around it, both
    /// mean nothing, and inside, neither can be.
    pub(super) fn translate(self, text: &mut [u8]) {
        if self == Self::NulNumbers {
            for byte in text {
                match *byte {
                    b'\n' => *byte = b' ',
                    0 => *byte = b'\n',
                    _ => {}
                }
            }
        }
    }

    /// The bytes of the longest item.
    pub(super) fn longest(self) -> usize {
        match self {
            Self::Lines | Self::NulNumbers => LONGEST_LINE,
            Self::Records { .. } => LONGEST_RECORD,
            Self::Cells(cell) => cell.width(),
        }
    }

    /// What a longer item ends with, cut where it is too long; `None`: it must not be cut, for it would be taken for
    /// another one.
    pub(super) fn cut_mark(self) -> Option<&'static [u8]> {
        match self {
            Self::Lines | Self::NulNumbers => Some(CUT_MARK),
            Self::Records { .. } | Self::Cells(_) => None,
        }
    }

    /// How many lines and items a block of translated text holds.
    pub(super) fn tally(self, text: &[u8]) -> Tally {
        match self {
            Self::Lines | Self::NulNumbers => lines::tally(text),
            Self::Records { separator } => {
                let items = separated::tally(text, separator);
                Tally { lines: items, items }
            }
            Self::Cells(cell) => {
                let items = (text.len() / cell.width()) as u64;
                Tally { lines: items, items }
            }
        }
    }

    /// Where the first `items` items end, in bytes.
    pub(super) fn split_after(self, text: &[u8], items: u64) -> usize {
        match self {
            Self::Lines | Self::NulNumbers => lines::split_after(text, items),
            Self::Records { separator } => separated::split_after(text, separator, items),
            Self::Cells(cell) => {
                let items = usize::try_from(items).unwrap_or(usize::MAX);
                items.saturating_mul(cell.width()).min(text.len())
            }
        }
    }

    /// The `nth` item (counted from 0): the number of lines before its own, and its bytes.
    pub(super) fn nth_item(self, text: &[u8], nth: u64) -> Option<(u64, &[u8])> {
        match self {
            Self::Lines | Self::NulNumbers => lines::nth_item(text, nth),
            Self::Records { separator } => {
                let at = separated::split_after(text, separator, nth);
                let (record, _) = separated::next_record(&text[at..], separator)?;
                Some((nth, record))
            }
            Self::Cells(_) => {
                let (item, _) = self.next_item(&text[self.split_after(text, nth)..])?;
                Some((nth, item))
            }
        }
    }

    /// The next item: its bytes, and how many they are with what stands around it.
    pub(super) fn next_item(self, text: &[u8]) -> Option<(&[u8], usize)> {
        match self {
            Self::Lines | Self::NulNumbers => lines::next_item(text),
            Self::Records { separator } => separated::next_record(text, separator),
            Self::Cells(cell) => text.get(..cell.width()).map(|item| (item, cell.width())),
        }
    }

    /// An item as a person reads it.
    pub(super) fn readable(self, item: &[u8]) -> Cow<'_, [u8]> {
        let Self::Cells(cell) = self else { return item.into() };
        let mut text = Vec::new();
        if let Some((number, _)) = cell.split_first(item) {
            format::number(&number, &mut text);
        }
        text.into()
    }

    /// Whether people count these items in lines.
    pub(super) fn has_lines(self) -> bool {
        self.separator() == Some(b'\n')
    }
}
