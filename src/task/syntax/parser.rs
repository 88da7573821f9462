//! The grammar: precedence climbing over tokens.
//!
//! ```text
//! expression = disjunction ["if" disjunction "else" expression]
//! disjunction, conjunction, "not", comparisons, "|", "^", "&", shifts, sums, products: as in Python
//! unary = ("-" | "+" | "~") unary | power
//! power = operand ["**" unary]
//! operand = number | name | name "(" [expression {"," expression} [","]] ")" | "(" expression ")"
//! ```
//!
//! Operators that group to the left are read in a loop. The operands of an operator recur at most once for each level of
//! precedence; whatever else recurs counts its depth.

use super::callee::Callee;
use super::names::{Meaning, meaning};
use super::operators::{self, Infix, Level, tighter};
use super::token::{Kind, Token, tokens};
use crate::plugin::Signature;
use crate::task::MAX_DEPTH;
use crate::task::error::{TaskError, TaskErrorKind};
use crate::task::functions::Function;
use crate::task::tree::{Binary, Id, Node, Tree, Unary};

/// What the text means, where these functions of plugins are known beside ours.
///
/// # Errors
/// Where and why it is no task.
pub(in crate::task) fn parse(text: &str, plugins: &[Signature]) -> Result<Tree, TaskError> {
    let tokens = tokens(text)?;
    if tokens.len() == 1 {
        return Err(TaskError::new(text.len(), TaskErrorKind::Empty));
    }
    let tree = Tree::default();
    let mut parser = Parser { tokens: &tokens, at: 0, depth: 0, tree, plugins, several: vec![] };
    let root = parser.expression()?;
    if *parser.next() != Kind::End {
        return Err(parser.expected("an operator or the end"));
    }
    parser.check_several(root)?;
    Ok(parser.tree)
}

struct Parser<'a> {
    tokens: &'a [Token<'a>],
    /// The next token; the last one is never passed.
    at: usize,
    depth: u32,
    tree: Tree,
    plugins: &'a [Signature],
    /// Calls of functions that give tuples and lists, and where they are written.
    several: Vec<(Id, usize, &'static Function)>,
}

impl<'a> Parser<'a> {
    fn next(&self) -> &'a Kind<'a> {
        &self.tokens[self.at].kind
    }

    fn position(&self) -> usize {
        self.tokens[self.at].position
    }

    fn expected(&self, expected: &'static str) -> TaskError {
        self.fault(TaskErrorKind::Expected { expected, found: self.next().to_string() })
    }

