//! Instructions on columns of integers.

use super::bounds::Bounds;
use super::frame::Frame;
use super::ints::Pair;
use super::lanes::{Column, Flags, Floats, Ints, Operand, Values, map, map_checked, map_pairs};
use super::machine::{EXACT_IN_DOUBLE, Machine};
use super::op::IntPair;
use crate::task::arithmetic::Comparison;

impl Machine {
    pub(super) fn ints_by(
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

    pub(super) fn floats_to_ints(
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

    pub(super) fn float_of(&mut self, column: Ints, frame: Frame<'_>) -> Column {
        if let Values::Same(value) = column.values {
            return Column::Floats(Values::Same(value as f64));
        }
        let mut out = self.floats.take();
        map(frame.ints(&column.values), frame.count(), &mut out, |value| value as f64);
        self.ints.give(column.values);
        Column::Floats(Values::Each(out))
    }

    /// Flags the lanes with such values.
    pub(super) fn flag(
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

    pub(super) fn int_pair(
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
    pub(super) fn power(
        &mut self,
        base: Ints,
        exponent: u32,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
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

    pub(super) fn quotient(
        &mut self,
        a: Ints,
        b: Ints,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
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

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        a: Ints,
        b: Ints,
        frame: Frame<'_>,
    ) -> Column {
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
}
