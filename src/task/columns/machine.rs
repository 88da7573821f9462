//! Runs programs over blocks.

use std::ops::Range;

use super::bounds::Bounds;
use super::floats;
use super::frame::{Frame, Items};
use super::lanes::{Column, Flags, Floats, Ints, Pool, Values, map};
use super::op::{IntPair, Op, Program};
use super::results::Results;

/// Up to here every integer is a double, and a quotient of two is rounded once.
pub(super) const EXACT_IN_DOUBLE: i64 = 1 << f64::MANTISSA_DIGITS;

/// Memory for runs.
#[derive(Clone, Debug, Default)]
pub(in crate::task) struct Machine {
    pub(super) ints: Pool<i64>,
    pub(super) floats: Pool<f64>,
}

impl Machine {
    /// Runs `program` over items of these indices, which may be left out if it does not use them.
    pub(super) fn run_program(
        &mut self,
        program: &Program,
        items: Items<'_>,
        indices: &[i64],
        results: &mut Results,
    ) {
        results.start(program.result);
        let count = items.len();
        let frame = Frame::new(items, indices);
        let mut flags = Flags { lanes: std::mem::take(&mut results.flags) };
        let column = self.range(program, 0..program.ops.len(), frame, &mut flags);
        results.flags = flags.lanes;
        match column {
            Column::Ints(column) => {
                map(frame.ints(&column.values), count, &mut results.ints, |value| value);
                self.ints.give(column.values);
            }
            Column::Floats(column) => {
                map(frame.floats(&column), count, &mut results.floats, |value| value);
                self.floats.give(column);
            }
        }
    }

    /// Runs some of the instructions, which leave one column.
    pub(super) fn range(
        &mut self,
        program: &Program,
        range: Range<usize>,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
        let mut stack = Stack(Vec::new());
        let mut at = range.start;
        while at < range.end {
            let op = program.ops[at];
            at += 1;
            if let Op::Choose { then, otherwise, gathers } = op {
                let condition = stack.ints();
                let sides = [at..then, then..otherwise];
                let column = self.choose(program, condition, sides, gathers, frame, flags);
                stack.0.push(column);
                at = otherwise;
            } else if let Op::CallForeign(which, kind) = op {
                let function = &program.foreign[which];
                let column = self.call_foreign(function, kind, &mut stack, frame, flags);
                stack.0.push(column);
            } else {
                let column = self.op(op, &mut stack, frame, flags);
                stack.0.push(column);
            }
        }
        stack.pop()
    }

    fn op(&mut self, op: Op, stack: &mut Stack, frame: Frame<'_>, flags: &mut Flags) -> Column {
        let count = frame.count();
        match op {
            Op::Item => match frame.items {
                Items::Ints(_) => {
                    Column::Ints(Ints { values: Values::Items, bounds: frame.bounds })
                }
                Items::Floats(_) => Column::Floats(Values::Items),
            },
            Op::Index => Column::Ints(Ints { values: Values::Indices, bounds: frame.index_bounds }),
            Op::Int(value) => {
                Column::Ints(Ints { values: Values::Same(value), bounds: Bounds::same(value) })
            }
            Op::Float(value) => Column::Floats(Values::Same(value)),
            Op::ToFloat => self.float_of(stack.ints(), frame),
            Op::ToSameFloat => {
                let column = stack.ints();
                if !column.bounds.within(EXACT_IN_DOUBLE) {
                    self.flag(&column.values, frame, flags, |value| {
                        !(-EXACT_IN_DOUBLE..=EXACT_IN_DOUBLE).contains(&value)
                    });
                }
                self.float_of(column, frame)
            }
            Op::IntTruth => self.ints_by(stack.ints(), frame, Bounds::BOOL, |a| i64::from(a != 0)),
            Op::Not => self.ints_by(stack.ints(), frame, Bounds::BOOL, |a| i64::from(a == 0)),
            Op::FloatTruth => self.floats_to_ints(stack.floats(), frame, |a| i64::from(a != 0.0)),
            Op::Invert => {
                let column = stack.ints();
                let bounds = Bounds { low: !column.bounds.high, high: !column.bounds.low };
                self.ints_by(column, frame, bounds, |a| !a)
            }
            Op::Negate => {
                let zero = Ints { values: Values::Same(0), bounds: Bounds::same(0) };
                let column = stack.ints();
                self.int_pair(IntPair::Subtract, zero, column, frame, flags)
            }
            Op::NegateFloat => {
                let column = stack.floats();
                let mut out = self.floats.take();
                map(frame.floats(&column), count, &mut out, |a| -a);
                self.floats.give(column);
                Column::Floats(Values::Each(out))
            }
            Op::IntPair(operator) => {
                let (a, b) = stack.two_ints();
                self.int_pair(operator, a, b, frame, flags)
            }
            Op::Power(exponent) => {
                let column = stack.ints();
                self.power(column, exponent, frame, flags)
            }
            Op::FloatPair(operator) => {
                let (a, b) = stack.two_floats();
                let mut out = self.floats.take();
                let operands = (frame.floats(&a), frame.floats(&b));
                floats::apply(operator, operands, count, &mut out, flags);
                self.give_floats(a, b);
                Column::Floats(Values::Each(out))
            }
            Op::Quotient => {
                let (a, b) = stack.two_ints();
                self.quotient(a, b, frame, flags)
            }
            Op::CompareInts(comparison) => {
                let (a, b) = stack.two_ints();
                self.compare(comparison, a, b, frame)
            }
            Op::CompareFloats(comparison) => {
                let (a, b) = stack.two_floats();
                let mut out = self.ints.take();
                let operands = (frame.floats(&a), frame.floats(&b));
                floats::compare(comparison, operands, count, &mut out);
                self.give_floats(a, b);
                Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::BOOL })
            }
            Op::Call(call) => self.call(call, stack, frame, flags),
            Op::Choose { .. } | Op::CallForeign(..) => {
                unreachable!("what needs the program is done by the caller")
            }
        }
    }

    pub(super) fn give_floats(&mut self, a: Floats, b: Floats) {
        self.floats.give(a);
        self.floats.give(b);
    }

    pub(super) fn give_ints(&mut self, a: Ints, b: Ints) {
        self.ints.give(a.values);
        self.ints.give(b.values);
    }
}

/// Columns that are still to be used.
pub(super) struct Stack(Vec<Column>);

impl Stack {
    pub(super) fn pop(&mut self) -> Column {
        self.0.pop().expect("each instruction finds its operands")
    }

    pub(super) fn ints(&mut self) -> Ints {
        match self.pop() {
            Column::Ints(column) => column,
            Column::Floats(_) => {
                unreachable!("operands have the kinds that they were compiled for")
            }
        }
    }

    pub(super) fn floats(&mut self) -> Floats {
        match self.pop() {
            Column::Floats(column) => column,
            Column::Ints(_) => unreachable!("operands have the kinds that they were compiled for"),
        }
    }

    pub(super) fn two_ints(&mut self) -> (Ints, Ints) {
        let b = self.ints();
        (self.ints(), b)
    }

    pub(super) fn two_floats(&mut self) -> (Floats, Floats) {
        let b = self.floats();
        (self.floats(), b)
    }
}
