//! Runs programs over blocks.

use std::ops::Range;

use super::bounds::Bounds;
use super::floats;
use super::ints::Pair;
use super::lanes::{
    Column, Flags, Floats, Ints, Operand, Pool, Values, map, map_checked, map_pairs,
};
use super::op::{Call, IntPair, Op, Program};
use super::results::Results;
use crate::task::arithmetic::Comparison;

/// Up to here every integer is a double, and a quotient of two is rounded once.
const EXACT_IN_DOUBLE: i64 = 1 << f64::MANTISSA_DIGITS;

/// The items of a block.
#[derive(Clone, Copy, Debug)]
pub(in crate::task) enum Items<'a> {
    Ints(&'a [i64]),
    Floats(&'a [f64]),
}

impl Items<'_> {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Ints(items) => items.len(),
            Self::Floats(items) => items.len(),
        }
    }
}

/// The lanes that instructions run over.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) items: Items<'a>,
    bounds: Bounds,
    /// Their indices; empty if the program does not use them.
    pub(super) indices: &'a [i64],
    index_bounds: Bounds,
}

impl<'a> Frame<'a> {
    pub(super) fn new(items: Items<'a>, indices: &'a [i64]) -> Self {
        let bounds = match items {
            Items::Ints(items) => Bounds::of(items),
            Items::Floats(_) => Bounds::ALL,
        };
        Self { items, bounds, indices, index_bounds: Bounds::of(indices) }
    }

    pub(super) fn count(&self) -> usize {
        self.items.len()
    }

