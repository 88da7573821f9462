//! The items of a lease: numbers of a range, lines of text or binary numbers, read a block at a time.

use crate::ids::Index;
use crate::task::{Evaluator, Indices, Results};
use crate::value::{Cell, Number, format, lines, parse};

/// The items of a lease that are not yet evaluated.
#[derive(Clone)]
pub(super) struct Items<'a> {
    /// The index of the next one.
    pub(super) index: i64,
    numbers: Numbers<'a>,
    /// Why there are fewer than the lease says, if there are.
    missing: &'a str,
}

#[derive(Clone)]
enum Numbers<'a> {
    /// The next number, and the distance to the one after it.
    Range { next: i64, step: i64 },
    /// The lines that are left.
    Lines(&'a [u8]),
    /// The binary numbers that are left.
    Cells(Cell, &'a [u8]),
}

impl<'a> Items<'a> {
    pub(super) fn range(first: Index, start: i64, step: i64) -> Self {
        Self { index: index(first), numbers: Numbers::Range { next: start, step }, missing: "" }
    }

    pub(super) fn lines(first: Index, text: &'a [u8], missing: &'a str) -> Self {
        Self { index: index(first), numbers: Numbers::Lines(text), missing }
    }

    /// What a lease brings as bytes: binary numbers of this type, or else lines.
    pub(super) fn of_bytes(
        first: Index,
        cells: Option<Cell>,
        bytes: &'a [u8],
        missing: &'a str,
    ) -> Self {
        match cells {
            Some(cell) => {
                Self { index: index(first), numbers: Numbers::Cells(cell, bytes), missing }
            }
            None => Self::lines(first, bytes, missing),
        }
    }

    /// Appends the text of the next item; nothing, if it is not there.
    pub(super) fn next_text(&mut self, into: &mut Vec<u8>) {
        match &mut self.numbers {
            Numbers::Range { next, step } => {
                format::int(*next, into);
                *next = next.wrapping_add(*step);
            }
            Numbers::Lines(text) => {
                if let Some((item, used)) = lines::next_item(text) {
                    into.extend_from_slice(item);
                    *text = &text[used..];
                }
            }
            Numbers::Cells(cell, bytes) => {
                if let Some((number, rest)) = cell.split_first(bytes) {
                    format::number(&number, into);
                    *bytes = rest;
                }
            }
        }
    }

    /// The next item alone.
    ///
    /// # Errors
    /// It is no number, or not there: why.
    pub(super) fn next(&mut self) -> Result<Number, String> {
        match &mut self.numbers {
            Numbers::Range { next, step } => {
                let item = *next;
                *next = item.wrapping_add(*step);
                Ok(item.into())
            }
            Numbers::Lines(text) => {
                let (item, used) = lines::next_item(text).ok_or_else(|| self.missing.to_owned())?;
                *text = &text[used..];
                parse::number(item).map_err(|error| error.to_string())
            }
            Numbers::Cells(cell, bytes) => {
                let (number, rest) =
                    cell.split_first(bytes).ok_or_else(|| self.missing.to_owned())?;
                *bytes = rest;
                Ok(number)
            }
        }
    }
}

/// An index as a number for tasks. No run gets so far that it would wrap.
fn index(index: Index) -> i64 {
    index as i64
}

/// Items that are evaluated together: all of them integers, or all of them floats.
#[derive(Default)]
pub(super) struct Block {
    ints: Vec<i64>,
    floats: Vec<f64>,
}

impl Block {
    /// Reads the next items, as long as they are of one kind, and at most so many; how many. None, if the next one is
    /// a large integer or no number.
    pub(super) fn read(&mut self, items: &mut Items<'_>, limit: usize) -> usize {
        self.ints.clear();
        self.floats.clear();
        match &mut items.numbers {
            Numbers::Range { next, step } => {
                // Not one by one: so it takes half of the time.
                let (start, count) = (*next, limit as i64);
                let nth = |nth: i64| start.wrapping_add(nth.wrapping_mul(*step));
                self.ints.extend((0..count).map(nth));
                // Past a range's last item there may be no number; nobody asks for it.
                *next = nth(count);
            }
            Numbers::Lines(text) => {
                let used = lines::ints(text, limit, &mut self.ints);
                *text = &text[used..];
                if self.ints.is_empty() {
                    self.read_floats(text, limit);
                }
            }
            Numbers::Cells(cell, bytes) => {
                let used = cell.read(bytes, limit, &mut self.ints, &mut self.floats);
                *bytes = &bytes[used..];
            }
        }
        self.ints.len().max(self.floats.len())
    }

    fn read_floats(&mut self, text: &mut &[u8], limit: usize) {
        while self.floats.len() < limit {
            let Some((item, used)) = lines::next_item(text) else { break };
            let Ok(Number::Float(float)) = parse::number(item) else { break };
            self.floats.push(float);
            *text = &text[used..];
        }
    }

    /// One of them.
    pub(super) fn item(&self, at: usize) -> Number {
        match self.ints.get(at) {
            Some(int) => (*int).into(),
            None => self.floats[at].into(),
        }
    }

    /// Keeps only the items at these places, which are in order.
    pub(super) fn keep(&mut self, places: &[usize]) {
        keep(&mut self.ints, places);
        keep(&mut self.floats, places);
    }

    /// Evaluates all of them, as far as columns can; whether anything was done.
    pub(super) fn evaluate(
        &self,
        evaluator: &mut Evaluator,
        indices: Indices<'_>,
        results: &mut Results,
    ) -> bool {
        if self.ints.len().max(self.floats.len()) < evaluator.smallest_block() {
            return false;
        }
        if self.floats.is_empty() {
            evaluator.block_at(&self.ints, indices, results)
        } else {
            evaluator.float_block_at(&self.floats, indices, results)
        }
    }
}

fn keep<T: Copy>(all: &mut Vec<T>, places: &[usize]) {
    if all.is_empty() {
        return;
    }
    for (to, &from) in places.iter().enumerate() {
        all[to] = all[from];
    }
    all.truncate(places.len());
}
