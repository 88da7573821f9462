//! What can be wrong with a task, and with an item that is given to one.

use thiserror::Error;

use super::MAX_RESULT_DIGITS;

/// Why a text is not a task. Its message says what is wrong and what to write instead; [`position`](Self::position)
/// says where, so that a caret can be put below.
///
/// ```
/// use pmap::task::TaskSpec;
/// let error = "1 + n*n".parse::<TaskSpec>().unwrap_err();
/// assert_eq!(error.position(), 5);
/// assert_eq!(error.to_string(), "only a whole number may multiply, and it comes first: write 3*n, or n**2 for n*n");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{kind}")]
pub struct TaskError {
    position: usize,
    kind: TaskErrorKind,
}

impl TaskError {
    pub(super) fn new(position: usize, kind: TaskErrorKind) -> Self {
        Self { position, kind }
    }

    /// The byte of the text at which it stops being a task; the length of the text where something is missing at its
    /// end. Always on a character's boundary.
    pub fn position(&self) -> usize {
        self.position
    }

    /// Whether the text uses a name that is not known, rather than being put together wrongly.
    pub fn is_unknown_name(&self) -> bool {
        matches!(self.kind, TaskErrorKind::UnknownName { .. })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(super) enum TaskErrorKind {
    #[error("the task is empty; write a sum of terms such as n**2 + 1")]
    Empty,
    #[error("unknown name `{name}`; known are {known}")]
    UnknownName { name: String, known: String },
    #[error(
        "`{0}` is not understood; a task is a sum of terms such as 3*n**2 - n + 1, square(n) or is_prime, \
         optionally `SUM if n % 2 == 0 else SUM`"
    )]
    UnknownCharacter(char),
    #[error("`{0}` is not a number; write plain decimals such as 12, 1.5 or 1e3")]
    MalformedNumber(String),
    #[error("a whole number does not start with a zero; write `{0}`")]
    LeadingZero(String),
    #[error("a whole number of a task may have at most {} digits", crate::value::parse::MAX_DIGITS)]
    NumberTooLong,
    #[error("expected {expected}, found {found}")]
    Expected { expected: &'static str, found: String },
    #[error("only a whole number may multiply, and it comes first: write 3*n, or n**2 for n*n")]
    FactorAfterTerm,
    #[error("only n can be raised to a power; write n**2, or square(n)")]
    PowerOfOther,
    #[error("the exponent must be a whole number in 0..=1000, as in n**2")]
    Exponent,
    #[error("`{name}` takes n; write `{name}` or `{name}(n)`")]
    KernelArgument { name: &'static str },
    #[error("`{name}` must be called; write `{call}`")]
    NotCalled { name: &'static str, call: &'static str },
    #[error("`{name}` takes no argument; write `{name}()`")]
    NeedsNoArgument { name: &'static str },
    #[error("sleep takes seconds in 0..=1e9 as a number, as in sleep(0.5)")]
    SleepSeconds,
    #[error("exit takes a status in 0..=255 as a whole number, as in exit(3)")]
    ExitStatus,
    #[error("a condition is `n == 7` or `n % 3 == 1`, with whole numbers")]
    Condition,
    #[error("nothing can be divided by 0; write a modulus such as n % 2 == 0")]
    ModulusZero,
}

/// Why a task has no result for an item. The item is at fault, not the task and not the worker.
///
/// `Display` is what CPython would print as the last line of its traceback, where CPython knows the error.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ItemError {
    /// A power of a finite float is beyond the range of a double.
    #[error("OverflowError: (34, 'Numerical result out of range')")]
    FloatOverflow,
    /// An integer that meets a float is beyond the range of a double.
    #[error("OverflowError: int too large to convert to float")]
    IntTooLargeForFloat,
    /// The result would have more than about [`MAX_RESULT_DIGITS`] digits; nothing was computed.
    #[error("OverflowError: the result has more than {MAX_RESULT_DIGITS} digits")]
    ResultTooLarge,
    /// A kernel was given a float.
    #[error("TypeError: {kernel} needs an integer, not {input}")]
    NotAnInteger {
        /// The kernel's name.
        kernel: &'static str,
        /// The item as Python prints it.
        input: String,
    },
    /// A kernel is not defined for integers as small as this.
    #[error("ValueError: {kernel} needs an integer of at least {minimum}")]
    TooSmall {
        /// The kernel's name.
        kernel: &'static str,
        /// The smallest integer that it is defined for.
        minimum: i64,
    },
    /// A kernel would take too long for an integer as large as this.
    #[error("OverflowError: {kernel} takes integers of at most {digits} digits")]
    TooLarge {
        /// The kernel's name.
        kernel: &'static str,
        /// The most digits that it takes.
        digits: u32,
    },
}
