//! What is done to an item: a task's text, checked once, and its evaluator.
//!
//! A task is an expression in Python's syntax over the item `n` and its index `i`, with CPython's results:
//! `n**2 + 1`, `n//2 if n % 2 == 0 else 3*n + 1`. [`TaskSpec`] is the text that has been found good and that
//! travels to the workers; [`Evaluator`] does the work there; [`functions`] lists what can be called, to which a
//! [plugin](mod@crate::plugin) may add. How a text is understood
//! (`syntax`), what it then is (`tree`) and how it is carried out (`columns` for many items at once, `exact` for everything
//! else) are private. `README.md` beside this file says why both ways give the same.

mod arithmetic;
mod cells;
mod code;
mod columns;
mod command;
mod effects;
mod error;
mod evaluator;
mod exact;
mod foreign;
mod functions;
mod recipe;
mod reduce;
mod spec;
mod syntax;
mod tree;
mod whole;

pub use cells::{CellForm, Misfit};
pub use columns::{Indices, Lanes, Results};
pub use command::{CommandSpec, NulByte};
pub use error::{ItemError, TaskError};
pub use evaluator::Evaluator;
pub use functions::{FunctionInfo, functions};
pub use recipe::{Cells, Recipe};
pub use reduce::{Garbled, Partial, Reduction, ReductionError, Total};
pub use spec::TaskSpec;
pub use syntax::is_taken;

/// The most decimal digits (about) that a result may have. Larger ones are refused before they are computed: a result
/// of this size takes some 1.5 s to compute and print, which grows with the square of the size.
pub const MAX_RESULT_DIGITS: u32 = 3_000_000;

/// How deep parentheses, calls, signs, exponents and `else` may be nested.
pub const MAX_DEPTH: u32 = 100;

#[cfg(test)]
mod tests;
