//! From a lease's items to their outcomes: numbers in, lines out.

use crate::call::{Outcomes, caught};
use crate::task::Evaluator;
use crate::value::{Number, format, lines, parse};
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
    results: Vec<i64>,
}

impl Evaluation {
    pub(super) fn new(task: Evaluator) -> Self {
        Self { task, inputs: Vec::new(), results: Vec::new() }
    }

    /// Evaluates the next `count` of `items`, each to one line of `outcomes`.
    pub(super) fn run(&mut self, items: &mut Items<'_>, count: u32, outcomes: &mut Outcomes) {
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
            missing -= self.inputs.len();
            if !self.inputs.is_empty() {
                self.run_inputs(outcomes);
            } else if let Items::Lines(text) = items {
                self.run_line(text, outcomes);
                missing -= 1;
            }
        }
    }

    fn run_inputs(&mut self, outcomes: &mut Outcomes) {
        self.results.clear();
        if self.task.block(&self.inputs, &mut self.results) {
            let (bytes, end_line) = outcomes.lines();
            format::int_lines(&self.results, bytes, end_line);
        } else {
            for at in 0..self.inputs.len() {
                let input = Number::Int(self.inputs[at].into());
                self.run_exact(&input, outcomes);
            }
        }
    }

    /// The next line, which is no plain number; or, of a lease that holds fewer lines than it says, none.
    fn run_line(&mut self, text: &mut &[u8], outcomes: &mut Outcomes) {
        let (item, used) = lines::next_item(text).unwrap_or((b"", text.len()));
        *text = &text[used..];
        match parse::number(item) {
            Ok(input) => self.run_exact(&input, outcomes),
            Err(error) => fail(outcomes, &error.to_string()),
        }
    }

    fn run_exact(&mut self, input: &Number, outcomes: &mut Outcomes) {
        match caught(|| self.task.exact(input)) {
            Ok(Ok(result)) => {
                let (bytes, mut end_line) = outcomes.lines();
                format::number(&result, bytes);
                bytes.push(b'\n');
                end_line(bytes.len());
            }
            Ok(Err(error)) => fail(outcomes, &error.to_string()),
            Err(panic) => fail(outcomes, &panic.to_string()),
        }
    }
}

fn fail(outcomes: &mut Outcomes, message: &str) {
    let (bytes, mut end_line) = outcomes.lines();
    wire::push_failure(bytes, message);
    end_line(bytes.len());
}
