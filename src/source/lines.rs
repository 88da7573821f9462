//! Items that come as lines of text, through a pipe or from a file.
//!
//! Input is read in blocks that end where a line ends. A block is kept until all of its items are settled,
//! since a worker may die and its items must be handed out again. Of a file that workers can read for themselves, they are
//! told where the lines are, and get none of them from here.

use std::collections::VecDeque;
use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use super::account::Account;
use super::{Arrived, Content, Described, Piece, Source};
use crate::digest::Fingerprint;
use crate::ids::Index;
use crate::sys::input::Input;
use crate::value::lines;

/// How much is read at a time, in bytes. Large enough that a system call is nothing beside it, small enough
/// to stay in the second-level cache from the read to the copy into a ring.
const BLOCK: usize = 128 << 10;

/// A longer line, in bytes, is no number of any use; it is cut there, so that endless input without a
/// newline cannot fill the memory.
const LONGEST_LINE: usize = 4 << 20;

/// What a line that was cut ends with, so that it can never pass for a number.
const CUT_MARK: &[u8] = "…".as_bytes();

/// How much of an item is quoted in a message, in characters.
const QUOTED: usize = 60;

/// How many used buffers are kept for the next blocks.
const SPARE: usize = 8;

/// Lines from a descriptor.
pub struct LineSource {
    input: Input,
    blocks: VecDeque<Block>,
    /// The begin of a line whose end has not come.
    carry: Vec<u8>,
    /// The rest of a line that was cut is being skipped.
    skips: bool,
    next_index: Index,
    next_line: u64,
    held: usize,
    spare: Vec<Vec<u8>>,
    account: Option<Account>,
}

/// Whole lines and where they stand in the input.
struct Block {
    first: Index,
    items: u64,
    /// Number of the first line, from 0.
    first_line: u64,
    text: Vec<u8>,
    /// Where the text begins in a file from which workers read it themselves.
    offset: Option<u64>,
    settled: u64,
    /// The place behind the items handed out last: (items, bytes) from the start. The next ones usually follow.
    cursor: (u64, usize),
}

impl Block {
    /// Where the first `items` items end, in bytes.
    fn offset(&mut self, items: u64) -> usize {
        if items == self.items {
            return self.text.len();
        }
        let (from, at) = if items >= self.cursor.0 { self.cursor } else { (0, 0) };
        let at = at + lines::split_after(&self.text[at..], items - from);
        self.cursor = (items, at);
        at
    }
}

impl LineSource {
    /// The lines of `input`.
    #[must_use]
    pub fn new(input: Input) -> Self {
        Self {
            input,
            blocks: VecDeque::new(),
            carry: Vec::new(),
            skips: false,
            next_index: 0,
            next_line: 0,
            held: 0,
            spare: Vec::new(),
            account: None,
        }
    }

    /// Takes `text`, whole lines of it, for a block; how many items it brings. `offset` is where it begins in a file that
    /// workers read.
    fn add(&mut self, mut text: Vec<u8>, offset: Option<u64>) -> u64 {
        if text.len() < BLOCK / 8 {
            // Lines that trickle in one by one must not each keep a block's memory.
            text.shrink_to_fit();
        }
        let tally = lines::tally(&text);
        let block = Block {
            first: self.next_index,
            items: tally.items,
            first_line: self.next_line,
            text,
            offset,
            settled: 0,
            cursor: (0, 0),
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

    /// Where the last `length` bytes that were read begin, in a file that workers read.
    fn offset_of(&self, length: usize) -> Option<u64> {
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

    /// Drops what belongs to a line that was cut; what is left of `text`.
    fn skip(&mut self, text: &mut Vec<u8>) {
        if self.skips {
            let end = memchr::memchr(b'\n', text).map(|newline| newline + 1);
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
        let mut text = self.spare.pop().unwrap_or_default();
        text.append(&mut self.carry);
        let begun = text.len();
        let Some(got) = self.input.read(&mut text, BLOCK)? else {
            self.carry = text;
            return Ok(Arrived::default());
        };
        if let Some(account) = &mut self.account {
            if got == 0 { account.end()? } else { account.pass(&mut text, begun)? }
        }
        if got == 0 {
            let offset = self.offset_of(text.len());
            let items = if text.is_empty() { 0 } else { self.add(text, offset) };
            return Ok(Arrived { items, ended: true });
        }
        self.skip(&mut text);
        // What was there before has no newline, so that only the new part needs a look.
        let fresh = begun.min(text.len());
        let end = memchr::memrchr(b'\n', &text[fresh..]).map_or(0, |newline| fresh + newline + 1);
        let mut offset = self.offset_of(text.len());
        self.carry.extend_from_slice(&text[end..]);
        text.truncate(end);
        if self.carry.len() > LONGEST_LINE {
            self.carry.extend_from_slice(CUT_MARK);
            self.carry.push(b'\n');
            text.append(&mut self.carry);
            self.skips = true;
            // This line stands in no file.
            offset = None;
        }
        let items = if text.is_empty() {
            self.recycle(text);
            0
        } else {
            self.add(text, offset)
        };
        Ok(Arrived { items, ended: false })
    }

    fn cut(&mut self, first: Index, items: u64, take: &mut dyn FnMut(Piece<'_>)) {
        let (mut at, end) = (first, first + items);
        let mut place = self.block_of(first);
        while at < end {
            let block = &mut self.blocks[place];
            assert!(block.first <= at, "items that are asked for are kept");
            let stop = end.min(block.first + block.items);
            let (from, to) = (block.offset(at - block.first), block.offset(stop - block.first));
            take(Piece {
                first: at,
                items: stop - at,
                content: match (block.offset, &block.text[from..to]) {
                    (Some(offset), text) => Content::Part { offset: offset + from as u64, text },
                    (None, text) => Content::Lines(text),
                },
            });
            (at, place) = (stop, place + 1);
        }
    }

    fn describe(&self, index: Index) -> Described {
        let found = self.blocks.get(self.block_of(index)).and_then(|block| {
            let nth = index.checked_sub(block.first)?;
            let (line, text) = lines::nth_item(&block.text, nth)?;
            Some((block.first_line + line + 1, text))
        });
        let (line, text) = found.unzip();
        Described { text: quote(text.unwrap_or_default()), line }
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
                let text = std::mem::take(&mut block.text);
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
        self.account = Some(Account::new(expected));
    }

    fn fingerprint(&self) -> Option<Fingerprint> {
        self.account.as_ref().map(Account::lines)
    }

    /// Without the begin of a line whose end has not come: only reading on makes that smaller. It keeps to
    /// `LONGEST_LINE`.
    fn held(&self) -> usize {
        self.held
    }

    fn texts(&self, first: Index, items: u64, take: &mut dyn FnMut(&[u8])) {
        let mut left = items;
        let mut place = self.block_of(first);
        let mut skipped = self.blocks.get(place).map_or(0, |block| first - block.first);
        while let Some(block) = self.blocks.get(place).filter(|_| left > 0) {
            let mut text = &block.text[lines::split_after(&block.text, skipped)..];
            while let Some((item, used)) = lines::next_item(text).filter(|_| left > 0) {
                take(item);
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

/// An item's text for a message: without control bytes, and not too long.
pub(super) fn quote(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(&text[..text.len().min(4 * QUOTED)]);
    let mut quoted: String = text.chars().take(QUOTED).flat_map(char::escape_debug).collect();
    if text.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    quoted
}
