//! Evaluation of one item, step by step, with Python's numbers. This defines what a task means.

use super::ItemError;
use super::arithmetic;
use super::code::{Code, Step};
use crate::value::{Number, Value};

/// Runs code on one item at a time.
#[derive(Clone, Debug, Default)]
pub(super) struct Machine {
    /// Kept for its memory.
    stack: Vec<Number>,
}

impl Machine {
    /// The value of `code` for the item `n` of index `i`.
    pub(super) fn run(&mut self, code: &Code, n: &Number, i: i64) -> Result<Value, ItemError> {
        // What an error or a panic has left there.
        self.stack.clear();
        let mut at = 0;
        while let Some(step) = code.get(at) {
            at += 1;
            match step {
                Step::Constant(number) => self.push_copy(number),
                Step::Item => self.push_copy(n),
                Step::Index => self.stack.push(Number::from(i)),
                Step::Unary(operator) => {
                    let value = operator.apply(self.pop())?;
                    self.stack.push(value);
                }
                Step::Binary(operator) => {
                    // Nearly always, and nothing need be moved for it.
                    if let [.., Number::Int(a), Number::Int(b)] = &mut self.stack[..] {
                        if let Some(result) = operator.apply_small(*a, *b) {
                            *a = result;
                            self.stack.pop();
                            continue;
                        }
                    }
                    let (a, b) = self.pop_two();
                    self.stack.push(operator.apply(a, b)?);
                }
                Step::Compare(comparison) => {
                    let (a, b) = self.pop_two();
                    let holds = comparison.holds(arithmetic::compare(&a, &b));
                    self.stack.push(Number::Bool(holds));
                }
                Step::CompareOr(comparison, end) => {
                    let (a, b) = self.pop_two();
                    if comparison.holds(arithmetic::compare(&a, &b)) {
                        self.stack.push(b);
                    } else {
                        self.stack.push(Number::Bool(false));
                        at = *end;
                    }
                }
                Step::Call(function, count) => {
                    let first = self.stack.len() - count;
                    match function.call(&self.stack[first..])? {
                        Value::Number(number) => {
                            self.stack.truncate(first);
                            self.stack.push(number);
                        }
                        // The grammar has seen to it that nothing is left to be done with one.
                        tuple => return Ok(tuple),
                    }
                }
                Step::CallForeign(function, count) => {
                    let first = self.stack.len() - count;
                    let result = function.call(&self.stack[first..])?;
                    self.stack.truncate(first);
                    self.stack.push(result);
                }
                Step::KeepIfTrue(end) | Step::KeepIfFalse(end) => {
                    let keeps = matches!(step, Step::KeepIfTrue(_));
                    if self.stack.last().is_some_and(|top| top.is_true() == keeps) {
                        at = *end;
                    } else {
                        self.pop();
                    }
                }
                Step::SkipIfFalse(end) => {
                    if !self.pop().is_true() {
                        at = *end;
                    }
                }
                Step::Skip(end) => at = *end,
            }
        }
        Ok(Value::Number(self.pop()))
    }

    fn push_copy(&mut self, number: &Number) {
        // A copy of an integer on a path of its own: behind one for all kinds it would be stored in pieces, and the
        // processor would wait for them when it is read in one.
        if let Number::Int(value) = number {
            self.stack.push(Number::Int(*value));
        } else {
            self.stack.push(number.clone());
        }
    }

    fn pop(&mut self) -> Number {
        self.stack.pop().expect("each step finds its operands")
    }

    fn pop_two(&mut self) -> (Number, Number) {
        let b = self.pop();
        (self.pop(), b)
    }
}
