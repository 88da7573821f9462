//! Items that stand on the command line, behind `:::`.

use std::io;
use std::os::fd::BorrowedFd;

use super::quote::quote;
use super::{Arrived, Content, Described, Form, Piece, Source};
use crate::ids::Index;

/// Items that are all there from the start.
#[derive(Debug, Clone)]
pub struct GivenSource {
    form: Form,
    text: Vec<u8>,
    items: u64,
}

impl GivenSource {
    /// These items, which workers get in this form. No item holds a NUL byte, as no argument does.
    #[must_use]
    pub fn new<'a>(items: impl IntoIterator<Item = &'a [u8]>, form: Form) -> Self {
        let mut text = Vec::new();
        for item in items {
            text.extend_from_slice(item);
            text.extend(form.separator());
        }
        form.translate(&mut text);
        let items = form.tally(&text).items;
        Self { form, text, items }
    }

    /// How many items there are: of numbers, those that are not blank.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.items
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items == 0
    }
}

impl Source for GivenSource {
    fn readiness(&self) -> Option<BorrowedFd<'_>> {
        None
    }

    fn read(&mut self) -> io::Result<Arrived> {
        Ok(Arrived { items: self.items, ended: true })
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        let from = self.form.split_after(&self.text, first);
        let to = from + self.form.split_after(&self.text[from..], items);
        take(Piece { first, items, content: Content::Lines(&self.text[from..to]) });
    }

    fn describe(&self, index: Index) -> Described {
        let item = self.form.nth_item(&self.text, index).map(|(_, item)| item);
        Described { text: quote(item.unwrap_or_default()), line: None }
    }

    fn settle(&mut self, _: Index, _: u64) {}

    fn texts(&self, first: Index, items: u64, take: &mut dyn FnMut(&[u8])) {
        let mut text = &self.text[self.form.split_after(&self.text, first)..];
        for _ in 0..items {
            let Some((item, used)) = self.form.next_item(text) else { return };
            take(item);
            text = &text[used..];
        }
    }

    /// Nothing, since it never becomes less: arguments are few, and the system has them in memory anyway.
    fn held(&self) -> usize {
        0
    }
}
