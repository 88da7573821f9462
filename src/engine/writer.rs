//! Results on their way out, in order, in buffers that are used again.

use std::collections::VecDeque;
use std::io;

use memchr::memrchr;

use super::progress::Progress;
use crate::digest::Digest;
use crate::ids::Index;
use crate::sys::stdio::Output;
use crate::wire::Encoding;
use crate::wire::cells::CELL;

/// Bytes in a buffer, and thus in a write, at most about.
const BUFFER: usize = 256 << 10;

/// A batch of this many bytes is taken as it is instead of being copied behind another.
const WORTH_SWAPPING: usize = 16 << 10;

/// How many buffers are kept for reuse.
const SPARE: usize = 4;

/// Bytes to be written.
pub(super) struct Writer {
    output: Output,
    /// Results are binary numbers instead of lines.
    has_cells: bool,
    queue: VecDeque<Vec<u8>>,
    /// Bytes of the first buffer that are written.
    sent: usize,
    waiting: usize,
    written: u64,
    spare: Vec<Vec<u8>>,
    /// Whose results are written, if somebody wants to know.
    progress: Option<Progress>,
}

impl Writer {
    /// For results of workers with this encoding.
    pub(super) fn new(output: Output, encoding: Encoding) -> Self {
        let has_cells = matches!(encoding, Encoding::Cells { .. });
        let (queue, spare) = (VecDeque::new(), Vec::new());
        Self { output, has_cells, queue, sent: 0, waiting: 0, written: 0, spare, progress: None }
    }

    /// Keeps account of whose results are written, behind what is there already.
    pub(super) fn keep_account(&mut self, written: Digest) {
        self.progress = Some(Progress::behind(written));
    }

    /// The account, if it is kept.
    pub(super) fn progress(&mut self) -> Option<&mut Progress> {
        self.progress.as_mut()
    }

    /// Whether there is something to [take](Progress::take) from the account.
    pub(super) fn has_delivered(&self) -> bool {
        self.progress.as_ref().is_some_and(Progress::has_delivered)
    }

    /// What was appended so far ends with the results of these items.
    pub(super) fn mark(&mut self, first: Index, items: u64) {
        if let Some(progress) = &mut self.progress {
            progress.mark(first, items, self.waiting);
        }
    }

    /// Appends `bytes`.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.waiting += bytes.len();
        match self.queue.back_mut() {
            Some(last) if last.len() + bytes.len() <= BUFFER => last.extend_from_slice(bytes),
            _ => {
                let mut buffer = self.spare.pop().unwrap_or_default();
                buffer.extend_from_slice(bytes);
                self.queue.push_back(buffer);
            }
        }
    }

    /// Appends all of `bytes`, and leaves an empty buffer in its place.
    pub(super) fn push_owned(&mut self, bytes: &mut Vec<u8>) {
        if bytes.len() < WORTH_SWAPPING {
            self.push(bytes);
            bytes.clear();
        } else {
            self.waiting += bytes.len();
            let spare = self.spare.pop().unwrap_or_default();
            self.queue.push_back(std::mem::replace(bytes, spare));
        }
    }

    /// Writes what can be written now; how many bytes.
    ///
    /// # Errors
    /// What the system says: the reader is gone, the disk is full.
    pub(super) fn write(&mut self) -> io::Result<u64> {
        let before = self.written;
        while let Some(buffer) = self.queue.front() {
            let rest = &buffer[self.sent..];
            let Some(count) = (if rest.is_empty() { Some(0) } else { self.output.write(rest)? })
            else {
                break;
            };
            if let Some(progress) = &mut self.progress {
                progress.wrote(&rest[..count]);
            }
            self.sent += count;
            self.waiting -= count;
            self.written += count as u64;
            if self.sent == buffer.len() {
                self.sent = 0;
                let mut used = self.queue.pop_front().unwrap_or_default();
                if self.spare.len() < SPARE && used.capacity() <= 4 * BUFFER {
                    used.clear();
                    self.spare.push(used);
                }
            } else if count == 0 {
                return Err(io::ErrorKind::WriteZero.into());
            }
        }
        Ok(self.written - before)
    }

    /// Nothing more will be written: a file is left with whole lines or cells, and, where account is kept, with the results
    /// of whole items, which may be lines or not.
    pub(super) fn drop_torn(&mut self) {
        let whole = self.whole();
        let all = self.progress.as_ref().map_or(self.written, Progress::all);
        if whole < all {
            // The run has failed already, and says why.
            let _ = self.output.cut(whole);
        }
    }

    /// Bytes up to the end of the last line, cell or, where account is kept, item that is written whole; there, those of
    /// earlier runs included.
    pub(super) fn whole(&self) -> u64 {
        if let Some(progress) = &self.progress {
            return progress.whole();
        }
        if self.has_cells {
            return self.written - self.written % CELL as u64;
        }
        let sent = self.queue.front().map(|buffer| &buffer[..self.sent]);
        // Every buffer begins with a line.
        let torn =
            sent.map_or(0, |sent| sent.len() - memrchr(b'\n', sent).map_or(0, |end| end + 1));
        self.written - torn as u64
    }

    /// Bytes that wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// Bytes written so far.
    pub(super) fn written(&self) -> u64 {
        self.written
    }

    pub(super) fn output(&self) -> &Output {
        &self.output
    }
}
