//! What a task can call, a file for each family or kernel. To add one, write it and add its line to `list`.

mod bits_of_floats;
mod collatz;
mod combinatorics;
mod cube;
mod digits_of_pi;
mod exponential;
mod extremes;
mod factors;
mod fib;
mod gamma;
mod hypot;
mod integers;
mod is_prime;
#[cfg(feature = "kernels")]
mod kernels;
mod list;
mod next_prime;
mod numbers;
mod power;
mod prime_count;
mod processes;
mod rounding;
mod square;
mod trigonometry;

use std::fmt;
use std::ops::RangeInclusive;

use num_bigint::BigInt;

use super::effects::Effect;
use super::{ItemError, arithmetic};
use crate::value::{Number, Value};

pub(super) use list::{find, names};

/// A function of the language.
#[derive(Debug)]
pub(super) struct Function {
    /// Its name in a task; a Python identifier, or `math.` and one where Python has another function of that name.
    pub(super) name: &'static str,
    /// Its parameters as in `x[, base]`.
    parameters: &'static str,
    /// The fewest and the most arguments.
    arguments: (usize, usize),
    /// What it yields, in a line.
    help: &'static str,
    /// A call, and what it gives.
    example: (&'static str, &'static str),
    pub(super) body: Body,
    /// How a [`Body::Number`] is computed for many items at once; the first that fits the types of the arguments is
    /// taken. Columns of the functions of doubles need nothing beside the body.
    pub(super) columns: &'static [Column],
}

/// How a function is computed for one item.
#[derive(Debug)]
pub(super) enum Body {
    /// A function of `math` that takes a double.
    Real(fn(f64) -> f64, Infinite),
    /// A function of `math` that takes two doubles.
    RealPair(fn(f64, f64) -> f64),
    /// A function of `math` that takes any double and raises nothing.
    Total(fn(f64) -> f64),
    /// A question that any double has an answer to.
    Question(fn(f64) -> bool),
    /// A function that yields a number.
    Number(fn(&[Number]) -> Result<Number, ItemError>),
    /// A function that yields a tuple.
    Tuple(fn(&[Number]) -> Result<Vec<Number>, ItemError>),
    /// A function that yields a list.
    List(fn(&[Number]) -> Result<Vec<Number>, ItemError>),
    /// Something that happens.
    Effect(fn(&[Number]) -> Result<Effect, ItemError>),
}

/// What an infinite result for a finite argument means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Infinite {
    /// Too large for a double.
    Overflow,
    /// A pole.
    Pole,
}

/// A form of a function for columns. `None` means that the exact form is to be asked.
/// `True` and `False` are 1 and 0.
#[derive(Clone, Copy, Debug)]
pub(super) enum Column {
    Int(fn(i64) -> Option<i64>),
    /// For two arguments or more, from the left.
    IntFold(fn(i64, i64) -> Option<i64>),
    IntToBool(fn(i64) -> Option<i64>),
    Float(fn(f64) -> Option<f64>),
    FloatPair(fn(f64, f64) -> Option<f64>),
    /// For two arguments or more, from the left.
    FloatFold(fn(f64, f64) -> Option<f64>),
    FloatToInt(fn(f64) -> Option<i64>),
    FloatToBool(fn(f64) -> Option<i64>),
}

impl Function {
    /// One of doubles.
    const fn of_doubles(
        (name, parameters): (&'static str, &'static str),
        body: Body,
        help: &'static str,
        example: (&'static str, &'static str),
    ) -> Self {
        let count = if matches!(body, Body::RealPair(_)) { 2 } else { 1 };
        Self { name, parameters, arguments: (count, count), help, example, body, columns: &[] }
    }

    /// As a user would write it down: `log(x[, base])`.
    pub(super) fn signature(&self) -> String {
        format!("{}({})", self.name, self.parameters)
    }

    /// Whether it may be called with so many arguments.
    pub(super) fn takes(&self, arguments: usize) -> bool {
        (self.arguments.0..=self.arguments.1).contains(&arguments)
    }

    /// How many arguments it takes, in words.
    pub(super) fn arity(&self) -> String {
        arity(self.arguments)
    }

    /// Whether it only computes.
    pub(super) fn is_pure(&self) -> bool {
        !matches!(self.body, Body::Effect(_))
    }

    /// Whether its name alone stands for its call on the item.
    pub(super) fn stands_for_call(&self) -> bool {
        self.is_pure() && self.takes(1)
    }

