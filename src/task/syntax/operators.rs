//! The operators that stand between two operands.

use super::token::Kind;
use crate::task::arithmetic::Comparison;
use crate::task::tree::Binary;

/// How tightly operators bind; the loosest are the conditional and the lambda that there is not.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Comparison,
    BitOr,
    BitXor,
    BitAnd,
    Shift,
    Sum,
    Product,
    Unary,
}

pub(super) enum Infix {
    Or,
    And,
    Compare(Comparison),
    Binary(Binary),
}

/// The operator that a token is, and how tightly it binds.
pub(super) fn infix(token: &Kind<'_>) -> Option<(Level, Infix)> {
    Some(match token {
        Kind::Word("or") => (Level::Or, Infix::Or),
        Kind::Word("and") => (Level::And, Infix::And),
        Kind::Sign(sign) => {
            if let Some(comparison) = comparison(sign) {
                return Some((Level::Comparison, Infix::Compare(comparison)));
            }
            let (level, operator) = match *sign {
                "|" => (Level::BitOr, Binary::BitOr),
                "^" => (Level::BitXor, Binary::BitXor),
                "&" => (Level::BitAnd, Binary::BitAnd),
                "<<" => (Level::Shift, Binary::ShiftLeft),
                ">>" => (Level::Shift, Binary::ShiftRight),
                "+" => (Level::Sum, Binary::Add),
                "-" => (Level::Sum, Binary::Subtract),
                "*" => (Level::Product, Binary::Multiply),
                "/" => (Level::Product, Binary::Divide),
                "//" => (Level::Product, Binary::FloorDivide),
                "%" => (Level::Product, Binary::Remainder),
                _ => return None,
            };
            (level, Infix::Binary(operator))
        }
        _ => return None,
    })
}

fn comparison(sign: &str) -> Option<Comparison> {
    Some(match sign {
        "<" => Comparison::Less,
        "<=" => Comparison::LessEqual,
        ">" => Comparison::Greater,
        ">=" => Comparison::GreaterEqual,
        "==" => Comparison::Equal,
        "!=" => Comparison::NotEqual,
        _ => return None,
    })
}

/// What the right operand of an operator that groups to the left consists of.
pub(super) fn tighter(level: Level) -> Level {
    match level {
        Level::Or => Level::And,
        Level::And => Level::Not,
        Level::Not => Level::Comparison,
        Level::Comparison => Level::BitOr,
        Level::BitOr => Level::BitXor,
        Level::BitXor => Level::BitAnd,
        Level::BitAnd => Level::Shift,
        Level::Shift => Level::Sum,
        Level::Sum => Level::Product,
        Level::Product | Level::Unary => Level::Unary,
    }
}
