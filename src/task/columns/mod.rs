//! Evaluation of many items at once: each instruction of a [`Program`] runs over all lanes of a block, in `i64` or `f64`.
//!
//! A lane that cannot be computed so, or might not be right, is flagged, and is someone else's business then
//! ([`exact`](super::exact)). `README.md` in the folder above says why the other lanes are exact.

mod bounds;
mod call;
mod choose;
mod compile;
mod divisor;
mod floats;
mod foreign;
mod forms;
mod frame;
mod ints;
mod kinds;
mod lanes;
mod machine;
mod op;
mod plan;
mod results;
mod steps;

pub use frame::Indices;
pub(super) use frame::Items;
pub(super) use machine::Machine;
pub(super) use op::Kind;
pub(super) use plan::Plan;
pub use results::{Lanes, Results};

#[cfg(test)]
mod tests;