    /// What it gives if that is more than a number, in words.
    pub(super) fn gives_several(&self) -> Option<&'static str> {
        match self.body {
            Body::Tuple(_) => Some("a tuple"),
            Body::List(_) => Some("a list"),
            _ => None,
        }
    }

    /// Whether all that it gives are integers or `bool`s, for so many arguments that are such, or that may be any.
    pub(super) fn gives_whole(&self, arguments: usize, are_whole: bool) -> bool {
        let has = |wanted: fn(&Column) -> bool| self.columns.iter().any(wanted);
        let keeps = has(|column| {
            matches!(column, Column::Int(_) | Column::IntFold(_) | Column::IntToBool(_))
        });
        let rounds = has(|column| matches!(column, Column::FloatToInt(_) | Column::FloatToBool(_)));
        let has_floats = rounds
            || has(|column| {
                matches!(column, Column::Float(_) | Column::FloatPair(_) | Column::FloatFold(_))
            });
        match self.body {
            Body::Question(_) | Body::Effect(_) => true,
            Body::Number(_) if self.columns.is_empty() => list::WHOLE.contains(&self.name),
            // One that takes no floats gives none. `round(x, 2)` does not round to an integer.
            Body::Number(_) => keeps && (are_whole || (rounds && arguments == 1) || !has_floats),
            Body::Real(..) | Body::RealPair(_) | Body::Total(_) => false,
            Body::Tuple(_) | Body::List(_) => false,
        }
    }

    /// Calls it. The number of arguments has been checked.
    pub(super) fn call(&self, arguments: &[Number]) -> Result<Value, ItemError> {
        debug_assert!(self.takes(arguments.len()));
        let number = match self.body {
            Body::Real(function, infinite) => {
                let x = arithmetic::to_float(&arguments[0])?;
                real(function(x), x, infinite)?.into()
            }
            Body::RealPair(function) => {
                let x = arithmetic::to_float(&arguments[0])?;
                let y = arithmetic::to_float(&arguments[1])?;
                real_pair(function(x, y), x, y)?.into()
            }
            Body::Total(function) => function(arithmetic::to_float(&arguments[0])?).into(),
            Body::Question(function) => function(arithmetic::to_float(&arguments[0])?).into(),
            Body::Number(function) => function(arguments)?,
            Body::Tuple(function) => return function(arguments).map(Value::Tuple),
            Body::List(function) => return function(arguments).map(Value::List),
            Body::Effect(function) => {
                function(arguments)?.perform()?;
                Number::Int(0)
            }
        };
        Ok(Value::Number(number))
    }
}

/// The fewest and the most arguments, in words.
pub(super) fn arity(arguments: (usize, usize)) -> String {
    match arguments {
        (0, 0) => "no argument".to_owned(),
        (1, 1) => "1 argument".to_owned(),
        (least, most) if least == most => format!("{least} arguments"),
        (1, MANY) => "1 argument or more".to_owned(),
        (least, MANY) => format!("{least} arguments or more"),
        (least, most) => format!("{least} to {most} arguments"),
    }
}

/// The most arguments of a function that takes any number of them.
const MANY: usize = usize::MAX;

/// What becomes of a result of libm in CPython's `math_1`.
fn real(result: f64, x: f64, infinite: Infinite) -> Result<f64, ItemError> {
    if result.is_nan() && !x.is_nan() {
        return Err(ItemError::domain());
    }
    if result.is_infinite() && x.is_finite() {
        return Err(match infinite {
            Infinite::Overflow => ItemError::range(),
            Infinite::Pole => ItemError::domain(),
        });
    }
    Ok(result)
}

/// What becomes of a result of libm in CPython's `math_2`.
fn real_pair(result: f64, x: f64, y: f64) -> Result<f64, ItemError> {
    if result.is_nan() && !x.is_nan() && !y.is_nan() {
        return Err(ItemError::domain());
    }
    if result.is_infinite() && x.is_finite() && y.is_finite() {
        return Err(ItemError::range());
    }
    Ok(result)
}

/// The argument of a kernel, which takes integers.
fn kernel_argument(kernel: &'static str, argument: &Number) -> Result<BigInt, ItemError> {
    match argument {
        Number::Float(_) => {
            Err(ItemError::Type(format!("{kernel} needs an integer, not {argument}").into()))
        }
        integer => Ok(arithmetic::into_big(integer.clone())),
    }
}

/// The argument of a kernel that takes integers of a range only.
fn kernel_word(
    kernel: &'static str,
    argument: &Number,
    range: RangeInclusive<u64>,
) -> Result<u64, ItemError> {
    let value = kernel_argument(kernel, argument)?;
    let (least, most) = range.into_inner();
    match u64::try_from(&value) {
        Ok(value) if (least..=most).contains(&value) => Ok(value),
        _ if value < BigInt::from(least) => {
            Err(ItemError::Value(format!("{kernel} needs an integer of at least {least}").into()))
        }
        _ => Err(ItemError::Overflow(format!("{kernel} takes integers up to {most}").into())),
    }
}

/// A function that a task can call, as it is listed.
#[derive(Clone, Copy)]
pub struct FunctionInfo(&'static Function);

impl FunctionInfo {
    /// What a task calls it.
    pub fn name(&self) -> &'static str {
        self.0.name
    }

    /// Name and parameters; what may be left out is in brackets.
    pub fn signature(&self) -> String {
        self.0.signature()
    }

    /// What it yields or does, in a line.
    pub fn help(&self) -> &'static str {
        self.0.help
    }

    /// A task that calls it.
    pub fn example(&self) -> &'static str {
        self.0.example.0
    }

    /// What the [`example`](Self::example) gives; empty for a function with an effect.
    pub fn result(&self) -> &'static str {
        self.0.example.1
    }

    /// Whether it only computes, rather than waiting, crashing or taking memory.
    pub fn is_pure(&self) -> bool {
        self.0.is_pure()
    }
}

impl fmt::Debug for FunctionInfo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FunctionInfo").field(&self.name()).finish()
    }
}

/// The functions that a task can call.
///
/// ```
/// let gcd = pmap::task::functions().find(|function| function.name() == "gcd").unwrap();
/// assert_eq!(gcd.signature(), "gcd(a, b, ...)");
/// assert_eq!((gcd.example(), gcd.result()), ("gcd(12, 18)", "6"));
/// ```
pub fn functions() -> impl Iterator<Item = FunctionInfo> {
    list::all().map(FunctionInfo)
}

#[cfg(test)]
mod tests;
