//! Which items of a block have a result: those for which the filter counts as true.

use super::items::Block;
use crate::call::caught;
use crate::task::{Evaluator, Indices, Lanes, Results, TaskSpec};
use crate::value::Number;

/// The filter with its scratch memory.
pub(super) struct Sieve {
    filter: Evaluator,
    truth: Results,
    sifted: Sifted,
}

/// What became of a block's items.
#[derive(Default)]
pub(super) struct Sifted {
    /// How many they were.
    pub(super) count: usize,
    /// The places of those that are wanted, in order, and their indices.
    pub(super) wanted: Vec<usize>,
    pub(super) indices: Vec<i64>,
    /// The places of those that the filter fails for, in order, and why. What is in neither list is dropped.
    pub(super) failed: Vec<(usize, String)>,
}

impl Sieve {
    pub(super) fn new(filter: &TaskSpec) -> Self {
        let (filter, truth) = (filter.compile_filter(), Results::default());
        Self { filter, truth, sifted: Sifted::default() }
    }

    /// Whether an item of this index is wanted.
    ///
    /// # Errors
    /// What Python would raise, in words.
    pub(super) fn wants(&mut self, item: &Number, index: i64) -> Result<bool, String> {
        match caught(|| self.filter.exact(item, index)) {
            Ok(Ok(value)) => Ok(value.is_true()),
            Ok(Err(error)) => Err(format!("filter: {error}")),
            Err(panic) => Err(format!("filter: {panic}")),
        }
    }

    /// Sifts a block of so many items, of which the first has the index `first`.
    pub(super) fn sift(&mut self, block: &Block, count: usize, first: i64) -> &Sifted {
        self.sifted.wanted.clear();
        self.sifted.failed.clear();
        self.sifted.count = count;
        let is_block = block.evaluate(&mut self.filter, Indices::From(first), &mut self.truth);
        let mut at = 0;
        while at < count {
            let known = if is_block { self.sift_run(at) } else { 0 };
            at += known;
            if known == 0 {
                match self.wants(&block.item(at), first.wrapping_add(at as i64)) {
                    Ok(true) => self.sifted.wanted.push(at),
                    Ok(false) => {}
                    Err(why) => self.sifted.failed.push((at, why)),
                }
                at += 1;
            }
        }
        let Sifted { wanted, indices, .. } = &mut self.sifted;
        indices.clear();
        indices.extend(wanted.iter().map(|at| first.wrapping_add(*at as i64)));
        &self.sifted
    }

    /// Takes over what is known of the places from `at` on; how many.
    fn sift_run(&mut self, at: usize) -> usize {
        let Lanes::Bools(truths) = self.truth.run(at) else {
            unreachable!("a filter's blocks yield truth")
        };
        // Written always and counted if true: nothing to predict.
        let wanted = &mut self.sifted.wanted;
        let mut kept = wanted.len();
        wanted.resize(kept + truths.len(), 0);
        for (place, truth) in (at..).zip(truths) {
            wanted[kept] = place;
            kept += usize::from(*truth != 0);
        }
        wanted.truncate(kept);
        truths.len()
    }
}

impl Sifted {
    /// How many places are wanted from the `from`-th wanted one on, one right behind the other.
    pub(super) fn stretch(&self, from: usize) -> usize {
        let places = &self.wanted[from..];
        (0..).zip(places).take_while(|(at, place)| places[0] + at == **place).count()
    }
}
