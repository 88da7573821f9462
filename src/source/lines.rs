//! Items that are read, through a pipe or from a file: lines, or what any other [`Form`] says.
//!
//! Input is read in blocks that end where an item ends. A block is kept until all of its items are settled,
//! since a worker may die and its items must be handed out again. Of a file that workers can read for themselves, they are
//! told where the lines are, and get none of them from here.

use std::cell::OnceCell;
use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use super::account::Account;
use super::block::Block;
use super::quote::quote;
use super::stored::{UnevenError, invalid};
use super::{Arrived, Content, Described, Form, Piece, Source};
use crate::digest::Fingerprint;
use crate::ids::Index;
use crate::sys::input::Input;
use crate::value::npy::{Npy, NpyError};

/// How much is read at a time, in bytes. Large enough that a system call is nothing beside it, small enough
/// to stay in the second-level cache from the read to the copy into a ring.
const BLOCK: usize = 128 << 10;

/// How many used buffers are kept for the next blocks.
const SPARE: usize = 8;

/// Items from a descriptor.
pub struct LineSource {
    input: Input,
    form: Form,
    blocks: VecDeque<Block>,
    /// The begin of an item whose end has not come.
    carry: Vec<u8>,
    /// The rest of an item that was cut is being skipped.
    skips: bool,
    next_index: Index,
    next_line: u64,
    held: usize,
    spare: Vec<Vec<u8>>,
    account: Option<Account>,
    /// What a header has said of the input.
    header: Option<Npy>,
}

impl LineSource {
    /// The items of `input`, which has this form.
    #[must_use]
    pub fn new(input: Input, form: Form) -> Self {
        Self {
            input,
            form,
            blocks: VecDeque::new(),
            carry: Vec::new(),
            skips: false,
            next_index: 0,
            next_line: 0,
            held: 0,
            spare: Vec::new(),
            account: None,
            header: None,
        }
    }

    /// The numbers of `input` whose header has just been read; that they are as many as it says is checked.
    #[must_use]
    pub fn behind(input: Input, header: Npy) -> Self {
        Self { header: Some(header), ..Self::new(input, Form::Cells(header.cell)) }
    }

    /// Takes `text`, whole items of it, for a block; how many it brings. `offset` is where it begins in a file that
    /// workers read.
    fn add(&mut self, mut text: Vec<u8>, offset: Option<u64>) -> u64 {
        self.form.translate(&mut text);
        if text.len() < BLOCK / 8 {
            // Lines that trickle in one by one must not each keep a block's memory.
            text.shrink_to_fit();
        }
        let tally = self.form.tally(&text);
        let block = Block {
            first: self.next_index,
            items: tally.items,
            first_line: self.next_line,
            text,
            offset,
            settled: 0,
            cursor: (0, 0),
            marks: OnceCell::new(),
        };
        self.next_index += tally.items;
        self.next_line += tally.lines;
        if tally.items == 0 {
            self.recycle(block.text);
        } else {
            self.held += block.text.capacity();
            self.blocks.push_back(block);
        }
        tally.items
    }

    /// Cuts an item that is too long, so that endless input without a separator cannot fill the memory; how many items
    /// that brings.
    fn cut_if_too_long(&mut self) -> io::Result<u64> {
        let longest = self.form.longest();
        if self.carry.len() <= longest {
            return Ok(0);
        }
        let Some(mark) = self.form.cut_mark() else {
            let message = format!(
                "item {} has more than {longest} bytes, which is the most (is -0 missing, or too much?)",
                self.next_index
            );
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        };
        let mut text = std::mem::take(&mut self.carry);
        text.extend_from_slice(mark);
        text.extend(self.form.separator());
        self.skips = true;
        // It stands in no file as it is.
        Ok(self.add(text, None))
    }

    /// The input has ended with `text` left over.
    fn check_end(&self, text: &[u8]) -> io::Result<()> {
        if let Some(header) = &self.header {
            header.check_length(self.input.at()).map_err(invalid)?;
        }
        match self.form {
            Form::Cells(cell) if !text.is_empty() => {
                let length = self.input.at();
                Err(invalid(UnevenError { length, width: cell.width() }))
            }
            _ => Ok(()),
        }
    }

    /// Nothing may stand behind what a header has announced.
    fn check_length(&self) -> io::Result<()> {
        match self.header.map(|header| header.check_length(self.input.at())) {
            Some(Err(error @ NpyError::TooLong { .. })) => Err(invalid(error)),
            _ => Ok(()),
        }
    }

    /// Where the last `length` bytes that were read begin, in a file that workers read.
    fn offset_of(&self, length: usize) -> Option<u64> {
        if !self.form.is_as_in_file() {
            return None;
        }
        let withheld = self.account.as_ref().map_or(0, Account::withheld);
        self.input.length().map(|_| self.input.at() - (withheld + length) as u64)
    }

    fn recycle(&mut self, mut buffer: Vec<u8>) {
        if self.spare.len() < SPARE && buffer.capacity() <= 4 * BLOCK {
            buffer.clear();
            self.spare.push(buffer);
        }
    }