    fn fault(&self, kind: TaskErrorKind) -> TaskError {
        TaskError::new(self.position(), kind)
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.next(), Kind::Sign(next) if *next == sign);
        self.at += usize::from(found);
        found
    }

    fn take_word(&mut self, word: &str) -> bool {
        let found = matches!(self.next(), Kind::Word(next) if *next == word);
        self.at += usize::from(found);
        found
    }

    /// Runs `parse` one level deeper.
    fn deeper(
        &mut self,
        parse: impl FnOnce(&mut Self) -> Result<Id, TaskError>,
    ) -> Result<Id, TaskError> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(TaskErrorKind::TooDeep));
        }
        self.depth += 1;
        let result = parse(self);
        self.depth -= 1;
        result
    }

    fn expression(&mut self) -> Result<Id, TaskError> {
        let then = self.level(Level::Or)?;
        if !self.take_word("if") {
            return Ok(then);
        }
        let condition = self.level(Level::Or)?;
        if !self.take_word("else") {
            return Err(self.expected("`else` and what it is otherwise"));
        }
        let otherwise = self.deeper(Self::expression)?;
        Ok(self.tree.push(Node::Choice { condition, then, otherwise }))
    }

    /// Operators that bind at least as tightly as `least`.
    fn level(&mut self, least: Level) -> Result<Id, TaskError> {
        let mut left = self.first_operand(least)?;
        while let Some((level, infix)) = self.infix() {
            if level < least {
                break;
            }
            left = self.joined(left, level, infix)?;
        }
        Ok(left)
    }

    /// `not` and what it negates, or an operand of an infix operator.
    fn first_operand(&mut self, least: Level) -> Result<Id, TaskError> {
        if *self.next() != Kind::Word("not") {
            return self.unary();
        }
        if least > Level::Not {
            return Err(self.expected("parentheses around `not`"));
        }
        self.at += 1;
        let operand = self.deeper(|parser| parser.level(Level::Not))?;
        Ok(self.tree.push(Node::Unary(Unary::Not, operand)))
    }

    /// `left` with the operator that comes next and its right operand.
    fn joined(&mut self, left: Id, level: Level, infix: Infix) -> Result<Id, TaskError> {
        if let Infix::Compare(_) = infix {
            return self.comparisons(left);
        }
        self.at += 1;
        let right = self.level(tighter(level))?;
        Ok(self.tree.push(match infix {
            Infix::Or => Node::Or(left, right),
            Infix::And => Node::And(left, right),
            Infix::Binary(operator) => Node::Binary(operator, left, right),
            Infix::Compare(_) => unreachable!("comparisons are read above"),
        }))
    }

    /// The operator that comes next, if one does.
    fn infix(&self) -> Option<(Level, Infix)> {
        operators::infix(self.next())
    }

    /// A chain of comparisons, of which the first operand has been read.
    fn comparisons(&mut self, first: Id) -> Result<Id, TaskError> {
        let mut rest = Vec::new();
        while let Some((_, Infix::Compare(comparison))) = self.infix() {
            self.at += 1;
            rest.push((comparison, self.level(Level::BitOr)?));
        }
        Ok(self.tree.push(Node::Compare(first, rest.into())))
    }

    fn unary(&mut self) -> Result<Id, TaskError> {
        let operator = match self.next() {
            Kind::Sign("-") => Unary::Minus,
            Kind::Sign("+") => Unary::Plus,
            Kind::Sign("~") => Unary::Invert,
            _ => return self.power(),
        };
        self.at += 1;
        let operand = self.deeper(Self::unary)?;
        Ok(self.tree.push(Node::Unary(operator, operand)))
    }

    fn power(&mut self) -> Result<Id, TaskError> {
        let base = self.operand()?;
        if !self.take_sign("**") {
            return Ok(base);
        }
        let exponent = self.deeper(Self::unary)?;
        Ok(self.tree.push(Node::Binary(Binary::Power, base, exponent)))
    }

    fn operand(&mut self) -> Result<Id, TaskError> {
        const OPERAND: &str = "a number, n, a function or `(`";
        match self.next() {
            Kind::Number(number) => {
                self.at += 1;
                Ok(self.tree.push(Node::Constant(number.clone())))
            }
            Kind::Word("if" | "else" | "and" | "or") => Err(self.expected(OPERAND)),
            Kind::Word("not") => Err(self.expected("parentheses around `not`")),
            Kind::Word(word) => self.name(word),
            Kind::Sign("(") => {
                self.at += 1;
                let inner = self.deeper(Self::expression)?;
                if !self.take_sign(")") {
                    return Err(self.expected("an operator or `)`"));
                }
                Ok(inner)
            }
            _ => Err(self.expected(OPERAND)),
        }
    }

    fn name(&mut self, word: &str) -> Result<Id, TaskError> {
        let position = self.position();
        let meaning = meaning(word, self.plugins).map_err(|kind| self.fault(kind))?;
        self.at += 1;
        let is_called = *self.next() == Kind::Sign("(");
        match meaning {
            Meaning::Number(name, _) if is_called => {
                Err(self.fault(TaskErrorKind::NoFunction { name }))
            }
            Meaning::Number(_, node) => Ok(self.tree.push(node)),
            Meaning::Function(callee) => {
                let arguments = if is_called {
                    self.at += 1;
                    self.arguments()?
                } else if callee.stands_for_call() {
                    vec![self.tree.push(Node::Item)]
                } else {
                    let signature = callee.signature();
                    let kind = TaskErrorKind::NotCalled { name: callee.name(), signature };
                    return Err(TaskError::new(position, kind));
                };
                if !callee.takes(arguments.len()) {
                    let kind = TaskErrorKind::Arguments {
                        name: callee.name(),
                        takes: callee.arity(),
                        got: arguments.len(),
                        signature: callee.signature(),
                    };
                    return Err(TaskError::new(position, kind));
                }
                Ok(self.call(callee, arguments, position))
            }
        }
    }

    fn call(&mut self, callee: Callee<'a>, arguments: Vec<Id>, position: usize) -> Id {
        let function = match callee {
            Callee::Own(function) => function,
            Callee::Foreign(signature) => {
                let which = self.tree.call_foreign(signature);
                return self.tree.push(Node::CallForeign(which, arguments.into()));
            }
        };
        let call = self.tree.push(match *arguments {
            // Which blocks know.
            [base, exponent] if function.name == "pow" => {
                Node::Binary(Binary::Power, base, exponent)
            }
            _ => Node::Call(function, arguments.into()),
        });
        if function.gives_several().is_some() {
            self.several.push((call, position, function));
        }
        call
    }

    /// The arguments of a call and its closing parenthesis.
    fn arguments(&mut self) -> Result<Vec<Id>, TaskError> {
        let mut arguments = Vec::new();
        while !self.take_sign(")") {
            arguments.push(self.deeper(Self::expression)?);
            if !self.take_sign(",") && *self.next() != Kind::Sign(")") {
                return Err(self.expected("an operator, `,` or `)`"));
            }
        }
        Ok(arguments)
    }

    /// A tuple or a list can be a task's result, and nothing is done with one.
    fn check_several(&self, root: Id) -> Result<(), TaskError> {
        if self.several.is_empty() {
            return Ok(());
        }
        let mut results = vec![root];
        let mut at = 0;
        while let Some(&id) = results.get(at) {
            at += 1;
            match self.tree.node(id) {
                Node::Choice { then, otherwise, .. } => results.extend([*then, *otherwise]),
                Node::And(_, right) | Node::Or(_, right) => results.push(*right),
                _ => {}
            }
        }
        results.sort_unstable();
        match self.several.iter().find(|(id, ..)| results.binary_search(id).is_err()) {
            Some((_, position, function)) => {
                let what = function.gives_several().unwrap_or_default();
                let kind = TaskErrorKind::SeveralInside { name: function.name, what };
                Err(TaskError::new(*position, kind))
            }
            None => Ok(()),
        }
    }
}
