//! From text to tree.
//!
//! Tokens are winnow's business (`token`, `literal`). The grammar above them is precedence climbing by hand (`parser`): winnow's
//! `combinator::expression` has prefix, infix and postfix operators, but neither Python's conditional, whose condition stands in
//! the middle and is evaluated first, nor chained comparisons, which are one operation with many operands. Both would be parsers within
//! its operand, the depth limit would have to be kept by hand all the same, and what was expected at the place of an
//! error would have to be told for each alternative. Over tokens it is one function of 60 lines that knows all of that.

mod literal;
mod names;
mod operators;
mod parser;
mod token;

pub(super) use parser::parse;

#[cfg(test)]
mod tests;
