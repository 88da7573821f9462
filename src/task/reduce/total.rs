//! What the supervisor makes of the partial results.

use std::cmp::Ordering;

use super::Reduction;
use super::extreme::{Extreme, is_better};
use super::partial::{Partial, State};
use super::sum::Sum;
use crate::task::ItemError;
use crate::value::Number;

/// All results of a run, reduced. Partial results may be merged in any order; each of their items counts once.
#[derive(Clone)]
pub struct Total {
    reduction: Reduction,
    count: u64,
    sum: Sum,
    /// The partial result of the first items that has any, by the index of its first item, and what it says of NaN.
    first: Option<(u64, bool)>,
    /// The best so far, and the index of its partial result's first item.
    best: Option<(u64, Number)>,
}

/// A partial result that cannot be what it should: of another reduction, or of more results than items.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the partial result is garbled")]
pub struct Garbled;

impl Total {
    /// Of no results yet.
    pub fn new(reduction: Reduction) -> Self {
        Self { reduction, count: 0, sum: Sum::default(), first: None, best: None }
    }

    /// What results are reduced to.
    pub fn reduction(&self) -> Reduction {
        self.reduction
    }

    /// How many results there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Takes the results of `items` items, the first of which has the index `first`; how many these are.
    ///
    /// # Errors
    /// [`Garbled`], if they cannot be; nothing is taken of them.
    pub fn merge(&mut self, first: u64, items: u64, partial: &Partial) -> Result<u64, Garbled> {
        if partial.count > items {
            return Err(Garbled);
        }
        match (&partial.state, self.reduction) {
            (State::Count, Reduction::Count) => {}
            (State::Sum(sum), Reduction::Sum) | (State::Mean(sum), Reduction::Mean) => {
                self.sum.merge(sum);
            }
            (State::Min(extreme), Reduction::Min) => {
                self.merge_extreme(first, extreme, Ordering::Less)
            }
            (State::Max(extreme), Reduction::Max) => {
                self.merge_extreme(first, extreme, Ordering::Greater);
            }
            _ => return Err(Garbled),
        }
        self.count += partial.count;
        Ok(partial.count)
    }

    fn merge_extreme(&mut self, at: u64, extreme: &Extreme, wanted: Ordering) {
        if let Some(is_nan) = extreme.begins_with_nan {
            if self.first.is_none_or(|(first, _)| at < first) {
                self.first = Some((at, is_nan));
            }
        }
        let Some(number) = &extreme.best else { return };
        let is_first_of_equals =
            |(first, best): &(u64, Number)| at < *first && !is_better(best, Some(number), wanted);
        let best = self.best.as_ref();
        if is_better(number, best.map(|(_, best)| best), wanted)
            || best.is_some_and(is_first_of_equals)
        {
            self.best = Some((at, number.clone()));
        }
    }

    /// The one result.
    ///
    /// # Errors
    /// What Python would raise: there is nothing that could be the least, the greatest or the mean; both infinities are
    /// to be added; the sum is beyond the range of a float.
    pub fn result(&self) -> Result<Number, ItemError> {
        let nothing = |words: &'static str| {
            if self.count == 0 { Err(ItemError::value(words)) } else { Ok(()) }
        };
        match self.reduction {
            Reduction::Count => Ok(Number::Int(self.count.into())),
            Reduction::Sum => self.sum.over(None),
            Reduction::Mean => {
                nothing("mean requires at least one data point")?;
                self.sum.over(Some(self.count))
            }
            Reduction::Min => {
                nothing("min() arg is an empty sequence")?;
                Ok(self.extreme())
            }
            Reduction::Max => {
                nothing("max() arg is an empty sequence")?;
                Ok(self.extreme())
            }
        }
    }

    fn extreme(&self) -> Number {
        match (&self.first, &self.best) {
            (Some((_, false)), Some((_, best))) => best.clone(),
            _ => Number::Float(f64::NAN),
        }
    }
}
