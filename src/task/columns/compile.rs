//! From a tree whose nodes have kinds to a program for columns: instructions in postfix order.

use super::forms::form;
use super::op::{Call, FloatPair, IntPair, Kind, Op, Program};
use crate::task::arithmetic::Comparison;
use crate::task::functions::Function;
use crate::task::tree::{Binary, Id, Node, Tree, Unary};
use crate::value::Number;

/// Programs of more instructions are not made: `a or b` computes `a` twice, which would double with each nesting.
const MOST_OPS: usize = 4096;

/// Sides of a choice that cost more additions than this, together, are computed for their own lanes only.
const BLENDED_COST: usize = 24;

/// The highest power that is multiplied out.
const HIGHEST_POWER: i128 = 16;

impl Program {
    /// The program for the node `root` of `tree`, whose nodes have these `kinds`. `None` if some node that matters has
    /// none, or has an effect.
    pub(super) fn new(tree: &Tree, kinds: &[Option<Kind>], root: Id, want: Want) -> Option<Self> {
        let result = if want == Want::Truth { Kind::Bool } else { kinds[root as usize]? };
        let mut compiler = Compiler { tree, kinds, ops: vec![], open: vec![] };
        compiler.compile(root, want)?;
        let ops = compiler.ops;
        let uses_index = ops.iter().any(|op| matches!(op, Op::Index));
        let foreign = tree.foreign().iter().map(|foreign| foreign.function().cloned());
        let foreign = foreign.collect::<Option<_>>()?;
        Some(Self { ops, result, uses_index, foreign })
    }
}

/// As what a node's value is wanted.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Want {
    /// What it is.
    Value,
    /// A double.
    Float,
    /// A double of the same value, for comparisons.
    SameFloat,
    /// 1 if it counts as true, else 0.
    Truth,
}

enum Work<'a> {
    Visit(Id, Want),
    Emit(Op),
    /// Begins a choice, of which the condition is on the stack.
    Open,
    /// Between its sides.
    Middle,
    Close,
    /// The rest of a chain of comparisons whose result so far is on the stack.
    Chain(Id, &'a [(Comparison, Id)]),
}

struct Compiler<'a> {
    tree: &'a Tree,
    kinds: &'a [Option<Kind>],
    ops: Vec<Op>,
    /// Where the choices begin that have no end yet.
    open: Vec<usize>,
}

impl<'a> Compiler<'a> {
    fn compile(&mut self, root: Id, want: Want) -> Option<()> {
        let mut work = vec![Work::Visit(root, want)];
        while let Some(next) = work.pop() {
            if self.ops.len() > MOST_OPS {
                return None;
            }
            match next {
                Work::Visit(id, want) => self.visit(id, want, &mut work)?,
                Work::Emit(op) => self.ops.push(op),
                Work::Open => {
                    self.open.push(self.ops.len());
                    self.ops.push(Op::Choose { then: 0, otherwise: 0, gathers: false });
                }
                Work::Middle => {
                    let middle = self.ops.len();
                    if let Op::Choose { then, .. } = self.choice()? {
                        *then = middle;
                    }
                }
                Work::Close => {
                    let end = self.ops.len();
                    let cost: usize =
                        self.ops[self.open.last()? + 1..].iter().map(|op| op.cost()).sum();
                    if let Op::Choose { otherwise, gathers, .. } = self.choice()? {
                        *otherwise = end;
                        *gathers = cost > BLENDED_COST;
                    }
                    self.open.pop();
                }
                Work::Chain(_, []) => {}
                Work::Chain(left, [(comparison, right), rest @ ..]) => {
                    work.extend([
                        Work::Chain(*right, rest),
                        Work::Close,
                        Work::Emit(Op::Int(0)),
                        Work::Middle,
                    ]);
                    self.comparison(*comparison, left, *right, &mut work)?;
                    work.push(Work::Open);
                }
            }
        }
        Some(())
    }

    fn choice(&mut self) -> Option<&mut Op> {
        self.ops.get_mut(*self.open.last()?)
    }

