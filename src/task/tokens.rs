//! A task's text cut into words, numbers and signs, each with its place.

use std::fmt;

use super::error::{TaskError, TaskErrorKind};
use crate::value::{NotANumber, Number, parse};

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
    /// A name or a keyword.
    Word(&'a str),
    Plus,
    Minus,
    Star,
    StarStar,
    Percent,
    Equals,
    Open,
    Close,
    /// What follows the last piece.
    End,
}

/// How a token is named in a message.
impl fmt::Display for Kind<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self {
            Self::Number(_) => return f.write_str("a number"),
            Self::End => return f.write_str("the end"),
            Self::Word(word) => return write!(f, "`{word}`"),
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Star => "*",
            Self::StarStar => "**",
            Self::Percent => "%",
            Self::Equals => "==",
            Self::Open => "(",
            Self::Close => ")",
        };
        write!(f, "`{sign}`")
    }
}

/// The tokens of `text`, the last of which is [`Kind::End`] and nothing before it is.
///
/// # Errors
/// A character that belongs to no token, or a number that Python would not take.
pub(super) fn tokens(text: &str) -> Result<Vec<Token<'_>>, TaskError> {
    const SIGNS: [(&str, Kind<'_>); 8] = [
        // The longer sign first.
        ("**", Kind::StarStar),
        ("*", Kind::Star),
        ("+", Kind::Plus),
        ("-", Kind::Minus),
        ("%", Kind::Percent),
        ("==", Kind::Equals),
        ("(", Kind::Open),
        (")", Kind::Close),
    ];
    let mut tokens = Vec::new();
    let mut position = 0;
    while let Some(first) = text[position..].chars().next() {
        let rest = &text[position..];
        let (kind, length) = if first.is_ascii_whitespace() {
            position += 1;
            continue;
        } else if starts_number(rest) {
            let length = number_length(rest);
            let number = number(&rest[..length]).map_err(|kind| TaskError::new(position, kind))?;
            (Kind::Number(number), length)
        } else if is_word_character(first) {
            let length = rest.find(|c| !is_word_character(c)).unwrap_or(rest.len());
            (Kind::Word(&rest[..length]), length)
        } else if let Some((sign, kind)) = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign)) {
            (kind.clone(), sign.len())
        } else {
            return Err(TaskError::new(position, TaskErrorKind::UnknownCharacter(first)));
        };
        tokens.push(Token { position, kind });
        position += length;
    }
    tokens.push(Token { position: text.len(), kind: Kind::End });
    Ok(tokens)
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn starts_number(text: &str) -> bool {
    let text = text.strip_prefix('.').unwrap_or(text);
    text.starts_with(|c: char| c.is_ascii_digit())
}

/// How far a number reaches that `text` starts with: all letters, digits and points, and a sign between an `e` and a
/// digit. What reaches too far, as in `1_000` or `2n`, is then refused in one piece.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let is_exponent_sign = |at: usize| {
        matches!(bytes[at], b'+' | b'-')
            && matches!(bytes[at - 1], b'e' | b'E')
            && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
            && bytes[..at - 1].iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
    };
    text.char_indices()
        .find(|&(at, c)| !(is_word_character(c) || c == '.' || at > 0 && is_exponent_sign(at)))
        .map_or(text.len(), |(at, _)| at)
}

fn number(text: &str) -> Result<Number, TaskErrorKind> {
    let number = match parse::number(text.as_bytes()) {
        Ok(number) => number,
        Err(NotANumber::TooManyDigits) => return Err(TaskErrorKind::NumberTooLong),
        Err(_) => return Err(TaskErrorKind::MalformedNumber(text.to_owned())),
    };
    let significant = text.trim_start_matches('0');
    let is_zero = significant.is_empty();
    if !matches!(number, Number::Float(_)) && !is_zero && significant.len() < text.len() {
        return Err(TaskErrorKind::LeadingZero(significant.to_owned()));
    }
    Ok(number)
}
