//! What was read at a time, kept until all of its items are settled.

use std::cell::OnceCell;

use super::Form;
use crate::ids::Index;

/// How far apart the [`Marks`] of a block are, in bytes, where its items are of one length.
const STRIDE: u64 = 4096;

/// Whole items and where they stand in the input.
pub(super) struct Block {
    pub(super) first: Index,
    pub(super) items: u64,
    /// Number of the first line, from 0.
    pub(super) first_line: u64,
    pub(super) text: Vec<u8>,
    /// Where the text begins in a file from which workers read it themselves.
    pub(super) offset: Option<u64>,
    pub(super) settled: u64,
    /// The place behind the items handed out last: (items, bytes) from the start. The next ones usually follow.
    pub(super) cursor: (u64, usize),
    /// For those who look for items in any order.
    pub(super) marks: OnceCell<Marks>,
}

/// Where some items begin: every so many.
pub(super) struct Marks {
    /// From one mark to the next, in items.
    stride: u64,
    places: Vec<Place>,
}

/// Where an item begins, blank lines before it included.
#[derive(Clone, Copy, Default)]
struct Place {
    items: u64,
    lines: u64,
    at: usize,
}

impl Block {
    /// Where the first `items` items end, in bytes.
    pub(super) fn offset_behind(&mut self, form: Form, items: u64) -> usize {
        if items == self.items {
            return self.text.len();
        }
        let (from, at) = if items >= self.cursor.0 { self.cursor } else { (0, 0) };
        let at = at + form.split_after(&self.text[at..], items - from);
        self.cursor = (items, at);
        at
    }

    /// Gives the text back, once nobody needs it.
    pub(super) fn take_text(&mut self) -> Vec<u8> {
        self.marks = OnceCell::new();
        std::mem::take(&mut self.text)
    }

    /// Everything from the `nth` item on (counted from 0).
    pub(super) fn text_from(&self, form: Form, nth: u64) -> &[u8] {
        let place = self.marked_before(form, nth);
        let text = &self.text[place.at..];
        &text[form.split_after(text, nth - place.items)..]
    }

    /// The `nth` item (counted from 0): the number of lines before its own, and its bytes.
    pub(super) fn nth_item(&self, form: Form, nth: u64) -> Option<(u64, &[u8])> {
        let place = self.marked_before(form, nth);
        let (lines, item) = form.nth_item(&self.text[place.at..], nth - place.items)?;
        Some((place.lines + lines, item))
    }

    /// The last mark that is not behind the `nth` item.
    fn marked_before(&self, form: Form, nth: u64) -> Place {
        let marks = self.marks.get_or_init(|| self.mark(form));
        let number = usize::try_from(nth / marks.stride).unwrap_or(usize::MAX);
        marks.places.get(number).or(marks.places.last()).copied().unwrap_or_default()
    }

    fn mark(&self, form: Form) -> Marks {
        let stride = (self.items * STRIDE / (self.text.len() as u64).max(1)).max(1);
        let mut place = Place::default();
        let mut places = Vec::new();
        while place.items < self.items {
            places.push(place);
            let rest = &self.text[place.at..];
            let length = form.split_after(rest, stride);
            place.items += stride;
            place.lines += form.tally(&rest[..length]).lines;
            place.at += length;
        }
        Marks { stride, places }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Cell;

    fn block(form: Form, text: &[u8]) -> Block {
        Block {
            first: 0,
            items: form.tally(text).items,
            first_line: 0,
            text: text.into(),
            offset: None,
            settled: 0,
            cursor: (0, 0),
            marks: OnceCell::new(),
        }
    }

    #[test]
    fn items_are_found_wherever_they_are() {
        let long = "x".repeat(5000);
        let line = |n: u32| match n % 7 {
            0 => format!("\n \n{n}\n"),
            1 if n.is_multiple_of(97) => format!("{long}{n}\n"),
            _ => format!("{n}\n"),
        };
        let text: String = (0..800).map(line).collect();
        for form in [Form::Lines, Form::Records { separator: b'\n' }, Form::Cells(Cell::I64)] {
            for text in [text.as_bytes(), b"1", b"\n\n1\n2", &[b'\n'; 5000]] {
                let block = block(form, text);
                for nth in (0..block.items).step_by(11).chain(block.items..block.items + 2) {
                    assert_eq!(block.nth_item(form, nth), form.nth_item(text, nth), "item {nth}");
                    let from = form.split_after(text, nth);
                    assert_eq!(block.text_from(form, nth), &text[from..], "item {nth}");
                }
            }
        }
    }
}
