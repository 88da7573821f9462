//! From a lease's items to their outcomes: the filter and the task, by blocks where that is possible.

use std::ops::Range;

use super::items::{Block, Items};
use super::sieve::{Sieve, Sifted};
use crate::call::caught;
use crate::task::{Evaluator, Indices, Lanes, Recipe, Results};
use crate::value::{Number, Value};

/// The most items that are evaluated together: their columns fit the first-level cache.
const LARGEST_BLOCK: usize = 512;

/// Where outcomes go, in the order of the items.
pub(super) trait Sink {
    /// Whether it matters which of neighbouring items have results and which are not wanted.
    fn minds_places(&self) -> bool;

    /// The next items' results, at least one.
    fn results(&mut self, results: Lanes<'_>);
    /// The next item's result.
    fn result(&mut self, result: &Value);
    /// The next item has none, and why.
    fn failed(&mut self, why: &str);
    /// The next so many items, at least one, are not wanted.
    fn dropped(&mut self, items: u32);
}

/// A recipe with its scratch memory.
pub(super) struct Evaluation {
    sieve: Option<Sieve>,
    task: Task,
    block: Block,
}

impl Evaluation {
    pub(super) fn new(recipe: &Recipe) -> Self {
        let task = Task { evaluator: recipe.task.compile(), results: Results::default() };
        Self { sieve: recipe.filter.as_ref().map(Sieve::new), task, block: Block::default() }
    }

    /// Evaluates the next `count` of `items`.
    pub(super) fn run(&mut self, items: &mut Items<'_>, count: u32, sink: &mut impl Sink) {
        let mut missing = count as usize;
        while missing > 0 {
            let done = match self.block.read(items, missing.min(LARGEST_BLOCK)) {
                0 => {
                    // The next one is no plain number; or, of a lease that holds fewer than it says, there is none.
                    match items.next() {
                        Ok(item) => self.run_one(&item, items.index, sink),
                        Err(why) => sink.failed(&why),
                    }
                    1
                }
                count => {
                    self.run_block(count, items.index, sink);
                    count
                }
            };
            missing -= done;
            items.index = items.index.wrapping_add(done as i64);
        }
    }

    fn run_one(&mut self, item: &Number, index: i64, sink: &mut impl Sink) {
        match self.sieve.as_mut().map_or(Ok(true), |sieve| sieve.wants(item, index)) {
            Ok(true) => self.task.run_exact(item, index, sink),
            Ok(false) => sink.dropped(1),
            Err(why) => sink.failed(&why),
        }
    }

    fn run_block(&mut self, count: usize, first: i64, sink: &mut impl Sink) {
        let Some(sieve) = &mut self.sieve else {
            let is_block = self.task.run_block(&self.block, Indices::From(first));
            let index = |at| first.wrapping_add(at as i64);
            return self.task.tell(&self.block, 0..count, is_block, index, sink);
        };
        let sifted = sieve.sift(&self.block, count, first);
        self.block.keep(&sifted.wanted);
        let is_block = !sifted.wanted.is_empty()
            && self.task.run_block(&self.block, Indices::Each(&sifted.indices));
        tell_sifted(&mut self.task, &self.block, sifted, is_block, sink);
    }
}

/// Tells what became of a block, of which `block` holds what is wanted.
fn tell_sifted(
    task: &mut Task,
    block: &Block,
    sifted: &Sifted,
    is_block: bool,
    sink: &mut impl Sink,
) {
    if !sink.minds_places() && sifted.failed.is_empty() {
        let wanted = sifted.wanted.len();
        drop_places(wanted..sifted.count, sink);
        return task.tell(block, 0..wanted, is_block, |at| sifted.indices[at], sink);
    }
    let mut failed = sifted.failed.iter().peekable();
    let (mut place, mut at) = (0, 0);
    while place < sifted.count {
        let wanted = sifted.wanted.get(at).copied().unwrap_or(sifted.count);
        while let Some((failed, why)) = failed.next_if(|(failed, _)| *failed < wanted) {
            drop_places(place..*failed, sink);
            sink.failed(why);
            place = failed + 1;
        }
        drop_places(place..wanted, sink);
        let stretch = sifted.stretch(at);
        task.tell(block, at..at + stretch, is_block, |at| sifted.indices[at], sink);
        (place, at) = (wanted + stretch, at + stretch);
    }
}

fn drop_places(places: Range<usize>, sink: &mut impl Sink) {
    // A block has no more than fit.
    if let Some(items) = u32::try_from(places.len()).ok().filter(|items| *items > 0) {
        sink.dropped(items);
    }
}

/// The task, and its results for the items of a block.
struct Task {
    evaluator: Evaluator,
    results: Results,
}

impl Task {
    fn run_block(&mut self, block: &Block, indices: Indices<'_>) -> bool {
        block.evaluate(&mut self.evaluator, indices, &mut self.results)
    }

    /// Tells the results of the items at these places of a block, and evaluates those singly that are missing.
    fn tell(
        &mut self,
        block: &Block,
        places: Range<usize>,
        is_block: bool,
        index: impl Fn(usize) -> i64,
        sink: &mut impl Sink,
    ) {
        let mut at = places.start;
        while at < places.end {
            if is_block {
                let run = self.results.run_until(at, places.end);
                if !run.is_empty() {
                    sink.results(run);
                    at += run.len();
                    continue;
                }
            }
            self.run_exact(&block.item(at), index(at), sink);
            at += 1;
        }
    }

    fn run_exact(&mut self, item: &Number, index: i64, sink: &mut impl Sink) {
        match caught(|| self.evaluator.exact(item, index)) {
            Ok(Ok(result)) => sink.result(&result),
            Ok(Err(error)) => sink.failed(&error.to_string()),
            Err(panic) => sink.failed(&panic.to_string()),
        }
    }
}