    /// The position in `blocks` of the block that holds an item.
    fn block_of(&self, index: Index) -> usize {
        self.blocks.partition_point(|block| block.first + block.items <= index)
    }

    /// Drops what belongs to an item that was cut; what is left of `text`.
    fn skip(&mut self, text: &mut Vec<u8>) {
        if let Some(separator) = self.form.separator().filter(|_| self.skips) {
            let end = memchr::memchr(separator, text).map(|separator| separator + 1);
            text.drain(..end.unwrap_or(text.len()));
            self.skips = end.is_none();
        }
    }
}

impl Source for LineSource {
    fn readiness(&self) -> Option<BorrowedFd<'_>> {
        Some(self.input.as_fd())
    }

    fn read(&mut self) -> io::Result<Arrived> {
        let mut text = if self.carry.len() < BLOCK {
            let mut text = self.spare.pop().unwrap_or_default();
            text.append(&mut self.carry);
            text
        } else {
            // A long item grows where it is: copied with each block, it would be copied thousands of times.
            std::mem::take(&mut self.carry)
        };
        let begun = text.len();
        let Some(got) = self.input.read(&mut text, BLOCK)? else {
            self.carry = text;
            return Ok(Arrived::default());
        };
        if let Some(account) = &mut self.account {
            if got == 0 { account.end()? } else { account.pass(&mut text, begun)? }
        }
        if got == 0 {
            self.check_end(&text)?;
            let offset = self.offset_of(text.len());
            let items = if text.is_empty() { 0 } else { self.add(text, offset) };
            return Ok(Arrived { items, ended: true });
        }
        self.skip(&mut text);
        // What was there before has no separator, so that only the new part needs a look.
        let fresh = begun.min(text.len());
        let end = self.form.last_end(fresh as u64, &text[fresh..]).map_or(0, |end| fresh + end);
        let offset = self.offset_of(text.len());
        let items = match end {
            0 => {
                self.carry = text;
                0
            }
            end => {
                self.carry.extend_from_slice(&text[end..]);
                text.truncate(end);
                self.add(text, offset)
            }
        };
        self.check_length()?;
        Ok(Arrived { items: items + self.cut_if_too_long()?, ended: false })
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        let form = self.form;
        let (mut at, end) = (first, first + items);
        let mut place = self.block_of(first);
        while at < end {
            let block = &mut self.blocks[place];
            assert!(block.first <= at, "items that are asked for are kept");
            let stop = end.min(block.first + block.items);
            let from = block.offset_behind(form, at - block.first);
            let to = block.offset_behind(form, stop - block.first);
            take(Piece {
                first: at,
                items: stop - at,
                content: match (block.offset, &block.text[from..to]) {
                    (Some(offset), text) => {
                        let (offset, length) = (offset + from as u64, text.len() as u64);
                        Content::Part { offset, length }
                    }
                    (None, text) => Content::Lines(text),
                },
            });
            (at, place) = (stop, place + 1);
        }
    }

    fn check(&self) -> io::Result<()> {
        self.input.check()
    }

    fn describe(&self, index: Index) -> Described {
        let form = self.form;
        let found = self.blocks.get(self.block_of(index)).and_then(|block| {
            let nth = index.checked_sub(block.first)?;
            let (line, text) = block.nth_item(form, nth)?;
            Some((block.first_line + line + 1, text))
        });
        let (line, text) = found.unzip();
        let line = line.filter(|_| self.form.has_lines());
        Described { text: quote(&form.readable(text.unwrap_or_default())), line }
    }

    fn settle(&mut self, first: Index, items: u64) {
        let (mut at, end) = (first, first + items);
        let mut place = self.block_of(first);
        while at < end {
            let block = &mut self.blocks[place];
            let stop = end.min(block.first + block.items);
            block.settled += stop - at;
            if block.settled == block.items {
                // Its place stays until those before it are gone too; its memory does not.
                let text = block.take_text();
                self.held -= text.capacity();
                self.recycle(text);
            }
            (at, place) = (stop, place + 1);
        }
        while self.blocks.front().is_some_and(|block| block.settled == block.items) {
            self.blocks.pop_front();
        }
    }

    fn keep_account(&mut self, expected: Vec<Fingerprint>) {
        self.account = Some(Account::new(expected, self.form));
    }

    fn fingerprint(&self) -> Option<Fingerprint> {
        self.account.as_ref().map(Account::lines)
    }

    /// Without the begin of an item whose end has not come: only reading on makes that smaller. It keeps to the longest
    /// that there may be.
    fn held(&self) -> usize {
        self.held
    }

    fn texts(&self, first: Index, items: u64, take: &mut dyn FnMut(&[u8])) {
        let mut left = items;
        let mut place = self.block_of(first);
        let mut skipped = self.blocks.get(place).map_or(0, |block| first - block.first);
        while let Some(block) = self.blocks.get(place).filter(|_| left > 0) {
            let mut text = block.text_from(self.form, skipped);
            while let Some((item, used)) = self.form.next_item(text).filter(|_| left > 0) {
                take(&self.form.readable(item));
                text = &text[used..];
                left -= 1;
            }
            (place, skipped) = (place + 1, 0);
        }
    }

    fn name(&self) -> &str {
        self.input.name()
    }
}
