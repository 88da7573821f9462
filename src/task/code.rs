//! A tree as instructions for [`exact`](super::exact), in the order in which Python evaluates.

use super::arithmetic::Comparison;
use super::foreign::Foreign;
use super::functions::Function;
use super::tree::{Binary, Id, Node, Tree, Unary};
use crate::value::Number;

/// One step of a machine that keeps its operands on a stack. Targets are places in the [`Code`].
#[derive(Clone, Debug)]
pub(super) enum Step {
    Constant(Number),
    Item,
    Index,
    Unary(Unary),
    Binary(Binary),
    Compare(Comparison),
    /// Compares the upper two and, if that holds, leaves the uppermost alone; else leaves `False` and goes on there.
    CompareOr(Comparison, usize),
    /// Calls a function with so many operands.
    Call(&'static Function, usize),
    /// The same with a function of a plugin.
    CallForeign(Box<Foreign>, usize),
    /// Goes on there if the operand is true, and else drops it.
    KeepIfTrue(usize),
    /// Goes on there if the operand is false, and else drops it.
    KeepIfFalse(usize),
    /// Drops the operand, and goes on there if it is false.
    SkipIfFalse(usize),
    Skip(usize),
}

/// All steps of a task. Where they end, its result is the only operand left.
pub(super) type Code = Vec<Step>;

/// What is left to be done, from the last one up. A stack of it rather than of calls: a sum of a million terms is a
/// million deep.
enum Work<'a> {
    Visit(Id),
    Emit(Step),
    /// Emits a jump and remembers it until the next [`Work::Land`].
    Jump(fn(usize) -> Step),
    /// Emits a comparison that may end a chain, as a jump.
    JumpUnless(Comparison),
    /// Lets the last so many jumps that are open lead to here.
    Land(usize),
    /// Lets the last but one of the open jumps lead to here.
    LandOuter,
    /// The rest of a chain of comparisons, the number of those before.
    Chain(&'a [(Comparison, Id)], usize),
}

/// Flattens `tree`.
pub(super) fn flatten(tree: &Tree) -> Code {
    let mut code = Code::new();
    let mut jumps: Vec<usize> = Vec::new();
    let mut work = vec![Work::Visit(tree.root())];
    while let Some(next) = work.pop() {
        match next {
            Work::Visit(id) => visit(tree, id, &mut work),
            Work::Emit(step) => code.push(step),
            Work::Jump(jump) => {
                jumps.push(code.len());
                code.push(jump(usize::MAX));
            }
            Work::JumpUnless(comparison) => {
                jumps.push(code.len());
                code.push(Step::CompareOr(comparison, usize::MAX));
            }
            Work::Land(count) => {
                for jump in jumps.drain(jumps.len() - count..) {
                    land(&mut code, jump);
                }
            }
            Work::LandOuter => {
                let jump = jumps.remove(jumps.len() - 2);
                land(&mut code, jump);
            }
            Work::Chain([], before) => work.push(Work::Land(before)),
            Work::Chain([(last, operand)], before) => work.extend([
                Work::Land(before),
                Work::Emit(Step::Compare(*last)),
                Work::Visit(*operand),
            ]),
            Work::Chain([(comparison, operand), rest @ ..], before) => work.extend([
                Work::Chain(rest, before + 1),
                Work::JumpUnless(*comparison),
                Work::Visit(*operand),
            ]),
        }
    }
    code
}

fn visit<'a>(tree: &'a Tree, id: Id, work: &mut Vec<Work<'a>>) {
    // In reverse: the last one is done first.
    match tree.node(id) {
        Node::Constant(number) => work.push(Work::Emit(Step::Constant(number.clone()))),
        Node::Item => work.push(Work::Emit(Step::Item)),
        Node::Index => work.push(Work::Emit(Step::Index)),
        Node::Unary(operator, a) => {
            work.extend([Work::Emit(Step::Unary(*operator)), Work::Visit(*a)]);
        }
        Node::Binary(operator, a, b) => {
            work.extend([Work::Emit(Step::Binary(*operator)), Work::Visit(*b), Work::Visit(*a)]);
        }
        Node::Compare(first, rest) => work.extend([Work::Chain(rest, 0), Work::Visit(*first)]),
        Node::And(a, b) => work.extend([
            Work::Land(1),
            Work::Visit(*b),
            Work::Jump(Step::KeepIfFalse),
            Work::Visit(*a),
        ]),
        Node::Or(a, b) => work.extend([
            Work::Land(1),
            Work::Visit(*b),
            Work::Jump(Step::KeepIfTrue),
            Work::Visit(*a),
        ]),
        Node::Choice { condition, then, otherwise } => work.extend([
            Work::Land(1),
            Work::Visit(*otherwise),
            Work::LandOuter,
            Work::Jump(Step::Skip),
            Work::Visit(*then),
            Work::Jump(Step::SkipIfFalse),
            Work::Visit(*condition),
        ]),
        Node::Call(function, arguments) => {
            work.push(Work::Emit(Step::Call(function, arguments.len())));
            work.extend(arguments.iter().rev().map(|argument| Work::Visit(*argument)));
        }
        Node::CallForeign(which, arguments) => {
            let function = Box::new(tree.foreign()[*which].clone());
            work.push(Work::Emit(Step::CallForeign(function, arguments.len())));
            work.extend(arguments.iter().rev().map(|argument| Work::Visit(*argument)));
        }
    }
}

/// Lets a jump lead to the end of the code.
fn land(code: &mut Code, jump: usize) {
    let end = code.len();
    match &mut code[jump] {
        Step::CompareOr(_, target)
        | Step::KeepIfTrue(target)
        | Step::KeepIfFalse(target)
        | Step::SkipIfFalse(target)
        | Step::Skip(target) => *target = end,
        _ => unreachable!("only jumps are remembered"),
    }
}
