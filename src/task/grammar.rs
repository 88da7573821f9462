//! From a task's text to its tree.
//!
//! ```text
//! task      = sum [ "if" condition "else" sum ]
//! condition = n [ "%" whole ] "==" whole              whole = [ "+" | "-" ] integer
//! sum       = term { ( "+" | "-" ) term }
//! term      = [ "+" | "-" ] { integer "*" } atom
//! atom      = integer | float | n [ "**" integer ] | kernel [ "(" n ")" ]
//!           | "sleep" "(" seconds ")" | "exit" "(" status ")" | ( "abort" | "hang" | "panic" | "segv" ) "(" ")"
//! n         = "n" | "x"
//! ```
//!
//! Precedence is Python's, of which this is a part: whatever is accepted here means the same there.

use std::time::Duration;

use num_bigint::BigInt;

use super::effects::{Effect, SLEEP_MAX_SECONDS};
use super::error::{TaskError, TaskErrorKind};
use super::kernels;
use super::tokens::{Kind, Token, tokens};
use super::tree::{Atom, Condition, Join, Scale, Sum, Term, Tree};
use crate::value::Number;

/// The largest exponent of `n**K`.
const MAX_EXPONENT: u32 = 1000;

/// The tree of `text`.
pub(super) fn parse(text: &str) -> Result<Tree, TaskError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens: &tokens };
    if parser.peek() == &Kind::End {
        return Err(parser.error(TaskErrorKind::Empty));
    }
    let tree = parser.task()?;
    match parser.peek() {
        Kind::End => Ok(tree),
        Kind::Star => Err(parser.error(TaskErrorKind::FactorAfterTerm)),
        Kind::StarStar => Err(parser.error(TaskErrorKind::PowerOfOther)),
        _ => Err(parser.expected("`+`, `-`, `if` or the end")),
    }
}

/// The names that a task may use, as a message lists them.
fn known_names() -> String {
    let kernels = kernels::kernels().map(|kernel| kernel.name);
    let calls = ["sleep(S)", "exit(C)", "abort()", "hang()", "panic()", "segv()"];
    ["n", "x"].into_iter().chain(kernels).chain(calls).collect::<Vec<_>>().join(", ")
}

/// The tokens that are left, of which there is always one: the end is never taken.
struct Parser<'a> {
    tokens: &'a [Token<'a>],
}

impl<'a> Parser<'a> {
    fn peek(&self) -> &'a Kind<'a> {
        &self.tokens[0].kind
    }

    fn advance(&mut self) {
        if self.tokens.len() > 1 {
            self.tokens = &self.tokens[1..];
        }
    }

    fn take(&mut self, kind: &Kind<'_>) -> bool {
        let found = self.peek() == kind;
        if found {
            self.advance();
        }
        found
    }

    fn error(&self, kind: TaskErrorKind) -> TaskError {
        TaskError::new(self.tokens[0].position, kind)
    }

    fn expected(&self, expected: &'static str) -> TaskError {
        self.error(TaskErrorKind::Expected { expected, found: self.peek().to_string() })
    }

    fn task(&mut self) -> Result<Tree, TaskError> {
        let then = self.sum()?;
        if !self.take(&Kind::Word("if")) {
            return Ok(Tree::Sum(then));
        }
        let condition = self.condition()?;
        if !self.take(&Kind::Word("else")) {
            return Err(self.expected("`else` and the sum for all other items"));
        }
        let otherwise = self.sum()?;
        Ok(Tree::Choice { condition, then, otherwise })
    }

    fn condition(&mut self) -> Result<Condition, TaskError> {
        if !self.take_input() {
            return Err(self.error(TaskErrorKind::Condition));
        }
        let mut modulus = None;
        if self.take(&Kind::Percent) {
            let position = self.tokens[0].position;
            let divisor = self.whole_number()?;
            if divisor == Number::Int(0) {
                return Err(TaskError::new(position, TaskErrorKind::ModulusZero));
            }
            modulus = Some(divisor);
        }
        if !self.take(&Kind::Equals) {
            return Err(self.error(TaskErrorKind::Condition));
        }
        let value = self.whole_number()?;
        Ok(Condition { modulus, value })
    }

    fn whole_number(&mut self) -> Result<Number, TaskError> {
        let sign = self.sign();
        let magnitude = self.integer().ok_or_else(|| self.error(TaskErrorKind::Condition))?;
        Ok(Number::from(if sign == Some(Join::Minus) { -magnitude } else { magnitude }))
    }

    fn sum(&mut self) -> Result<Sum, TaskError> {
        let first = self.term()?;
        let mut rest = Vec::new();
        while let Some(join) = self.sign() {
            rest.push((join, self.term()?));
        }
        Ok(Sum { first, rest })
    }

    fn sign(&mut self) -> Option<Join> {
        let sign = match self.peek() {
            Kind::Plus => Join::Plus,
            Kind::Minus => Join::Minus,
            _ => return None,
        };
        self.advance();
        Some(sign)
    }

