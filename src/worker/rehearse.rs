//! One item without a supervisor, for a debugger to look at.

use super::evaluate::Evaluation;
use super::items::Items;
use super::lines::Lines;
use crate::call::Outcomes;
use crate::ids::Index;
use crate::task::Recipe;

/// The outcome of one item, given as text, as a worker would commit it: run in the calling process, whatever that does to it.
#[must_use]
pub fn rehearse(recipe: &Recipe, index: Index, text: &[u8]) -> Vec<u8> {
    let mut outcomes = Outcomes::default();
    let mut items = Items::lines(index, text, "there is no item");
    Evaluation::new(recipe).run(&mut items, 1, &mut Lines(&mut outcomes));
    outcomes.bytes().to_vec()
}
