//! Calls of plugins' functions, a column for each argument.

use super::bounds::Bounds;
use super::frame::Frame;
use super::lanes::{Column, Flags, Ints, Operand, Pool, Values};
use super::machine::{Machine, Stack};
use super::op::Kind;
use crate::plugin::Function;

impl Machine {
    /// Calls `function` for all lanes that are not flagged: what a flagged one holds is nobody's argument. Lanes that it
    /// has no result for are flagged.
    pub(super) fn call_foreign(
        &mut self,
        function: &Function,
        kind: Kind,
        stack: &mut Stack,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
        let count = frame.count();
        let arity = function.signature().arity();
        if kind == Kind::Float {
            let mut columns: Vec<_> = (0..arity).map(|_| stack.floats()).collect();
            columns.reverse();
            let operands: Vec<_> = columns.iter().map(|column| frame.floats(column)).collect();
            let call = |columns: &[&[f64]], results: &mut [f64], missing: &mut dyn FnMut(usize)| {
                function.call_real_columns(columns, results, missing);
            };
            let out = each_lane(&operands, count, &mut self.floats, flags, call);
            columns.into_iter().for_each(|column| self.floats.give(column));
            Column::Floats(Values::Each(out))
        } else {
            let mut columns: Vec<_> = (0..arity).map(|_| stack.ints()).collect();
            columns.reverse();
            let operands: Vec<_> = columns.iter().map(|it| frame.ints(&it.values)).collect();
            let call = |columns: &[&[i64]], results: &mut [i64], missing: &mut dyn FnMut(usize)| {
                function.call_integer_columns(columns, results, missing);
            };
            let out = each_lane(&operands, count, &mut self.ints, flags, call);
            columns.into_iter().for_each(|column| self.ints.give(column.values));
            Column::Ints(Ints { values: Values::Each(out), bounds: Bounds::ALL })
        }
    }
}

/// The results of `call` for each lane, 0 in those that are flagged before or after.
fn each_lane<T: Copy + Default>(
    operands: &[Operand<'_, T>],
    count: usize,
    pool: &mut Pool<T>,
    flags: &mut Flags,
    call: impl Fn(&[&[T]], &mut [T], &mut dyn FnMut(usize)),
) -> Vec<T> {
    let mut out = pool.take();
    out.resize(count, T::default());
    if !flags.any() && operands.iter().all(|operand| matches!(operand, Operand::Each(_))) {
        let columns: Vec<&[T]> = operands.iter().filter_map(Operand::each).collect();
        call(&columns, &mut out, &mut |lane| flags.of(count)[lane] = true);
        return out;
    }
    let is_flagged = |flags: &Flags, lane: usize| flags.lanes.get(lane).is_some_and(|flag| *flag);
    let lanes: Vec<usize> = (0..count).filter(|lane| !is_flagged(flags, *lane)).collect();
    let columns: Vec<Vec<T>> = operands
        .iter()
        .map(|operand| {
            let mut column = pool.take();
            column.extend(lanes.iter().map(|lane| operand.lane(*lane)));
            column
        })
        .collect();
    let mut results = pool.take();
    results.resize(lanes.len(), T::default());
    let slices: Vec<&[T]> = columns.iter().map(Vec::as_slice).collect();
    call(&slices, &mut results, &mut |at| flags.of(count)[lanes[at]] = true);
    for (lane, result) in lanes.iter().zip(&results) {
        out[*lane] = *result;
    }
    columns.into_iter().for_each(|column| pool.give_back(column));
    pool.give_back(results);
    out
}
