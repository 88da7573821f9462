//! Conditions: both sides for all lanes, or each for its own.

use std::ops::Range;

use super::bounds::Bounds;
use super::frame::{Frame, Items};
use super::lanes::{Column, Flags, Ints, Operand, Values};
use super::machine::Machine;
use super::op::Program;

impl Machine {
    /// What `sides` leave: the first one in the lanes whose `condition` is 1, the second in the others.
    pub(super) fn choose(
        &mut self,
        program: &Program,
        condition: Ints,
        [then, otherwise]: [Range<usize>; 2],
        gathers: bool,
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
        let is_true = match frame.ints(&condition.values) {
            Operand::Same(value) => Some(value != 0),
            Operand::Each(lanes) => {
                let trues: i64 = lanes.iter().sum();
                if trues == 0 {
                    Some(false)
                } else {
                    (trues == frame.count() as i64).then_some(true)
                }
            }
        };
        let column = match (is_true, frame.ints(&condition.values)) {
            (Some(true), _) => self.range(program, then, frame, flags),
            (Some(false), _) => self.range(program, otherwise, frame, flags),
            (None, Operand::Each(lanes)) if gathers => {
                self.choose_gathered(program, lanes, [then, otherwise], frame, flags)
            }
            (None, Operand::Each(lanes)) => {
                let (mut then_flags, mut otherwise_flags) = (Flags::default(), Flags::default());
                let then = self.range(program, then, frame, &mut then_flags);
                let otherwise = self.range(program, otherwise, frame, &mut otherwise_flags);
                if then_flags.any() || otherwise_flags.any() {
                    let count = frame.count();
                    let (then, otherwise) = (then_flags.of(count), otherwise_flags.of(count));
                    for (lane, flag) in flags.of(count).iter_mut().enumerate() {
                        *flag |= if lanes[lane] != 0 { then[lane] } else { otherwise[lane] };
                    }
                }
                self.blend(lanes, then, otherwise, frame)
            }
            (None, Operand::Same(_)) => unreachable!("it is known whether that is true"),
        };
        self.ints.give(condition.values);
        column
    }

    fn blend(
        &mut self,
        lanes: &[i64],
        then: Column,
        otherwise: Column,
        frame: Frame<'_>,
    ) -> Column {
        match (then, otherwise) {
            (Column::Ints(then), Column::Ints(otherwise)) => {
                let mut out = self.ints.take();
                let (a, b) = (frame.ints(&then.values), frame.ints(&otherwise.values));
                blend(lanes, a, b, &mut out);
                let bounds = then.bounds.or(otherwise.bounds);
                self.give_ints(then, otherwise);
                Column::Ints(Ints { values: Values::Each(out), bounds })
            }
            (Column::Floats(then), Column::Floats(otherwise)) => {
                let mut out = self.floats.take();
                blend(lanes, frame.floats(&then), frame.floats(&otherwise), &mut out);
                self.give_floats(then, otherwise);
                Column::Floats(Values::Each(out))
            }
            _ => unreachable!("both sides have one kind"),
        }
    }

    fn choose_gathered(
        &mut self,
        program: &Program,
        lanes: &[i64],
        sides: [Range<usize>; 2],
        frame: Frame<'_>,
        flags: &mut Flags,
    ) -> Column {
        let count = frame.count();
        let (mut ints, mut floats) = (self.ints.take(), self.floats.take());
        let mut bounds: Option<Bounds> = None;
        for (side, is_wanted) in sides.into_iter().zip([true, false]) {
            let mut own = self.ints.take();
            own.extend((0..count as i64).filter(|lane| (lanes[*lane as usize] != 0) == is_wanted));
            let mut indices = self.ints.take();
            if program.uses_index {
                indices.extend(own.iter().map(|lane| frame.indices[*lane as usize]));
            }
            let mut side_flags = Flags::default();
            let (mut own_ints, mut own_floats) = (self.ints.take(), self.floats.take());
            let items = match frame.items {
                Items::Ints(items) => {
                    own_ints.extend(own.iter().map(|lane| items[*lane as usize]));
                    Items::Ints(&own_ints)
                }
                Items::Floats(items) => {
                    own_floats.extend(own.iter().map(|lane| items[*lane as usize]));
                    Items::Floats(&own_floats)
                }
            };
            let side_frame = Frame::new(items, &indices);
            match self.range(program, side, side_frame, &mut side_flags) {
                Column::Ints(column) => {
                    ints.resize(count, 0);
                    let operand = side_frame.ints(&column.values);
                    for (at, lane) in own.iter().enumerate() {
                        ints[*lane as usize] = operand.lane(at);
                    }
                    bounds = Some(bounds.map_or(column.bounds, |other| other.or(column.bounds)));
                    self.ints.give(column.values);
                }
                Column::Floats(column) => {
                    floats.resize(count, 0.0);
                    let operand = side_frame.floats(&column);
                    for (at, lane) in own.iter().enumerate() {
                        floats[*lane as usize] = operand.lane(at);
                    }
                    self.floats.give(column);
                }
            }
            if side_flags.any() {
                let flags = flags.of(count);
                for (lane, is_flagged) in own.iter().zip(&side_flags.lanes) {
                    flags[*lane as usize] |= is_flagged;
                }
            }
            for vector in [own, indices, own_ints] {
                self.ints.give_back(vector);
            }
            self.floats.give_back(own_floats);
        }
        let (ints, floats) = (Values::Each(ints), Values::Each(floats));
        match bounds {
            Some(bounds) => {
                self.floats.give(floats);
                Column::Ints(Ints { values: ints, bounds })
            }
            None => {
                self.ints.give(ints);
                Column::Floats(floats)
            }
        }
    }
}

fn blend<T: Copy>(lanes: &[i64], a: Operand<'_, T>, b: Operand<'_, T>, out: &mut Vec<T>) {
    // One loop for each shape, so that none of them has a branch.
    match (a, b) {
        (Operand::Each(a), Operand::Each(b)) => {
            out.extend(lanes.iter().zip(a).zip(b).map(|((c, a), b)| if *c != 0 { *a } else { *b }));
        }
        (Operand::Each(a), Operand::Same(b)) => {
            out.extend(lanes.iter().zip(a).map(|(c, a)| if *c != 0 { *a } else { b }));
        }
        (Operand::Same(a), Operand::Each(b)) => {
            out.extend(lanes.iter().zip(b).map(|(c, b)| if *c != 0 { a } else { *b }));
        }
        (Operand::Same(a), Operand::Same(b)) => {
            out.extend(lanes.iter().map(|c| if *c != 0 { a } else { b }));
        }
    }
}