    fn kind(&self, id: Id) -> Option<Kind> {
        self.kinds[id as usize]
    }

    /// Pushes what is to be done for a node, the last first.
    fn visit(&mut self, id: Id, want: Want, work: &mut Vec<Work<'a>>) -> Option<()> {
        let node = self.tree.node(id);
        if want == Want::Truth && self.truth(node, work) {
            return Some(());
        }
        let kind = self.kind(id)?;
        match want {
            Want::Float if kind.is_int() => work.push(Work::Emit(Op::ToFloat)),
            Want::SameFloat if kind.is_int() => work.push(Work::Emit(Op::ToSameFloat)),
            Want::Truth if kind == Kind::Int => work.push(Work::Emit(Op::IntTruth)),
            Want::Truth if kind == Kind::Float => work.push(Work::Emit(Op::FloatTruth)),
            _ => {}
        }
        match node {
            Node::Constant(number) => work.push(Work::Emit(match number {
                Number::Bool(value) => Op::Int((*value).into()),
                Number::Int(value) => Op::Int(i64::try_from(*value).ok()?),
                Number::Float(value) => Op::Float(*value),
                Number::Big(_) => return None,
            })),
            Node::Item => work.push(Work::Emit(Op::Item)),
            Node::Index => work.push(Work::Emit(Op::Index)),
            Node::Unary(operator, a) => match (operator, kind) {
                (Unary::Not, _) => {
                    work.extend([Work::Emit(Op::Not), Work::Visit(*a, Want::Truth)]);
                }
                (Unary::Plus, _) => work.push(Work::Visit(*a, Want::Value)),
                (Unary::Minus, Kind::Float) => {
                    work.extend([Work::Emit(Op::NegateFloat), Work::Visit(*a, Want::Value)]);
                }
                (Unary::Minus, _) => {
                    work.extend([Work::Emit(Op::Negate), Work::Visit(*a, Want::Value)]);
                }
                (Unary::Invert, _) => {
                    work.extend([Work::Emit(Op::Invert), Work::Visit(*a, Want::Value)]);
                }
            },
            Node::Binary(operator, a, b) => self.binary(*operator, kind, (*a, *b), work)?,
            Node::Compare(first, rest) => {
                let ((comparison, right), rest) = rest.split_first()?;
                work.push(Work::Chain(*right, rest));
                self.comparison(*comparison, *first, *right, work)?;
            }
            // The operand that decides is the result, and is computed once more.
            Node::And(a, b) => choose(*a, (*b, *a), Want::Value, work),
            Node::Or(a, b) => choose(*a, (*a, *b), Want::Value, work),
            Node::Choice { condition, then, otherwise } => {
                choose(*condition, (*then, *otherwise), Want::Value, work);
            }
            Node::Call(function, arguments) => self.call(function, arguments, work)?,
            Node::CallForeign(which, arguments) => {
                // It takes numbers of the kind that it gives.
                let want = if kind == Kind::Float { Want::Float } else { Want::Value };
                work.push(Work::Emit(Op::CallForeign(*which, kind)));
                work.extend(arguments.iter().rev().map(|id| Work::Visit(*id, want)));
            }
        }
        Some(())
    }

    /// What counts as true, of nodes that need not be of one kind for that; whether `node` is one.
    fn truth(&self, node: &Node, work: &mut Vec<Work<'a>>) -> bool {
        match node {
            Node::And(a, b) => work.extend([
                Work::Close,
                Work::Emit(Op::Int(0)),
                Work::Middle,
                Work::Visit(*b, Want::Truth),
                Work::Open,
                Work::Visit(*a, Want::Truth),
            ]),
            Node::Or(a, b) => work.extend([
                Work::Close,
                Work::Visit(*b, Want::Truth),
                Work::Middle,
                Work::Emit(Op::Int(1)),
                Work::Open,
                Work::Visit(*a, Want::Truth),
            ]),
            Node::Choice { condition, then, otherwise } => {
                choose(*condition, (*then, *otherwise), Want::Truth, work);
            }
            _ => return false,
        }
        true
    }