    pub(super) fn ints<'b>(&self, values: &'b Values<i64>) -> Operand<'b, i64>
    where
        'a: 'b,
    {
        match (values, self.items) {
            (Values::Same(value), _) => Operand::Same(*value),
            (Values::Each(values), _) => Operand::Each(values),
            (Values::Indices, _) => Operand::Each(self.indices),
            (Values::Items, Items::Ints(items)) => Operand::Each(items),
            (Values::Items, Items::Floats(_)) => unreachable!("items have the kind of the program"),
        }
    }

    pub(super) fn floats<'b>(&self, values: &'b Floats) -> Operand<'b, f64>
    where
        'a: 'b,
    {
        match (values, self.items) {
            (Values::Same(value), _) => Operand::Same(*value),
            (Values::Each(values), _) => Operand::Each(values),
            (Values::Items, Items::Floats(items)) => Operand::Each(items),
            (Values::Items | Values::Indices, _) => {
                unreachable!("items have the kind of the program")
            }
        }
    }
}

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
            Op::Choose { .. } => unreachable!("choices are made by the caller"),
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

    fn ints_by(
        &mut self,
        column: Ints,
        frame: Frame<'_>,
        bounds: Bounds,
        f: impl Fn(i64) -> i64,
    ) -> Column {
        let mut out = self.ints.take();
        map(frame.ints(&column.values), frame.count(), &mut out, f);
        self.ints.give(column.values);
        Column::Ints(Ints { values: Values::Each(out), bounds })
    }

    fn floats_to_ints(
        &mut self,
        column: Floats,
        frame: Frame<'_>,
        f: impl Fn(f64) -> i64,
    ) -> Column {
        let mut out = self.ints.take();
        map(frame.floats(&column), frame.count(), &mut out, f);
        self.floats.give(column);
        Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::BOOL })
    }

    fn float_of(&mut self, column: Ints, frame: Frame<'_>) -> Column {
        if let Values::Same(value) = column.values {
            return Column::Floats(Values::Same(value as f64));
        }
        let mut out = self.floats.take();
        map(frame.ints(&column.values), frame.count(), &mut out, |value| value as f64);
        self.ints.give(column.values);
        Column::Floats(Values::Each(out))
    }

    /// Flags the lanes with such values.
    fn flag(
        &self,
        values: &Values<i64>,
        frame: Frame<'_>,
        flags: &mut Flags,
        is_flagged: impl Fn(i64) -> bool,
    ) {
        let operand = frame.ints(values);
        for lane in 0..frame.count() {
            if is_flagged(operand.lane(lane)) {
                flags.of(frame.count())[lane] = true;
            }
        }
    }

    fn int_pair(
        &mut self,
        operator: IntPair,
        a: Ints,
        b: Ints,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
        let mut out = self.ints.take();
        let pair = Pair {
            a: frame.ints(&a.values),
            b: frame.ints(&b.values),
            a_bounds: a.bounds,
            b_bounds: b.bounds,
            count: frame.count(),
        };
        let bounds = pair.apply(operator, &mut out, flags);
        self.give_ints(a, b);
        Column::Ints(Ints { values: Values::Each(out), bounds })
    }

    /// By squaring, from the highest bit of the exponent down.
    fn power(&mut self, base: Ints, exponent: u32, frame: Frame<'_>, flags: &mut Flags) -> Column {
        let copy = |this: &mut Self| {
            let values = match &base.values {
                Values::Each(values) => {
                    let mut copy = this.ints.take();
                    copy.extend_from_slice(values);
                    Values::Each(copy)
                }
                Values::Same(value) => Values::Same(*value),
                Values::Items => Values::Items,
                Values::Indices => Values::Indices,
            };
            Ints { values, bounds: base.bounds }
        };
        let mut result = copy(self);
        for bit in (0..exponent.ilog2()).rev() {
            result = self.square(result, frame, flags);
            if exponent >> bit & 1 == 1 {
                let factor = copy(self);
                result = match self.int_pair(IntPair::Multiply, result, factor, frame, flags) {
                    Column::Ints(product) => product,
                    Column::Floats(_) => unreachable!("integers multiply to integers"),
                };
            }
        }
        self.ints.give(base.values);
        Column::Ints(result)
    }

    fn square(&mut self, column: Ints, frame: Frame<'_>, flags: &mut Flags) -> Ints {
        let mut out = self.ints.take();
        let operand = frame.ints(&column.values);
        let (fits, bounds) = column.bounds.multiply(column.bounds);
        if fits {
            map(operand, frame.count(), &mut out, |a| a.wrapping_mul(a));
        } else {
            map_checked(operand, Operand::Same(()), frame.count(), (&mut out, flags), |a, ()| {
                a.overflowing_mul(a)
            });
        }
        self.ints.give(column.values);
        Ints { values: Values::Each(out), bounds }
    }

    fn quotient(&mut self, a: Ints, b: Ints, frame: Frame<'_>, flags: &mut Flags) -> Column {
        let mut out = self.floats.take();
        let (x, y) = (frame.ints(&a.values), frame.ints(&b.values));
        let is_exact = a.bounds.within(EXACT_IN_DOUBLE) && b.bounds.within(EXACT_IN_DOUBLE);
        if is_exact && (b.bounds.low > 0 || b.bounds.high < 0) {
            map_pairs(x, y, frame.count(), &mut out, |a, b| a as f64 / b as f64);
        } else {
            let is_exact = |value| (-EXACT_IN_DOUBLE..=EXACT_IN_DOUBLE).contains(&value);
            map_checked(x, y, frame.count(), (&mut out, flags), |a, b| {
                (a as f64 / b as f64, b == 0 || !is_exact(a) || !is_exact(b))
            });
        }
        self.give_ints(a, b);
        Column::Floats(Values::Each(out))
    }

    fn compare(&mut self, comparison: Comparison, a: Ints, b: Ints, frame: Frame<'_>) -> Column {
        let mut out = self.ints.take();
        let (x, y) = (frame.ints(&a.values), frame.ints(&b.values));
        let (count, out_ref) = (frame.count(), &mut out);
        match comparison {
            Comparison::Less => map_pairs(x, y, count, out_ref, |a, b| i64::from(a < b)),
            Comparison::LessEqual => map_pairs(x, y, count, out_ref, |a, b| i64::from(a <= b)),
            Comparison::Greater => map_pairs(x, y, count, out_ref, |a, b| i64::from(a > b)),
            Comparison::GreaterEqual => map_pairs(x, y, count, out_ref, |a, b| i64::from(a >= b)),
            Comparison::Equal => map_pairs(x, y, count, out_ref, |a, b| i64::from(a == b)),
            Comparison::NotEqual => map_pairs(x, y, count, out_ref, |a, b| i64::from(a != b)),
        }
        self.give_ints(a, b);
        Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::BOOL })
    }

    fn call(
        &mut self,
        call: Call,
        stack: &mut Stack,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
        let count = frame.count();
        match call {
            Call::Int(f) => {
                let a = stack.ints();
                let mut out = self.ints.take();
                let operand = frame.ints(&a.values);
                map_checked(operand, Operand::Same(()), count, (&mut out, flags), |a, ()| {
                    let result = f(a);
                    (result.unwrap_or(0), result.is_none())
                });
                self.ints.give(a.values);
                Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::ALL })
            }
            Call::IntPair(f) => {
                let (a, b) = stack.two_ints();
                let mut out = self.ints.take();
                let (x, y) = (frame.ints(&a.values), frame.ints(&b.values));
                map_checked(x, y, count, (&mut out, flags), |a, b| {
                    let result = f(a, b);
                    (result.unwrap_or(0), result.is_none())
                });
                self.give_ints(a, b);
                Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::ALL })
            }
            Call::FloatToInt(f) => {
                let a = stack.floats();
                let mut out = self.ints.take();
                let operand = frame.floats(&a);
                map_checked(operand, Operand::Same(()), count, (&mut out, flags), |a, ()| {
                    let result = f(a);
                    (result.unwrap_or(0), result.is_none())
                });
                self.floats.give(a);
                Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::ALL })
            }
            Call::Question(f) => self.floats_to_ints(stack.floats(), frame, |a| f(a).into()),
            Call::Float(f) => self.float_call(stack.floats(), frame, flags, |a| {
                let result = f(a);
                (result.unwrap_or(0.0), result.is_none())
            }),
            Call::Real(f) => self.float_call(stack.floats(), frame, flags, |a| {
                let result = f(a);
                (result, !result.is_finite())
            }),
            Call::Total(f) => self.float_call(stack.floats(), frame, flags, |a| (f(a), false)),
            Call::FloatPair(f) => self.float_pair_call(stack.two_floats(), frame, flags, |a, b| {
                let result = f(a, b);
                (result.unwrap_or(0.0), result.is_none())
            }),
            Call::RealPair(f) => self.float_pair_call(stack.two_floats(), frame, flags, |a, b| {
                let result = f(a, b);
                (result, !result.is_finite())
            }),
        }
    }

    fn float_call(
        &mut self,
        a: Floats,
        frame: Frame<'_>,
        flags: &mut Flags,
        f: impl Fn(f64) -> (f64, bool),
    ) -> Column {
        self.float_pair_call((a, Values::Same(0.0)), frame, flags, |a, _| f(a))
    }

    fn float_pair_call(
        &mut self,
        (a, b): (Floats, Floats),
        frame: Frame<'_>,
        flags: &mut Flags,
        f: impl Fn(f64, f64) -> (f64, bool),
    ) -> Column {
        let mut out = self.floats.take();
        map_checked(frame.floats(&a), frame.floats(&b), frame.count(), (&mut out, flags), f);
        self.give_floats(a, b);
        Column::Floats(Values::Each(out))
    }
}

/// Columns that are still to be used.
struct Stack(Vec<Column>);

impl Stack {
    fn pop(&mut self) -> Column {
        self.0.pop().expect("each instruction finds its operands")
    }

    fn ints(&mut self) -> Ints {
        match self.pop() {
            Column::Ints(column) => column,
            Column::Floats(_) => {
                unreachable!("operands have the kinds that they were compiled for")
            }
        }
    }

    fn floats(&mut self) -> Floats {
        match self.pop() {
            Column::Floats(column) => column,
            Column::Ints(_) => unreachable!("operands have the kinds that they were compiled for"),
        }
    }

    fn two_ints(&mut self) -> (Ints, Ints) {
        let b = self.ints();
        (self.ints(), b)
    }

    fn two_floats(&mut self) -> (Floats, Floats) {
        let b = self.floats();
        (self.floats(), b)
    }
}
