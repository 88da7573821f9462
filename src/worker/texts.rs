//! A lease's items as bytes, for programs.

use crate::ids::Index;
use crate::value::separated;

/// The items of a lease that are not yet run.
pub(super) struct Texts<'a> {
    /// The index of the next one.
    index: Index,
    items: Items<'a>,
}

enum Items<'a> {
    /// The next number, the distance to the one after it, and room for its digits.
    Range { next: i64, step: i64, digits: Vec<u8> },
    /// The text that is left.
    Text { rest: &'a [u8], separator: u8 },
}

impl<'a> Texts<'a> {
    pub(super) fn range(first: Index, start: i64, step: i64) -> Self {
        Self { index: first, items: Items::Range { next: start, step, digits: Vec::new() } }
    }

    pub(super) fn text(first: Index, text: &'a [u8], separator: u8) -> Self {
        Self { index: first, items: Items::Text { rest: text, separator } }
    }

    /// The next item; an empty one of a lease that holds fewer than it says.
    pub(super) fn next(&mut self) -> (Index, &[u8]) {
        let index = self.index;
        self.index += 1;
        match &mut self.items {
            Items::Range { next, step, digits } => {
                digits.clear();
                crate::value::format::int(*next, digits);
                // Past a range's last item there may be no number; nobody asks for it.
                *next = next.wrapping_add(*step);
                (index, digits)
            }
            Items::Text { rest, separator } => {
                let (item, used) = separated::next_record(rest, *separator).unwrap_or_default();
                *rest = &rest[used..];
                (index, item)
            }
        }
    }
}
