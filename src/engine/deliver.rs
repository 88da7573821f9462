//! From a worker's outcomes to results in order and failures by name.

use super::order::Order;
use super::run::{Engine, Summary};
use super::writer::Writer;
use crate::error::{Cause, Failure};
use crate::event::Event;
use crate::ids::{Index, Slot};
use crate::wire::{Batch, Line};

/// Results on their way from workers to the writer.
pub(super) struct Delivery {
    order: Order,
    /// The outcomes of the commit being settled, and how far they are.
    outcomes: Vec<u8>,
    at: usize,
    /// Items of the commit that are not settled yet.
    left: u64,
    /// A used buffer.
    spare: Vec<u8>,
    done: u64,
    failed: u64,
    /// What stands in the place of a result that there is not.
    fill: Vec<u8>,
}

impl Delivery {
    pub(super) fn new(ordered: bool, fill: Vec<u8>) -> Self {
        Self {
            order: Order::new(ordered),
            outcomes: Vec::new(),
            at: 0,
            left: 0,
            spare: Vec::new(),
            done: 0,
            failed: 0,
            fill,
        }
    }

    /// An empty buffer for outcomes.
    pub(super) fn buffer(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.spare)
    }

    /// Takes a buffer back.
    pub(super) fn give_back(&mut self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.spare = buffer;
    }

    /// These outcomes of `items` items, which have been checked, are what is settled from now on.
    pub(super) fn begin(&mut self, outcomes: Vec<u8>, items: u64) {
        self.outcomes = outcomes;
        self.at = 0;
        self.left = items;
    }

    /// What comes next of them: so many results one after the other, or one error (`None`).
    pub(super) fn next_outcomes(&self) -> Option<u64> {
        let batch = Batch::new(&self.outcomes[self.at..]);
        if batch.all_results().is_some() {
            return Some(self.left);
        }
        let results = batch.lines().take_while(|line| matches!(line, Line::Result(_))).count();
        (results > 0).then_some(results as u64)
    }

    /// Throws the next one of them away: its item is run again.
    pub(super) fn skip(&mut self) {
        let first = Batch::new(&self.outcomes[self.at..]).split(1).0.byte_len();
        self.at += first;
        self.left -= 1;
    }

    /// How many of them are not settled yet.
    pub(super) fn left(&self) -> u64 {
        self.left
    }

    /// Lets everything go that waits for its turn: what it waits for does not come any more.
    pub(super) fn flush(&mut self, writer: &mut Writer) {
        self.order.flush(writer);
    }

    /// All of them are settled.
    pub(super) fn end(&mut self) {
        let buffer = std::mem::take(&mut self.outcomes);
        self.give_back(buffer);
    }

    pub(super) fn next(&self) -> Index {
        self.order.next()
    }

    pub(super) fn held(&self) -> usize {
        self.order.held()
    }

    pub(super) fn summary(&self, bytes: u64) -> Summary {
        Summary { done: self.done, failed: self.failed, bytes, halted: false }
    }
}

/// A worker's message, fit to be shown. A correct worker sends no control characters; what another one sends must
/// not reach a terminal.
fn printable(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Engine<'_, '_> {
    /// The next outcomes of the commit at hand are those of these items, each of which was started so often.
    pub(super) fn settle(&mut self, slot: Slot, first: Index, items: u64, attempts: u32) {
        let delivery = &mut self.delivery;
        let mut outcomes = std::mem::take(&mut delivery.outcomes);
        let mut batch = Batch::new(&outcomes[delivery.at..]);
        if items < delivery.left {
            batch = batch.split(items).0;
        }
        delivery.left -= items;
        delivery.at += batch.byte_len();
        match batch.all_results() {
            Some(results) if results.len() == outcomes.len() => {
                delivery.done += items;
                delivery.order.put_owned(first, items, &mut outcomes, &mut self.writer);
                delivery.at = 0;
            }
            Some(results) => {
                delivery.done += items;
                delivery.order.put(first, items, results, &mut self.writer);
            }
            None => self.settle_one_by_one(slot, first, attempts, batch),
        }
        self.delivery.outcomes = outcomes;
        self.source.settle(first, items);
    }

    fn settle_one_by_one(&mut self, slot: Slot, first: Index, attempts: u32, batch: Batch<'_>) {
        for (index, line) in (first..).zip(batch.lines()) {
            match line {
                Line::Result(result) => {
                    self.delivery.done += 1;
                    self.delivery.order.put(index, 1, result, &mut self.writer);
                }
                Line::Failure(message) => {
                    let message = printable(message);
                    let failure =
                        self.workers.failure(slot, index, Cause::Failed(message), attempts);
                    self.report(&failure);
                    self.pass_over(index);
                }
            }
        }
    }

    /// An item that died, or ran too long, for good.
    pub(super) fn fail(&mut self, slot: Slot, index: Index, cause: Cause, attempts: u32) {
        let failure = self.workers.failure(slot, index, cause, attempts);
        self.report(&failure);
        self.pass_over(index);
        self.source.settle(index, 1);
    }

    /// The output goes on without this item, or with what shall stand in its place.
    fn pass_over(&mut self, index: Index) {
        self.delivery.failed += 1;
        let Delivery { order, fill, .. } = &mut self.delivery;
        order.put(index, 1, fill, &mut self.writer);
    }

    fn report(&mut self, failure: &Failure) {
        let item = self.source.describe(failure.index);
        let event = Event::Failed { failure, input: &item.text, line: item.line };
        self.tell(&event);
    }
}
