//! Where items come from: ranges, what is read, and arguments. A source numbers its items, keeps what may have to
//! be handed out again, and forgets what is settled.

mod account;
mod block;
mod call;
mod form;
mod given;
mod header;
mod lines;
mod one;
mod quote;
pub mod range;
mod steps;
mod stored;

pub use account::OtherInput;
pub use call::{CallItems, Called, Definition};
pub use form::Form;
pub use given::GivenSource;
pub use header::read_header;
pub use lines::LineSource;
pub use one::OneItem;
pub use steps::RangeSource;
pub use stored::{StoredCells, UnevenError, count_cells};

use std::io;
use std::os::fd::BorrowedFd;

use crate::digest::Fingerprint;
use crate::ids::Index;

/// What a read brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Arrived {
    /// New items, numbered on from the last ones.
    pub items: u64,
    /// Whether these were the last.
    pub ended: bool,
}

/// Consecutive items in the form in which a worker gets them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The first item's index.
    pub first: Index,
    /// How many items; at least 1.
    pub items: u64,
    /// The items.
    pub content: Content<'a>,
}

/// The items of a [`Piece`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content<'a> {
    /// `start`, `start + step`, …
    Range {
        /// The first item.
        start: i64,
        /// From one item to the next.
        step: i64,
    },
    /// Whole lines, records or binary numbers that hold just these items.
    Lines(&'a [u8]),
    /// The same, which the workers read themselves from the file that they have from the start.
    Part {
        /// Where they begin.
        offset: u64,
        /// How many bytes they are.
        length: u64,
    },
    /// Items of a function.
    Call(Called<'a>),
}

/// An item as a person knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Described {
    /// Its text, shortened if it is very long.
    pub text: String,
    /// Its line number, from 1, if it came as a line.
    pub line: Option<u64>,
}

/// Where items come from.
pub trait Source {
    /// What to wait for before a read; `None` if a read never waits.
    fn readiness(&self) -> Option<BorrowedFd<'_>>;

    /// Reads what there is, without waiting.
    ///
    /// # Errors
    /// The input cannot be read.
    fn read(&mut self) -> io::Result<Arrived>;

    /// Hands the items `first..first + items` to `take`, in order, in as few pieces as the source can.
    ///
    /// # Panics
    /// If they have not arrived, or are settled.
    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>));

    /// Whether what workers read themselves is still there.
    ///
    /// # Errors
    /// It has become shorter.
    fn check(&self) -> io::Result<()> {
        Ok(())
    }

    /// What an unsettled item is.
    fn describe(&self, index: Index) -> Described;

    /// Says that these items will not be asked for any more.
    fn settle(&mut self, first: Index, items: u64);

    /// Keeps account of what is read, where anything is. Nothing comes of it before it is found to be what an earlier run,
    /// if there was one, had read at these points.
    fn keep_account(&mut self, _expected: Vec<Fingerprint>) {}

    /// What was read for the items that have arrived, in whole lines; `None` where nothing is read, or nobody has asked
    /// for an account.
    fn fingerprint(&self) -> Option<Fingerprint> {
        None
    }

    /// Bytes of input that are kept for items that have arrived. They become fewer when items are settled, so that
    /// whoever waits for that does not wait for ever.
    fn held(&self) -> usize;

    /// Hands the texts of unsettled items to `take`, in order, all of each.
    fn texts(&self, first: Index, items: u64, take: &mut dyn FnMut(&[u8])) {
        for index in first..first + items {
            take(self.describe(index).text.as_bytes());
        }
    }

    /// What a person calls the input, if it cannot be read.
    fn name(&self) -> &str {
        "the input"
    }
}
