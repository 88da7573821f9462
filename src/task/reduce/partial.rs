//! What a worker makes of the results of some items.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::Reduction;
use super::extreme::Extreme;
use super::sum::Sum;
use crate::task::{ItemError, Lanes};
use crate::value::Value;

/// The results of consecutive items, reduced.
///
/// ```
/// use pmap::task::{Lanes, Partial, Reduction, Total};
/// use pmap::value::{Number, Value};
/// let mut partial = Partial::new(Reduction::Sum);
/// partial.add_lanes(Lanes::Ints(&[i64::MAX, i64::MAX]));
/// partial.add(&Value::Number(Number::Int(2)))?;
/// let mut total = Total::new(Reduction::Sum);
/// total.merge(0, 3, &partial).expect("a partial sum of at most three items");
/// assert_eq!(total.result()?, Number::Int(1 << 64));
/// # Ok::<(), pmap::task::ItemError>(())
/// ```
#[derive(Clone, Serialize, Deserialize)]
pub struct Partial {
    reduction: Reduction,
    /// How many results there are.
    pub(super) count: u64,
    pub(super) state: State,
}

#[derive(Clone, Serialize, Deserialize)]
pub(super) enum State {
    Count,
    Sum(Sum),
    Mean(Sum),
    Min(Extreme),
    Max(Extreme),
}

impl Partial {
    /// Of no results yet.
    pub fn new(reduction: Reduction) -> Self {
        let state = match reduction {
            Reduction::Count => State::Count,
            Reduction::Sum => State::Sum(Sum::default()),
            Reduction::Mean => State::Mean(Sum::default()),
            Reduction::Min => State::Min(Extreme::default()),
            Reduction::Max => State::Max(Extreme::default()),
        };
        Self { reduction, count: 0, state }
    }

    /// How many results there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// What it holds, which is nothing then.
    #[must_use]
    pub fn take(&mut self) -> Self {
        std::mem::replace(self, Self::new(self.reduction))
    }

    /// Takes the next results.
    pub fn add_lanes(&mut self, lanes: Lanes<'_>) {
        if lanes.is_empty() {
            return;
        }
        self.count += lanes.len() as u64;
        match &mut self.state {
            State::Count => {}
            State::Sum(sum) | State::Mean(sum) => sum.add_lanes(lanes),
            State::Min(extreme) => extreme.add_lanes(lanes, Ordering::Less),
            State::Max(extreme) => extreme.add_lanes(lanes, Ordering::Greater),
        }
    }

    /// Takes the next result.
    ///
    /// # Errors
    /// It is a tuple or a list, of which only the number counts; it is then not taken.
    pub fn add(&mut self, result: &Value) -> Result<(), ItemError> {
        match (&mut self.state, result) {
            (State::Count, _) => {}
            (State::Sum(sum) | State::Mean(sum), Value::Number(number)) => sum.add(number),
            (State::Min(extreme), Value::Number(number)) => extreme.add(number, Ordering::Less),
            (State::Max(extreme), Value::Number(number)) => extreme.add(number, Ordering::Greater),
            (_, Value::Tuple(_) | Value::List(_)) => {
                return Err(ItemError::Type("only numbers can be reduced".into()));
            }
        }
        self.count += 1;
        Ok(())
    }
}
