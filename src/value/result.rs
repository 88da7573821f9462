//! What a task gives: a number, or several in a tuple or a list.

use std::fmt;

use super::{Number, format};

/// A result, printed as Python prints it.
///
/// ```
/// use pmap::value::{Number, Value};
/// let pair = Value::Tuple(vec![Number::Int(3), Number::Float(0.5)]);
/// assert_eq!(pair.to_string(), "(3, 0.5)");
/// assert_eq!(Value::List(vec![]).to_string(), "[]");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One number.
    Number(Number),
    /// Two numbers or more, as `divmod` gives them.
    Tuple(Vec<Number>),
    /// Any number of numbers, as `factor` gives them.
    List(Vec<Number>),
}

impl Value {
    /// Whether it counts as true in Python: numbers but zeros do, and tuples and lists with something in them.
    ///
    /// ```
    /// use pmap::value::{Number, Value};
    /// assert!(Value::Number(Number::Float(f64::NAN)).is_true());
    /// assert!(!Value::List(vec![]).is_true());
    /// ```
    #[must_use]
    pub fn is_true(&self) -> bool {
        match self {
            Self::Number(number) => number.is_true(),
            Self::Tuple(numbers) | Self::List(numbers) => !numbers.is_empty(),
        }
    }

    /// Appends what Python's `repr` gives.
    pub fn format(&self, out: &mut Vec<u8>) {
        match self {
            Self::Number(number) => format::number(number, out),
            Self::Tuple(numbers) => several(numbers, *b"()", out),
            Self::List(numbers) => several(numbers, *b"[]", out),
        }
    }
}

/// Appends numbers with commas between them, in these brackets.
fn several(numbers: &[Number], [opening, closing]: [u8; 2], out: &mut Vec<u8>) {
    out.push(opening);
    for (at, number) in numbers.iter().enumerate() {
        if at > 0 {
            out.extend_from_slice(b", ");
        }
        format::number(number, out);
    }
    out.push(closing);
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        self.format(&mut text);
        // Only ASCII is ever appended, so nothing is replaced.
        f.pad(&String::from_utf8_lossy(&text))
    }
}
