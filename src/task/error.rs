//! What can be wrong with a task, and with an item that is given to one.

use std::borrow::Cow;

use thiserror::Error;

use super::{MAX_DEPTH, MAX_RESULT_DIGITS};

/// Why a text is not a task. Its message says what is wrong and what to write instead; [`position`](Self::position)
/// says where, so that a caret can be put below.
///
/// ```
/// use pmap::task::TaskSpec;
/// let error = "1 + sqr(n)".parse::<TaskSpec>().unwrap_err();
/// assert_eq!(error.position(), 4);
/// assert_eq!(error.to_string(), "unknown name `sqr`; did you mean `sqrt`?");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct TaskError {
    position: usize,
    /// Boxed, since it is on the stack many times over in a parser that recurs.
    kind: Box<TaskErrorKind>,
}

impl TaskError {
    pub(super) fn new(position: usize, kind: TaskErrorKind) -> Self {
        Self { position, kind: kind.into() }
    }

    /// The byte of the text at which it stops being a task; the length of the text where something is missing at its
    /// end. Always on a character's boundary.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Whether the text uses a name that is not known, rather than being put together wrongly.
    pub fn is_unknown_name(&self) -> bool {
        matches!(*self.kind, TaskErrorKind::UnknownName { .. })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum TaskErrorKind {
    #[error("the task is empty; write an expression in n such as n**2 + 1")]
    Empty,
    #[error("unknown name `{name}`; {hint}")]
    UnknownName { name: String, hint: String },
    #[error("`{what}` is not understood; {hint}")]
    NotUnderstood { what: String, hint: &'static str },
    #[error("`{0}` is not a number; write it as in 12, 1_000, 1.5, 1e3, 0xff or 0b101")]
    MalformedNumber(String),
    #[error("`{0}` is imaginary; tasks are about real numbers")]
    Imaginary(String),
    #[error("a whole number does not start with a zero; write `{0}`, or 0o for octal digits")]
    LeadingZero(String),
    #[error("a whole number of a task may have at most {} digits", crate::value::parse::MAX_DIGITS)]
    NumberTooLong,
    #[error("expected {expected}, found {found}")]
    Expected { expected: &'static str, found: String },
    #[error("nested more than {MAX_DEPTH} deep")]
    TooDeep,
    #[error("`{name}` takes {takes}, and got {got}; write {signature}")]
    Arguments { name: String, takes: String, got: usize, signature: String },
    #[error("`{name}` must be called; write {signature}")]
    NotCalled { name: String, signature: String },
    #[error("`{name}` is a number and can't be called; to multiply, write {name}*(...)")]
    NoFunction { name: &'static str },
    #[error(
        "`{name}` gives {what}, which can be a task's result but not a part of another expression"
    )]
    SeveralInside { name: &'static str, what: &'static str },
}

/// Why a task has no result for an item. The item is at fault, not the task and not the worker.
///
/// `Display` is what CPython would print as the last line of its traceback, where CPython knows the error.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ItemError {
    /// Something was divided by zero.
    #[error("ZeroDivisionError: {0}")]
    ZeroDivision(Cow<'static, str>),
    /// A function is not defined for this number.
    #[error("ValueError: {0}")]
    Value(Cow<'static, str>),
    /// A number is, or would be, too large.
    #[error("OverflowError: {0}")]
    Overflow(Cow<'static, str>),
    /// A function or an operator does not take numbers of this type.
    #[error("TypeError: {0}")]
    Type(Cow<'static, str>),
    /// There is not so much memory.
    #[error("MemoryError: {0}")]
    Memory(Cow<'static, str>),
    /// A plugin's function says that it has no result.
    #[error("{function}: {why}")]
    Plugin {
        /// Its name.
        function: Box<str>,
        /// What it says.
        why: Box<str>,
    },
}

impl ItemError {
    pub(super) fn zero_division(message: &'static str) -> Self {
        Self::ZeroDivision(message.into())
    }

    pub(super) fn value(message: &'static str) -> Self {
        Self::Value(message.into())
    }

    pub(super) fn overflow(message: &'static str) -> Self {
        Self::Overflow(message.into())
    }

    /// What Python says where it wants an integer.
    pub(super) fn needs_integer() -> Self {
        Self::Type("'float' object cannot be interpreted as an integer".into())
    }

    /// What CPython's `math` says for arguments that a function is not defined for.
    pub(super) fn domain() -> Self {
        Self::value("math domain error")
    }

    /// What CPython's `math` says where a result is beyond the range of a double.
    pub(super) fn range() -> Self {
        Self::overflow("math range error")
    }

    /// The result would have more than about [`MAX_RESULT_DIGITS`] digits; nothing was computed.
    pub(super) fn result_too_large() -> Self {
        Self::Overflow(format!("the result has more than {MAX_RESULT_DIGITS} digits").into())
    }

    /// `function` would take too long for integers of more than `digits` digits.
    pub(super) fn too_long(function: &str, digits: u32) -> Self {
        Self::Overflow(format!("{function} takes integers of at most {digits} digits").into())
    }
}
