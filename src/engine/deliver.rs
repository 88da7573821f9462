//! From a worker's outcomes to results in order and failures by name.

use super::crew::{Author, Commit, Host};
use super::front::Front;
use super::order::Order;
use super::run::Summary;
use super::writer::Writer;
use crate::error::Cause;
use crate::event::Event;
use crate::ids::Index;
use crate::journal::Known;
use crate::sched::Now;
use crate::wire::{Batch, Encoding, Line};

/// Results on their way from workers to the writer.
pub(super) struct Delivery {
    order: Order,
    done: u64,
    dropped: u64,
    failed: u64,
    /// A used buffer.
    results: Vec<u8>,
    /// What stands in the place of a result that there is not.
    fill: Vec<u8>,
    /// A reduced run has no result.
    pub(super) lacks_total: bool,
}

impl Delivery {
    pub(super) fn new(ordered: bool, fill: Vec<u8>) -> Self {
        Self {
            order: Order::new(ordered),
            done: 0,
            dropped: 0,
            failed: 0,
            results: Vec::new(),
            fill,
            lacks_total: false,
        }
    }

    /// Goes on with an earlier run, in which so many items were settled.
    pub(super) fn go_on(&mut self, known: Known, settled: u64, writer: &mut Writer) {
        self.failed = known.failed.len() as u64;
        self.done = settled - self.failed;
        self.order.go_on(&known.delivered, known.early, writer);
    }

    /// Results that wait for their turn.
    pub(super) fn order(&mut self) -> &mut Order {
        &mut self.order
    }

    pub(super) fn next(&self) -> Index {
        self.order.next()
    }

    pub(super) fn held(&self) -> usize {
        self.order.held()
    }

    pub(super) fn summary(&self, bytes: u64) -> Summary {
        let Self { done, dropped, failed, lacks_total, .. } = *self;
        Summary { done, dropped, failed, lacks_total, bytes, halted: false }
    }

    /// Lets everything go that waits for its turn: what it waits for does not come any more.
    pub(super) fn flush(&mut self, writer: &mut Writer) {
        self.order.flush(writer);
    }

    /// The output goes on with the results of these items, of which `done` have one.
    pub(super) fn pass(
        &mut self,
        first: Index,
        items: u64,
        results: &[u8],
        writer: &mut Writer,
        done: u64,
    ) {
        self.done += done;
        self.order.put(first, items, results, writer);
    }

    /// The output goes on without this item, or with what shall stand in its place.
    pub(super) fn pass_over(&mut self, index: Index, writer: &mut Writer) {
        self.failed += 1;
        self.order.put(index, 1, &self.fill, writer);
    }

    /// What stands in the place of a result that there is not; nothing, if items without one are left out.
    pub(super) fn fill(&self) -> &[u8] {
        &self.fill
    }

    /// The output goes on with what is said of an item without a result.
    pub(super) fn put_failed(&mut self, index: Index, line: &[u8], writer: &mut Writer) {
        self.failed += 1;
        self.order.put(index, 1, line, writer);
    }
}

/// A worker's message, fit to be shown. A correct worker sends no control characters; what another one sends must
/// not reach a terminal.
pub(super) fn printable(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Front<'_, '_> {
    /// The next outcomes of a commit are those of these items, each of which was started so often.
    pub(super) fn deliver(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        commit: &mut Commit,
        now: Now,
    ) {
        self.tell_outcomes(author, (first, items), attempts, commit, now);
        match self.encoding {
            Encoding::Lines => self.deliver_lines(author, first, items, attempts, commit, now),
            Encoding::Packets | Encoding::Partials | Encoding::Cells { .. } => {
                self.deliver_packets(author, first, items, attempts, commit, now);
            }
        }
    }

    /// The next outcomes of a commit, which are lines, are those of these items, each of which was started so often.
    fn deliver_lines(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        commit: &mut Commit,
        now: Now,
    ) {
        let mut batch = Batch::new(&commit.bytes[commit.at..]);
        if items < commit.left {
            batch = batch.split(items).0;
        }
        commit.left -= items;
        commit.at += batch.byte_len();
        if self.filters {
            return self.deliver_sifted(author, first, items, attempts, batch, now);
        }
        match batch.all_results() {
            Some(results) if results.len() == commit.bytes.len() => {
                self.delivery.done += items;
                self.delivery.order.put_owned(first, items, &mut commit.bytes, &mut self.writer);
                commit.at = 0;
            }
            Some(results) => self.delivery.pass(first, items, results, &mut self.writer, items),
            None => self.deliver_one_by_one(author, first, attempts, batch, now),
        }
    }

    /// Outcomes among which there may be items that are not wanted.
    fn deliver_sifted(
        &mut self,
        author: Author,
        first: Index,
        items: u64,
        attempts: u32,
        batch: Batch<'_>,
        now: Now,
    ) {
        let delivery = &mut self.delivery;
        let mut results = std::mem::take(&mut delivery.results);
        match batch.sift(&mut results) {
            Some(dropped) => {
                delivery.done += items - dropped;
                delivery.order.put_owned(first, items, &mut results, &mut self.writer);
                self.drop_items(dropped, now);
            }
            None => self.deliver_one_by_one(author, first, attempts, batch, now),
        }
        self.delivery.results = results;
    }

    pub(super) fn drop_items(&mut self, items: u64, now: Now) {
        if items > 0 {
            self.delivery.dropped += items;
            self.hear(&Event::Dropped { items }, now);
        }
    }

    fn deliver_one_by_one(
        &mut self,
        author: Author,
        first: Index,
        attempts: u32,
        batch: Batch<'_>,
        now: Now,
    ) {
        for (index, line) in (first..).zip(batch.lines()) {
            match line {
                Line::Result(result) => self.delivery.pass(index, 1, result, &mut self.writer, 1),
                Line::Dropped if self.filters => {
                    self.delivery.order.put(index, 1, b"", &mut self.writer);
                    self.drop_items(1, now);
                }
                // Nobody asked for it: what a worker writes that has lost its mind stands where a result would.
                Line::Dropped => self.delivery.pass(index, 1, b"\n", &mut self.writer, 1),
                Line::Failure(message) => {
                    let cause = Cause::Failed(printable(message));
                    self.fail_at(author, index, cause, attempts, now);
                }
            }
        }
    }

    /// The outcome of an item is that it has no result.
    pub(super) fn fail_at(
        &mut self,
        author: Author,
        index: Index,
        cause: Cause,
        attempts: u32,
        now: Now,
    ) {
        let failure = author.failure(index, cause, attempts);
        self.report_and_pass(&failure, None, now);
    }
}
