//! A task's text cut into words, numbers and signs, each with its place.

use std::fmt;

use super::literal;
use crate::task::error::{TaskError, TaskErrorKind};
use crate::value::Number;

/// A piece of text and the byte it starts at.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) position: usize,
    pub(super) kind: Kind<'a>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind<'a> {
    /// Not negative: a sign is a token of its own.
    Number(Number),
    /// A name or a keyword; of `math.sqrt`, all of it.
    Word(&'a str),
    /// An operator, a parenthesis or a comma.
    Sign(&'static str),
    /// What follows the last piece.
    End,
}

/// How a token is named in a message.
impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(_) => f.write_str("a number"),
            Self::Word(word) => write!(f, "`{word}`"),
            Self::Sign(sign) => write!(f, "`{sign}`"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Longer ones before those that they begin with.
const SIGNS: [&str; 22] = [
    "**", "*", "//", "/", "<<", "<=", "<", ">>", ">=", ">", "==", "!=", "+", "-", "%", "&", "|",
    "^", "~", "(", ")", ",",
];

/// What people write who think of another language, or of more of Python than there is.
const STRANGERS: [(&str, &str); 13] = [
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("<>", "write `!=`"),
    ("!", "write `not`, or `!=` for unequal"),
    (":=", "tasks have no variables of their own"),
    ("=", "to compare, write `==`"),
    ("'", "tasks are about numbers, not text"),
    ("\"", "tasks are about numbers, not text"),
    ("[", "there are no lists; group with parentheses"),
    ("{", "there are no sets or dictionaries; group with parentheses"),
    ("?", "write `a if condition else b`"),
    (":", "write `a if condition else b`"),
    (";", "a task is one expression"),
];

/// The tokens of `text`, the last of which is [`Kind::End`] and nothing before it is.
///
/// # Errors
/// A character that belongs to no token, or a number that Python would not take.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, TaskError> {
    let mut tokens = Vec::new();
    let mut position = 0;
    while let Some(first) = text[position..].chars().next() {
        let rest = &text[position..];
        if first.is_ascii_whitespace() || first == '\x0b' {
            position += 1;
            continue;
        }
        let fault = |kind| TaskError::new(position, kind);
        let (kind, length) = if let Some((number, length)) = literal::number(rest).map_err(fault)? {
            (Kind::Number(number), length)
        } else if let length @ 1.. = word_length(rest) {
            (Kind::Word(&rest[..length]), length)
        } else {
            let sign = sign(rest).map_err(fault)?;
            (Kind::Sign(sign), sign.len())
        };
        tokens.push(Token { position, kind });
        position += length;
    }
    tokens.push(Token { position: text.len(), kind: Kind::End });
    Ok(tokens)
}

fn sign(text: &str) -> Result<&'static str, TaskErrorKind> {
    for (stranger, hint) in STRANGERS {
        if text.starts_with(stranger) && !text.starts_with("==") && !text.starts_with("!=") {
            return Err(TaskErrorKind::NotUnderstood { what: stranger.to_owned(), hint });
        }
    }
    match SIGNS.iter().find(|sign| text.starts_with(**sign)) {
        None => Err(TaskErrorKind::NotUnderstood {
            what: text.chars().take(1).collect(),
            hint: "a task is an expression in n such as n**2 + 1",
        }),
        Some(sign) => Ok(sign),
    }
}

/// How far a name reaches, a point and another name included; 0 if `text` begins with none.
fn word_length(text: &str) -> usize {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let end = |text: &str| text.find(|c| !is_part(c)).unwrap_or(text.len());
    let first = end(text);
    match text[first..].strip_prefix('.') {
        Some(rest) if first > 0 && rest.starts_with(|c: char| c.is_alphabetic() || c == '_') => {
            first + 1 + end(rest)
        }
        _ => first,
    }
}
