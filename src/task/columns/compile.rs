//! From a tree to a program for columns: what kind each node has, then instructions in postfix order.

use super::op::{Call, FloatPair, IntPair, Kind, Op, Program};
use crate::task::arithmetic::Comparison;
use crate::task::functions::{Body, Column, Function};
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
        Some(Self { ops, result, uses_index })
    }
}

/// The kind of each node; `None` where values may be of more than one, or beyond `i64` in the text, or have an effect.
pub(super) fn kinds(tree: &Tree, item: Kind) -> Vec<Option<Kind>> {
    let mut kinds: Vec<Option<Kind>> = Vec::with_capacity(tree.nodes().len());
    for node in tree.nodes() {
        let of = |id: &Id| kinds[*id as usize];
        let kind = match node {
            Node::Constant(Number::Bool(_)) => Some(Kind::Bool),
            Node::Constant(Number::Int(value)) => i64::try_from(*value).ok().map(|_| Kind::Int),
            Node::Constant(Number::Float(_)) => Some(Kind::Float),
            Node::Constant(Number::Big(_)) => None,
            Node::Item => Some(item),
            Node::Index => Some(Kind::Int),
            Node::Unary(Unary::Not, _) | Node::Compare(..) => Some(Kind::Bool),
            Node::Unary(Unary::Invert, a) => of(a).filter(|kind| kind.is_int()).map(|_| Kind::Int),
            Node::Unary(Unary::Plus | Unary::Minus, a) => of(a).map(widened),
            Node::Binary(operator, a, b) => {
                of(a).zip(of(b)).and_then(|kinds| binary(*operator, kinds, tree.node(*b)))
            }
            Node::And(a, b) | Node::Or(a, b) | Node::Choice { then: a, otherwise: b, .. } => {
                of(a).filter(|kind| of(b) == Some(*kind))
            }
            Node::Call(function, arguments) => {
                let arguments: Option<Vec<Kind>> = arguments.iter().map(of).collect();
                arguments.and_then(|kinds| form(function, &kinds)).map(|form| form.result)
            }
        };
        kinds.push(kind);
    }
    kinds
}

fn widened(kind: Kind) -> Kind {
    if kind.is_int() { Kind::Int } else { Kind::Float }
}

fn binary(operator: Binary, (a, b): (Kind, Kind), right: &Node) -> Option<Kind> {
    let are_ints = a.is_int() && b.is_int();
    match operator {
        Binary::Divide => Some(Kind::Float),
        Binary::Power if are_ints && is_negative(right) => Some(Kind::Float),
        Binary::BitAnd | Binary::BitOr | Binary::BitXor if (a, b) == (Kind::Bool, Kind::Bool) => {
            Some(Kind::Bool)
        }
        Binary::BitAnd
        | Binary::BitOr
        | Binary::BitXor
        | Binary::ShiftLeft
        | Binary::ShiftRight => are_ints.then_some(Kind::Int),
        _ => Some(if are_ints { Kind::Int } else { Kind::Float }),
    }
}

fn is_negative(node: &Node) -> bool {
    matches!(node, Node::Constant(Number::Int(value)) if *value < 0)
}

/// How a function is called for columns of some kinds.
struct Form {
    call: Call,
    result: Kind,
    /// What its arguments are to be: doubles, or integers.
    takes_floats: bool,
}

fn form(function: &Function, arguments: &[Kind]) -> Option<Form> {
    let are_ints = arguments.iter().all(|kind| kind.is_int());
    let floats = |call, result| Some(Form { call, result, takes_floats: true });
    match function.body {
        Body::Real(f, _) => floats(Call::Real(f), Kind::Float),
        Body::RealPair(f) => floats(Call::RealPair(f), Kind::Float),
        Body::Total(f) => floats(Call::Total(f), Kind::Float),
        Body::Question(f) => floats(Call::Question(f), Kind::Bool),
        Body::Tuple(_) | Body::Effect(_) => None,
        Body::Number(_) => {
            let count = arguments.len();
            // Of a function that tells integers from floats, both cannot be mixed.
            let takes_ints = function.columns.iter().any(|column| match column {
                Column::Int(_) | Column::IntToBool(_) => count == 1,
                Column::IntFold(_) => count >= 2,
                _ => false,
            });
            let are_floats = !takes_ints || arguments.iter().all(|kind| *kind == Kind::Float);
            function.columns.iter().find_map(|column| {
                let ints = |call, result| Some(Form { call, result, takes_floats: false });
                match *column {
                    Column::Int(f) if count == 1 && are_ints => ints(Call::Int(f), Kind::Int),
                    Column::IntToBool(f) if count == 1 && are_ints => {
                        ints(Call::Int(f), Kind::Bool)
                    }
                    // The least of two `bool`s is one, too.
                    Column::IntFold(f)
                        if count >= 2 && arguments.iter().all(|kind| *kind == Kind::Int) =>
                    {
                        ints(Call::IntPair(f), Kind::Int)
                    }
                    Column::Float(f) if count == 1 && are_floats => {
                        floats(Call::Float(f), Kind::Float)
                    }
                    Column::FloatToInt(f) if count == 1 && are_floats => {
                        floats(Call::FloatToInt(f), Kind::Int)
                    }
                    Column::FloatToBool(f) if count == 1 && are_floats => {
                        floats(Call::FloatToInt(f), Kind::Bool)
                    }
                    Column::FloatPair(f) if count == 2 && are_floats => {
                        floats(Call::FloatPair(f), Kind::Float)
                    }
                    Column::FloatFold(f) if count >= 2 && are_floats => {
                        floats(Call::FloatPair(f), Kind::Float)
                    }
                    _ => None,
                }
            })
        }
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