    fn comparison(
        &self,
        comparison: Comparison,
        a: Id,
        b: Id,
        work: &mut Vec<Work<'a>>,
    ) -> Option<()> {
        let (op, want) = if self.kind(a)?.is_int() && self.kind(b)?.is_int() {
            (Op::CompareInts(comparison), Want::Value)
        } else {
            (Op::CompareFloats(comparison), Want::SameFloat)
        };
        work.extend([Work::Emit(op), Work::Visit(b, want), Work::Visit(a, want)]);
        Some(())
    }

    fn binary(
        &self,
        operator: Binary,
        kind: Kind,
        (a, b): (Id, Id),
        work: &mut Vec<Work<'a>>,
    ) -> Option<()> {
        let are_ints = self.kind(a)?.is_int() && self.kind(b)?.is_int();
        if kind.is_int() {
            let pair = match operator {
                Binary::Add => IntPair::Add,
                Binary::Subtract => IntPair::Subtract,
                Binary::Multiply => IntPair::Multiply,
                Binary::FloorDivide => IntPair::FloorDivide,
                Binary::Remainder => IntPair::Remainder,
                Binary::Power => {
                    if let Node::Constant(Number::Int(exponent @ 1..=HIGHEST_POWER)) =
                        self.tree.node(b)
                    {
                        let exponent = u32::try_from(*exponent).ok()?;
                        work.extend([Work::Emit(Op::Power(exponent)), Work::Visit(a, Want::Value)]);
                        return Some(());
                    }
                    IntPair::Power
                }
                Binary::ShiftLeft => IntPair::ShiftLeft,
                Binary::ShiftRight => IntPair::ShiftRight,
                Binary::BitAnd => IntPair::And,
                Binary::BitXor => IntPair::Xor,
                Binary::BitOr => IntPair::Or,
                Binary::Divide => return None,
            };
            work.extend([
                Work::Emit(Op::IntPair(pair)),
                Work::Visit(b, Want::Value),
                Work::Visit(a, Want::Value),
            ]);
            return Some(());
        }
        let (op, want) = match operator {
            Binary::Divide if are_ints => (Op::Quotient, Want::Value),
            Binary::Add => (Op::FloatPair(FloatPair::Add), Want::Float),
            Binary::Subtract => (Op::FloatPair(FloatPair::Subtract), Want::Float),
            Binary::Multiply => (Op::FloatPair(FloatPair::Multiply), Want::Float),
            Binary::Divide => (Op::FloatPair(FloatPair::Divide), Want::Float),
            Binary::FloorDivide => (Op::FloatPair(FloatPair::FloorDivide), Want::Float),
            Binary::Remainder => (Op::FloatPair(FloatPair::Remainder), Want::Float),
            Binary::Power => (Op::FloatPair(FloatPair::Power), Want::Float),
            _ => return None,
        };
        work.extend([Work::Emit(op), Work::Visit(b, want), Work::Visit(a, want)]);
        Some(())
    }

    fn call(&self, function: &Function, arguments: &[Id], work: &mut Vec<Work<'a>>) -> Option<()> {
        let kinds: Option<Vec<Kind>> = arguments.iter().map(|id| self.kind(*id)).collect();
        let form = form(function, &kinds?)?;
        let want = if form.takes_floats { Want::Float } else { Want::Value };
        let folds = matches!(form.call, Call::IntPair(_) | Call::FloatPair(_) | Call::RealPair(_));
        // One call for one argument, and for each further one of those that are taken two by two.
        for (at, argument) in arguments.iter().enumerate().rev() {
            if at > 0 || !folds {
                work.push(Work::Emit(Op::Call(form.call)));
            }
            work.push(Work::Visit(*argument, want));
        }
        Some(())
    }
}

fn choose<'a>(condition: Id, (then, otherwise): (Id, Id), want: Want, work: &mut Vec<Work<'a>>) {
    work.extend([
        Work::Close,
        Work::Visit(otherwise, want),
        Work::Middle,
        Work::Visit(then, want),
        Work::Open,
        Work::Visit(condition, Want::Truth),
    ]);
}
