//! From a lease's items to their outcomes: numbers in, lines out.

use super::commit::Outcomes;
use super::panic;
use crate::ids::Index;
use crate::task::{Evaluator, Results};
use crate::value::{Number, lines, parse};
use crate::wire;

/// The items of a lease that are not yet evaluated.
pub(super) enum Items<'a> {
    /// The next number, and the distance to the one after it.
    Range { next: i64, step: i64 },
    /// The lines that are left.
    Lines(&'a [u8]),
}

/// The task with its scratch memory.
pub(super) struct Evaluation {
    task: Evaluator,
    inputs: Vec<i64>,
    floats: Vec<f64>,
    results: Results,
}

impl Evaluation {
    pub(super) fn new(task: Evaluator) -> Self {
        Self { task, inputs: Vec::new(), floats: Vec::new(), results: Results::default() }
    }

    /// Evaluates the next `count` of `items`, the first of which has the index `first`, each to one line of `outcomes`.
    pub(super) fn run(
        &mut self,
        items: &mut Items<'_>,
        first: Index,
        count: u32,
        outcomes: &mut Outcomes,
    ) {
        let end = first.wrapping_add(count.into());
        let mut missing = count as usize;
        while missing > 0 {
            self.inputs.clear();
            match items {
                Items::Range { next, step } => {
                    for _ in 0..missing {
                        self.inputs.push(*next);
                        // Past a range's last item there may be no number; nobody asks for it.
                        *next = next.wrapping_add(*step);
                    }
                }
                Items::Lines(text) => {
                    let used = lines::ints(text, missing, &mut self.inputs);
                    *text = &text[used..];
                }
            }
            // Python's integers have a sign; no run has so many items that it would matter here.
            let index = end.wrapping_sub(missing as u64) as i64;
            if !self.inputs.is_empty() {
                missing -= self.inputs.len();
                self.run_inputs(index, outcomes);
            } else if let Items::Lines(text) = items {
                let used = self.read_floats(text, missing);
                *text = &text[used..];
                if self.floats.is_empty() {
                    missing -= 1;
                    self.run_line(text, index, outcomes);
                } else {
                    missing -= self.floats.len();
                    self.run_floats(index, outcomes);
                }
            }
        }
    }

    fn run_inputs(&mut self, first: i64, outcomes: &mut Outcomes) {
        let is_block = self.task.block(&self.inputs, first, &mut self.results);
        self.finish(self.inputs.len(), is_block, first, outcomes, |this, at| {
            Number::from(this.inputs[at])
        });
    }

    fn run_floats(&mut self, first: i64, outcomes: &mut Outcomes) {
        let is_block = self.task.float_block(&self.floats, first, &mut self.results);
        self.finish(self.floats.len(), is_block, first, outcomes, |this, at| {
            Number::from(this.floats[at])
        });
    }

    /// Takes over the results of a block of so many items, and evaluates those singly that are missing.
    fn finish(
        &mut self,
        count: usize,
        is_block: bool,
        first: i64,
        outcomes: &mut Outcomes,
        item: impl Fn(&Self, usize) -> Number,
    ) {
        let mut at = 0;
        while at < count {
            if is_block {
                let run = self.results.run(at);
                if !run.is_empty() {
                    outcomes.push(run);
                    at += run.len();
                    continue;
                }
            }
            let input = item(self, at);
            self.run_exact(&input, first.wrapping_add(at as i64), outcomes);
            at += 1;
        }
    }

    /// The floats that `text` begins with, up to so many lines of it; the bytes of these lines.
    fn read_floats(&mut self, text: &[u8], limit: usize) -> usize {
        self.floats.clear();
        let mut used = 0;
        while self.floats.len() < limit {
            let Some((item, length)) = lines::next_item(&text[used..]) else { break };
            let Ok(Number::Float(float)) = parse::number(item) else { break };
            self.floats.push(float);
            used += length;
        }
        used
    }

    /// The next line, which is no plain number; or, of a lease that holds fewer lines than it says, none.
    fn run_line(&mut self, text: &mut &[u8], index: i64, outcomes: &mut Outcomes) {
        let (item, used) = lines::next_item(text).unwrap_or((b"", text.len()));
        *text = &text[used..];
        match parse::number(item) {
            Ok(input) => self.run_exact(&input, index, outcomes),
            Err(error) => fail(outcomes, &error.to_string()),
        }
    }

    fn run_exact(&mut self, input: &Number, index: i64, outcomes: &mut Outcomes) {
        match panic::caught(|| self.task.exact(input, index)) {
            Ok(Ok(result)) => {
                result.format(&mut outcomes.bytes);
                outcomes.bytes.push(b'\n');
                outcomes.end_item();
            }
            Ok(Err(error)) => fail(outcomes, &error.to_string()),
            Err(panic) => fail(outcomes, &panic),
        }
    }
}

fn fail(outcomes: &mut Outcomes, message: &str) {
    wire::push_failure(&mut outcomes.bytes, message);
    outcomes.end_item();
}
