//! Numbers as Python writes them.

use num_bigint::BigInt;
use winnow::Parser as _;
use winnow::combinator::{alt, opt, preceded, repeat};
use winnow::token::one_of;

use crate::task::error::TaskErrorKind;
use crate::value::{Number, parse};

type Result<T> = winnow::Result<T, winnow::error::EmptyError>;

/// The number that `text` begins with, and how many bytes it has; `None` if it begins with none.
///
/// # Errors
/// A number that Python would not take, or that runs into letters: `0777`, `1__0`, `2n`.
pub(super) fn number(text: &str) -> std::result::Result<Option<(Number, usize)>, TaskErrorKind> {
    let digits = text.strip_prefix('.').unwrap_or(text);
    if !digits.starts_with(|first: char| first.is_ascii_digit()) {
        return Ok(None);
    }
    let mut rest = text;
    let mut read = alt((radix, float.map(Literal::Float), decimal.map(Literal::Decimal)));
    let literal = read.parse_next(&mut rest);
    let ended = !rest.starts_with(|next: char| next.is_alphanumeric() || matches!(next, '_' | '.'));
    match literal {
        Ok(literal) if ended => Ok(Some((literal.value()?, text.len() - rest.len()))),
        _ => Err(malformed(text)),
    }
}

enum Literal<'a> {
    /// Digits in a base other than ten.
    Digits {
        base: u32,
        digits: &'a str,
    },
    Float(&'a str),
    Decimal(&'a str),
}

impl Literal<'_> {
    fn value(self) -> std::result::Result<Number, TaskErrorKind> {
        match self {
            Self::Digits { base, digits } => {
                let digits = digits.replace('_', "");
                if digits.len() > parse::MAX_DIGITS {
                    return Err(TaskErrorKind::NumberTooLong);
                }
                let value = BigInt::parse_bytes(digits.as_bytes(), base);
                Ok(Number::from(value.expect("digits of that base")))
            }
            Self::Float(text) => {
                let text = text.replace('_', "");
                Ok(Number::Float(text.parse().expect("a float of the standard library's, too")))
            }
            Self::Decimal(text) => {
                let digits = text.replace('_', "");
                let significant = digits.trim_start_matches('0');
                if significant.len() < digits.len() && !significant.is_empty() {
                    return Err(TaskErrorKind::LeadingZero(significant.to_owned()));
                }
                parse::number(digits.as_bytes()).map_err(|_| TaskErrorKind::NumberTooLong)
            }
        }
    }
}

/// Digits of one kind, with single underscores between them.
fn digits<'a>(is_digit: fn(char) -> bool) -> impl FnMut(&mut &'a str) -> Result<&'a str> {
    move |input| {
        let more = repeat::<_, _, (), _, _>(0.., (opt('_'), one_of(is_digit)));
        (one_of(is_digit), more).take().parse_next(input)
    }
}

fn decimal<'a>(input: &mut &'a str) -> Result<&'a str> {
    digits(|c| c.is_ascii_digit()).parse_next(input)
}

/// `0xff`, `0o17`, `0b1`; an underscore may follow the letter.
fn radix<'a>(input: &mut &'a str) -> Result<Literal<'a>> {
    fn of<'a>(
        base: u32,
        letters: [char; 2],
        is_digit: fn(char) -> bool,
    ) -> impl FnMut(&mut &'a str) -> Result<Literal<'a>> {
        move |input| {
            preceded(('0', one_of(letters), opt('_')), digits(is_digit))
                .map(|digits| Literal::Digits { base, digits })
                .parse_next(input)
        }
    }
    alt((
        of(16, ['x', 'X'], |c| c.is_ascii_hexdigit()),
        of(8, ['o', 'O'], |c| c.is_digit(8)),
        of(2, ['b', 'B'], |c| c.is_digit(2)),
    ))
    .parse_next(input)
}

/// A number with a point, an exponent, or both.
fn float<'a>(input: &mut &'a str) -> Result<&'a str> {
    fn exponent<'a>(input: &mut &'a str) -> Result<&'a str> {
        (one_of(['e', 'E']), opt(one_of(['+', '-'])), decimal).take().parse_next(input)
    }
    alt((
        (opt(decimal), '.', decimal, opt(exponent)).take(),
        (decimal, '.', opt(exponent)).take(),
        (decimal, exponent).take(),
    ))
    .parse_next(input)
}

/// What is wrong with a number: shown in one piece, as far as letters, digits and points go.
fn malformed(text: &str) -> TaskErrorKind {
    let length = text.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
    let text = &text[..length.unwrap_or(text.len())];
    if text.ends_with(['j', 'J']) && text.trim_end_matches(['j', 'J']).parse::<f64>().is_ok() {
        return TaskErrorKind::Imaginary(text.to_owned());
    }
    TaskErrorKind::MalformedNumber(text.to_owned())
}
