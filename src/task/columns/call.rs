//! Calls of functions, lane by lane.

use super::bounds::Bounds;
use super::frame::Frame;
use super::lanes::{Column, Flags, Floats, Ints, Operand, Values, map_checked};
use super::machine::{Machine, Stack};
use super::op::Call;

impl Machine {
    pub(super) fn call(
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