    fn term(&mut self) -> Result<Term, TaskError> {
        let sign = self.sign();
        let mut factor: Option<BigInt> = None;
        while matches!(self.tokens, [_, star, ..] if star.kind == Kind::Star) {
            let Some(next) = self.integer() else {
                self.advance();
                return Err(self.error(TaskErrorKind::FactorAfterTerm));
            };
            self.advance();
            factor = Some(factor.map_or(next.clone(), |product| product * next));
        }
        let scale = match (sign, factor) {
            (None, None) => Scale::Bare,
            (Some(Join::Plus), None) => Scale::Plus,
            (Some(Join::Minus), None) => Scale::Minus,
            (Some(Join::Minus), Some(factor)) => Scale::Times(-factor),
            (_, Some(factor)) => Scale::Times(factor),
        };
        Ok(Term { scale, atom: self.atom()? })
    }

    fn atom(&mut self) -> Result<Atom, TaskError> {
        match self.peek() {
            Kind::Number(number) => {
                self.advance();
                Ok(Atom::Literal(number.clone()))
            }
            Kind::Word("if" | "else") => Err(self.expected("a term such as n, 3*n**2 or 7")),
            Kind::Word("n" | "x") => {
                self.advance();
                if self.take(&Kind::StarStar) { self.exponent() } else { Ok(Atom::Input) }
            }
            Kind::Word(name) => self.named(name),
            _ => Err(self.expected("a term such as n, 3*n**2 or 7")),
        }
    }

    fn exponent(&mut self) -> Result<Atom, TaskError> {
        let at = self.tokens;
        let exponent = self.integer().and_then(|exponent| u32::try_from(exponent).ok());
        match exponent {
            // `2**3**2` is 2**9 in Python; a tower has no place here.
            Some(exponent) if exponent <= MAX_EXPONENT && self.peek() != &Kind::StarStar => {
                Ok(Atom::Power(exponent))
            }
            _ => Err(TaskError::new(at[0].position, TaskErrorKind::Exponent)),
        }
    }

    fn named(&mut self, name: &'a str) -> Result<Atom, TaskError> {
        if let Some(kernel) = kernels::find(name) {
            self.advance();
            if self.take(&Kind::Open) && !(self.take_input() && self.take(&Kind::Close)) {
                return Err(self.error(TaskErrorKind::KernelArgument { name: kernel.name }));
            }
            return Ok(Atom::Kernel(kernel));
        }
        let effect = match name {
            "sleep" => self.call("sleep", "sleep(0.5)", Self::seconds)?,
            "exit" => self.call("exit", "exit(3)", Self::status)?,
            "abort" => self.call("abort", "abort()", |_| Ok(Effect::Abort))?,
            "hang" => self.call("hang", "hang()", |_| Ok(Effect::Hang))?,
            "panic" => self.call("panic", "panic()", |_| Ok(Effect::Panic))?,
            "segv" => self.call("segv", "segv()", |_| Ok(Effect::Segv))?,
            _ => {
                let (name, known) = (name.to_owned(), known_names());
                return Err(self.error(TaskErrorKind::UnknownName { name, known }));
            }
        };
        Ok(Atom::Effect(effect))
    }

    /// Reads `name(argument)`; `call` is how to write it.
    fn call(
        &mut self,
        name: &'static str,
        call: &'static str,
        argument: impl FnOnce(&mut Self) -> Result<Effect, TaskError>,
    ) -> Result<Effect, TaskError> {
        let not_called = self.error(TaskErrorKind::NotCalled { name, call });
        self.advance();
        if !self.take(&Kind::Open) {
            return Err(not_called);
        }
        let effect = argument(self)?;
        if self.take(&Kind::Close) {
            return Ok(effect);
        }
        Err(match effect {
            Effect::Sleep(_) | Effect::Exit(_) => self.expected("`)`"),
            _ => self.error(TaskErrorKind::NeedsNoArgument { name }),
        })
    }

    fn seconds(&mut self) -> Result<Effect, TaskError> {
        let seconds = match self.peek() {
            Kind::Number(Number::Int(whole)) => *whole as f64,
            Kind::Number(Number::Float(seconds)) => *seconds,
            _ => f64::NAN,
        };
        if !(0.0..=SLEEP_MAX_SECONDS).contains(&seconds) {
            return Err(self.error(TaskErrorKind::SleepSeconds));
        }
        self.advance();
        Ok(Effect::Sleep(Duration::from_secs_f64(seconds)))
    }

    fn status(&mut self) -> Result<Effect, TaskError> {
        let Kind::Number(Number::Int(status @ 0..=255)) = self.peek() else {
            return Err(self.error(TaskErrorKind::ExitStatus));
        };
        self.advance();
        Ok(Effect::Exit(*status as u8))
    }

    fn take_input(&mut self) -> bool {
        self.take(&Kind::Word("n")) || self.take(&Kind::Word("x"))
    }

    fn integer(&mut self) -> Option<BigInt> {
        let integer = match self.peek() {
            Kind::Number(Number::Int(small)) => BigInt::from(*small),
            Kind::Number(Number::Big(big)) => big.clone(),
            _ => return None,
        };
        self.advance();
        Some(integer)
    }
}

#[cfg(test)]
mod tests;
