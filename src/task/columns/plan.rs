//! Tasks whose results are of more than one kind: `n / 2 if n % 2 == 0 else 3*n + 1`.
//!
//! A program has one kind of result. Where the result of the whole task is a choice between kinds, each side becomes a
//! program of its own and is run for its own lanes; where kinds are mixed further inside, a task is not for columns.

use super::compile::Want;
use super::frame::{Indices, Items};
use super::kinds::kinds;
use super::machine::Machine;
use super::op::{Kind, Program};
use super::results::Results;
use crate::task::tree::{Id, Node, Tree};

/// Choices within choices beyond this are left to the exact form.
const DEEPEST: u32 = 16;

/// How a task is computed by columns.
#[derive(Clone, Debug)]
pub(in crate::task) enum Plan {
    One(Program),
    /// By the truth of a condition.
    Choice {
        condition: Program,
        /// Where it holds, and where it does not.
        sides: Box<[Plan; 2]>,
    },
}

impl Plan {
    /// The plan for `tree`, whose items have this kind. `None` if there is none.
    pub(in crate::task) fn new(tree: &Tree, item: Kind) -> Option<Self> {
        Self::of(tree, &kinds(tree, item), tree.root(), 0)
    }

    /// The plan for whether the value of `tree` counts as true, which is a `bool` whatever that value is.
    pub(in crate::task) fn of_truth(tree: &Tree, item: Kind) -> Option<Self> {
        Program::new(tree, &kinds(tree, item), tree.root(), Want::Truth).map(Self::One)
    }

    fn of(tree: &Tree, kinds: &[Option<Kind>], id: Id, depth: u32) -> Option<Self> {
        if kinds[id as usize].is_some() {
            return Program::new(tree, kinds, id, Want::Value).map(Self::One);
        }
        let (condition, sides) = match tree.node(id) {
            Node::Choice { condition, then, otherwise } => (*condition, [*then, *otherwise]),
            Node::And(a, b) => (*a, [*b, *a]),
            Node::Or(a, b) => (*a, [*a, *b]),
            _ => return None,
        };
        if depth == DEEPEST {
            return None;
        }
        let condition = Program::new(tree, kinds, condition, Want::Truth)?;
        let [then, otherwise] = sides.map(|side| Self::of(tree, kinds, side, depth + 1));
        Some(Self::Choice { condition, sides: Box::new([then?, otherwise?]) })
    }

    fn uses_index(&self) -> bool {
        match self {
            Self::One(program) => program.uses_index,
            Self::Choice { condition, sides } => {
                condition.uses_index || sides.iter().any(Self::uses_index)
            }
        }
    }
}

impl Machine {
    /// Runs `plan`, which was made for items of this kind.
    pub(in crate::task) fn run(
        &mut self,
        plan: &Plan,
        items: Items<'_>,
        indices: Indices<'_>,
        results: &mut Results,
    ) {
        let mut all = self.ints.take();
        let indices = match indices {
            _ if !plan.uses_index() => &[],
            Indices::Each(indices) => indices,
            Indices::From(first) => {
                all.extend((0..items.len() as i64).map(|lane| first.wrapping_add(lane)));
                all.as_slice()
            }
        };
        self.run_plan(plan, items, indices, results);
        self.ints.give_back(all);
    }

    fn run_plan(&mut self, plan: &Plan, items: Items<'_>, indices: &[i64], results: &mut Results) {
        match plan {
            Plan::One(program) => self.run_program(program, items, indices, results),
            Plan::Choice { condition, sides } => {
                let mut holds = Results::default();
                self.run_program(condition, items, indices, &mut holds);
                results.start_mixed(items.len(), &holds.flags);
                for (side, wanted) in sides.iter().zip([1, 0]) {
                    let is_own = |lane: &usize| {
                        holds.ints[*lane] == wanted && !holds.flags.get(*lane).is_some_and(|f| *f)
                    };
                    let own: Vec<usize> = (0..items.len()).filter(is_own).collect();
                    if !own.is_empty() {
                        self.run_side(side, items, indices, &own, results);
                    }
                }
            }
        }
    }

    /// Runs `plan` for some lanes only.
    fn run_side(
        &mut self,
        plan: &Plan,
        items: Items<'_>,
        indices: &[i64],
        lanes: &[usize],
        results: &mut Results,
    ) {
        let (mut ints, mut floats) = (self.ints.take(), self.floats.take());
        let own_items = match items {
            Items::Ints(items) => {
                ints.extend(lanes.iter().map(|lane| items[*lane]));
                Items::Ints(&ints)
            }
            Items::Floats(items) => {
                floats.extend(lanes.iter().map(|lane| items[*lane]));
                Items::Floats(&floats)
            }
        };
        let mut own_indices = self.ints.take();
        if !indices.is_empty() {
            own_indices.extend(lanes.iter().map(|lane| indices[*lane]));
        }
        let mut own = Results::default();
        self.run_plan(plan, own_items, &own_indices, &mut own);
        results.scatter(&own, lanes);
        self.ints.give_back(ints);
        self.ints.give_back(own_indices);
        self.floats.give_back(floats);
    }
}
