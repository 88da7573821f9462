//! What a name means.

use std::f64::consts;

use crate::task::error::TaskErrorKind;
use crate::task::functions::{self, Function};
use crate::task::tree::Node;
use crate::value::Number;

pub(super) enum Meaning {
    /// A number, and the name as it is known.
    Number(&'static str, Node),
    Function(&'static Function),
}

/// Names for numbers.
const NUMBERS: [&str; 10] = ["n", "x", "i", "pi", "e", "tau", "inf", "nan", "True", "False"];

/// Functions that Python has outside of its module `math`, or not at all.
const NOT_IN_MATH: [&str; 19] = [
    "abs", "bool", "divmod", "float", "int", "max", "min", "pow", "round", "square", "cube",
    "is_prime", "collatz", "sleep", "abort", "segv", "exit", "hang", "alloc",
];

/// # Errors
/// With a guess what was meant.
pub(super) fn meaning(word: &str) -> Result<Meaning, TaskErrorKind> {
    if let Some(name) = NUMBERS.into_iter().find(|name| *name == word) {
        return Ok(Meaning::Number(name, number(name)));
    }
    if let Some(function) = functions::find(word) {
        return Ok(Meaning::Function(function));
    }
    if let Some(name) = word.strip_prefix("math.") {
        match name {
            "pi" | "e" | "tau" | "inf" | "nan" => return meaning(name),
            name if NOT_IN_MATH.contains(&name) => {}
            name => {
                if let Some(function) = functions::find(name) {
                    return Ok(Meaning::Function(function));
                }
            }
        }
    }
    Err(unknown(word))
}

fn number(name: &str) -> Node {
    Node::Constant(match name {
        "i" => return Node::Index,
        "pi" => Number::Float(consts::PI),
        "e" => Number::Float(consts::E),
        "tau" => Number::Float(consts::TAU),
        "inf" => Number::Float(f64::INFINITY),
        "nan" => Number::Float(f64::NAN),
        "True" => Number::Bool(true),
        "False" => Number::Bool(false),
        _ => return Node::Item,
    })
}

fn unknown(word: &str) -> TaskErrorKind {
    let hint = match word {
        "true" | "TRUE" => "write `True`".to_owned(),
        "false" | "FALSE" => "write `False`".to_owned(),
        "is" | "in" | "lambda" | "for" | "None" | "import" | "await" | "yield" => {
            "tasks have only a part of Python".to_owned()
        }
        _ => match nearest(word) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "the item is `n` and its index `i`".to_owned(),
        },
    };
    TaskErrorKind::UnknownName { name: word.to_owned(), hint }
}

/// The known name that `word` is a misspelling of, by a third of its letters at most.
fn nearest(word: &str) -> Option<&'static str> {
    let known = functions::names().chain(NUMBERS);
    let (distance, name) = known
        .filter(|name| name.len() > 1)
        .map(|name| (distance(word, name), name))
        .min_by_key(|(distance, _)| *distance)?;
    (distance <= (name.len() / 3).max(1).min(word.chars().count() - 1)).then_some(name)
}

/// How many letters have to be added, taken away, replaced or swapped with their neighbour (optimal string alignment).
fn distance(from: &str, to: &str) -> usize {
    /// Longer words are no misspellings.
    const LONGEST: usize = 32;
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    if from.len() > LONGEST {
        return usize::MAX;
    }
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for row in 1..=from.len() {
        let mut next = vec![row];
        for column in 1..=to.len() {
            let differs = usize::from(from[row - 1] != to[column - 1]);
            let mut best = (rows[row - 1][column] + 1)
                .min(next[column - 1] + 1)
                .min(rows[row - 1][column - 1] + differs);
            if row > 1
                && column > 1
                && from[row - 1] == to[column - 2]
                && from[row - 2] == to[column - 1]
            {
                best = best.min(rows[row - 2][column - 2] + 1);
            }
            next.push(best);
        }
        rows.push(next);
    }
    rows[from.len()][to.len()]
}
