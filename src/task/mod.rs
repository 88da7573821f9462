//! What is done to an item: a task's text, checked once, and its evaluator.
//!
//! A task is a sum of terms in the item `n`, in Python's syntax and with Python's results, optionally chosen by one
//! condition: `n**2 + 1`, `collatz if n % 2 == 1 else 0`. [`TaskSpec`] is the text that has been found good and that
//! travels to the workers; [`Evaluator`] does the work there. How a text is understood (`grammar`), what it then is
//! (`tree`) and how it is carried out (`block` in `i64`, `exact` for everything else) are private, so that a larger
//! language takes their place without anyone noticing. Functions by name are under `kernels`, a file each.

mod arithmetic;
mod block;
mod effects;
mod error;
mod evaluator;
mod exact;
mod grammar;
mod kernels;
mod spec;
mod tokens;
mod tree;

pub use error::{ItemError, TaskError};
pub use evaluator::Evaluator;
pub use kernels::{KernelInfo, kernels};
pub use spec::TaskSpec;

/// The most decimal digits (about) that a result may have. Larger ones are refused before they are computed: a result
/// of this size takes some 1.5 s to compute and print, which grows with the square of the size.
pub const MAX_RESULT_DIGITS: u32 = 3_000_000;
