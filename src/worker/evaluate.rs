//! From a lease's items to their outcomes: numbers in, lines out.

use crate::call::{Outcomes, caught};
use crate::ids::Index;
use crate::task::{Evaluator, Lanes, Results};
use crate::value::{Number, format, lines, parse};
use crate::wire;

/// The items of a lease that are not yet evaluated.
pub(super) struct Items<'a> {
    /// The index of the next one.
    index: i64,
    numbers: Numbers<'a>,
}

enum Numbers<'a> {
    /// The next number, and the distance to the one after it.
    Range { next: i64, step: i64 },
    /// The lines that are left.
    Lines(&'a [u8]),
}

impl<'a> Items<'a> {
    pub(super) fn range(first: Index, start: i64, step: i64) -> Self {
        Self { index: index(first), numbers: Numbers::Range { next: start, step } }
    }

    pub(super) fn lines(first: Index, text: &'a [u8]) -> Self {
        Self { index: index(first), numbers: Numbers::Lines(text) }
    }
}

/// An index as a number for tasks. No run gets so far that it would wrap.
fn index(index: Index) -> i64 {
    index as i64
}

/// The task with its scratch memory.
pub(super) struct Evaluation {
    task: Evaluator,
    /// A block of items, which are either integers or floats.
    ints: Vec<i64>,
    floats: Vec<f64>,
    results: Results,
}

impl Evaluation {
    pub(super) fn new(task: Evaluator) -> Self {
        Self { task, ints: Vec::new(), floats: Vec::new(), results: Results::default() }
    }

    /// Evaluates the next `count` of `items`, each to one line of `outcomes`.
    pub(super) fn run(&mut self, items: &mut Items<'_>, count: u32, outcomes: &mut Outcomes) {
        let mut missing = count as usize;
        while missing > 0 {
            self.read(&mut items.numbers, missing);
            let done = if !self.ints.is_empty() {
                let is_block = self.task.block(&self.ints, items.index, &mut self.results);
                let count = self.ints.len();
                self.finish(count, is_block, items.index, outcomes, |this, at| {
                    this.ints[at].into()
                });
                count
            } else if !self.floats.is_empty() {
                let is_block = self.task.float_block(&self.floats, items.index, &mut self.results);
                let count = self.floats.len();
                self.finish(count, is_block, items.index, outcomes, |this, at| {
                    this.floats[at].into()
                });
                count
            } else {
                if let Numbers::Lines(text) = &mut items.numbers {
                    self.run_line(text, items.index, outcomes);
                }
                1
            };
            missing -= done;
            items.index = items.index.wrapping_add(done as i64);
        }
    }

    /// Reads the next items, as long as they are of one kind, and at most so many. None, if the next one is a large
    /// integer or no number.
    fn read(&mut self, numbers: &mut Numbers<'_>, limit: usize) {
        self.ints.clear();
        self.floats.clear();
        match numbers {
            Numbers::Range { next, step } => {
                for _ in 0..limit {
                    self.ints.push(*next);
                    // Past a range's last item there may be no number; nobody asks for it.
                    *next = next.wrapping_add(*step);
                }
            }
            Numbers::Lines(text) => {
                let used = lines::ints(text, limit, &mut self.ints);
                *text = &text[used..];
                if self.ints.is_empty() {
                    self.read_floats(text, limit);
                }
            }
        }
    }

    fn read_floats(&mut self, text: &mut &[u8], limit: usize) {
        while self.floats.len() < limit {
            let Some((item, used)) = lines::next_item(text) else { break };
            let Ok(Number::Float(float)) = parse::number(item) else { break };
            self.floats.push(float);
            *text = &text[used..];
        }
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
                    push(run, outcomes);
                    at += run.len();
                    continue;
                }
            }
            let input = item(self, at);
            self.run_exact(&input, first.wrapping_add(at as i64), outcomes);
            at += 1;
        }
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
        match caught(|| self.task.exact(input, index)) {
            Ok(Ok(result)) => {
                let (bytes, mut end_line) = outcomes.lines();
                result.format(bytes);
                bytes.push(b'\n');
                end_line(bytes.len());
            }
            Ok(Err(error)) => fail(outcomes, &error.to_string()),
            Err(panic) => fail(outcomes, &panic.to_string()),
        }
    }
}

/// Adds these results, a line each.
fn push(results: Lanes<'_>, outcomes: &mut Outcomes) {
    let (bytes, mut end_line) = outcomes.lines();
    match results {
        Lanes::Ints(results) => format::int_lines(results, bytes, end_line),
        Lanes::Bools(results) => {
            for result in results {
                bytes.extend_from_slice(if *result != 0 { b"True\n" } else { b"False\n" });
                end_line(bytes.len());
            }
        }
        Lanes::Floats(results) => {
            for result in results {
                format::float(*result, bytes);
                bytes.push(b'\n');
                end_line(bytes.len());
            }
        }
    }
}

fn fail(outcomes: &mut Outcomes, message: &str) {
    let (bytes, mut end_line) = outcomes.lines();
    wire::push_failure(bytes, message);
    end_line(bytes.len());
}
