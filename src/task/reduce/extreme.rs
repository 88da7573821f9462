//! The least or the greatest of some numbers, as Python's `min` and `max` find it: each number in turn replaces the one
//! before if it is less (or greater). So the first of equals stays; NaN stays if it was the very first, and is passed
//! over if not.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::portable;
use crate::task::{Lanes, arithmetic};
use crate::value::Number;

/// Of numbers in the order of their items.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct Extreme {
    /// Whether the first number was NaN; `None` if there was none.
    pub(super) begins_with_nan: Option<bool>,
    /// The first of the least (or greatest) but NaN.
    #[serde(with = "portable::number")]
    pub(super) best: Option<Number>,
}

impl Extreme {
    /// Takes the next numbers; `wanted` is what a better one is to the best before.
    pub(super) fn add_lanes(&mut self, lanes: Lanes<'_>, wanted: Ordering) {
        let is_min = wanted == Ordering::Less;
        match lanes {
            Lanes::Ints(values) => {
                let best = if is_min { values.iter().min() } else { values.iter().max() };
                self.add(&Number::from(best.copied().unwrap_or_default()), wanted);
            }
            Lanes::Bools(values) => {
                let best = if is_min { values.iter().min() } else { values.iter().max() };
                self.add(&Number::Bool(best.copied().unwrap_or_default() != 0), wanted);
            }
            Lanes::Floats(values) => {
                let Some((first, rest)) = values.split_first() else { return };
                let _ = self.begins_with_nan.get_or_insert(first.is_nan());
                let mut best = *first;
                for value in rest {
                    let is_better = if is_min { *value < best } else { *value > best };
                    if is_better || best.is_nan() {
                        best = *value;
                    }
                }
                self.add(&Number::Float(best), wanted);
            }
        }
    }

    /// Takes the next number.
    pub(super) fn add(&mut self, number: &Number, wanted: Ordering) {
        let is_nan = matches!(number, Number::Float(value) if value.is_nan());
        let _ = self.begins_with_nan.get_or_insert(is_nan);
        if !is_nan && is_better(number, self.best.as_ref(), wanted) {
            self.best = Some(number.clone());
        }
    }
}

/// Whether `number` is in the `wanted` order to `best`, or there is none.
pub(super) fn is_better(number: &Number, best: Option<&Number>, wanted: Ordering) -> bool {
    best.is_none_or(|best| arithmetic::compare(number, best) == Some(wanted))
}
