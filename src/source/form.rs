//! What an item of a text is, and where it ends.

use crate::value::lines::{self, Tally};
use crate::value::separated;

/// How text is cut into items.
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
}

/// The longest line, in bytes, that may be a number of any use.
const LONGEST_LINE: usize = 4 << 20;

/// The longest record, in bytes. All of it is in memory at once, in the supervisor and in a worker.
const LONGEST_RECORD: usize = 256 << 20;

/// What a line that was cut ends with, so that it can never pass for a number.
const CUT_MARK: &[u8] = "…".as_bytes();

impl Form {
    /// The byte that an item ends with in the input.
    pub(super) fn separator(self) -> u8 {
        match self {
            Self::Lines => b'\n',
            Self::NulNumbers => 0,
            Self::Records { separator } => separator,
        }
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
        }
    }

    /// What a longer item ends with, cut where it is too long; `None`: it must not be cut, for it would be taken for
    /// another one.
    pub(super) fn cut_mark(self) -> Option<&'static [u8]> {
        match self {
            Self::Lines | Self::NulNumbers => Some(CUT_MARK),
            Self::Records { .. } => None,
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
        }
    }

    /// Where the first `items` items end, in bytes.
    pub(super) fn split_after(self, text: &[u8], items: u64) -> usize {
        match self {
            Self::Lines | Self::NulNumbers => lines::split_after(text, items),
            Self::Records { separator } => separated::split_after(text, separator, items),
        }
    }

    /// The `nth` item (counted from 0): the number of lines before its own, and its text.
    pub(super) fn nth_item(self, text: &[u8], nth: u64) -> Option<(u64, &[u8])> {
        match self {
            Self::Lines | Self::NulNumbers => lines::nth_item(text, nth),
            Self::Records { separator } => {
                let at = separated::split_after(text, separator, nth);
                let (record, _) = separated::next_record(&text[at..], separator)?;
                Some((nth, record))
            }
        }
    }

    /// The next item: its text, and how many bytes it takes with what stands around it.
    pub(super) fn next_item(self, text: &[u8]) -> Option<(&[u8], usize)> {
        match self {
            Self::Lines | Self::NulNumbers => lines::next_item(text),
            Self::Records { separator } => separated::next_record(text, separator),
        }
    }

    /// Whether people count these items in lines.
    pub(super) fn has_lines(self) -> bool {
        self.separator() == b'\n'
    }
}
