//! From text to tree.
//!
//! Tokens are read by hand but for numbers, which have a grammar of their own in Python and are winnow's business
//! (`token`, `literal`). The grammar above them is precedence climbing (`parser`): winnow's `combinator::expression` has
//! prefix, infix and postfix operators, but neither Python's conditional, whose condition stands in the middle and is
//! evaluated first, nor chained comparisons, which are one operation with many operands. Both would be parsers within
//! its operand, the depth limit would have to be kept by hand all the same, and what was expected at the place of an
//! error would have to be told for each alternative. Over tokens it is a page that knows all of that.

mod callee;
mod literal;
mod names;
mod operators;
mod parser;
mod token;

pub use names::is_taken;
pub(super) use parser::parse;

#[cfg(test)]
mod tests;
