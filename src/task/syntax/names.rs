//! What a name means.

use std::f64::consts;

use super::callee::Callee;
use crate::plugin::Signature;
use crate::task::error::TaskErrorKind;
use crate::task::functions;
use crate::task::tree::Node;
use crate::value::Number;

pub(super) enum Meaning<'a> {
    /// A number, and the name as it is known.
    Number(&'static str, Node),
    Function(Callee<'a>),
}

/// Names for numbers.
const NUMBERS: [&str; 10] = ["n", "x", "i", "pi", "e", "tau", "inf", "nan", "True", "False"];

/// Functions that Python has outside of its module `math`, or not at all.
const NOT_IN_MATH: [&str; 19] = [
    "abs", "bool", "divmod", "float", "int", "max", "min", "pow", "round", "square", "cube",
    "is_prime", "collatz", "sleep", "abort", "segv", "exit", "hang", "alloc",
];

/// The words that Python keeps for itself.
const KEYWORDS: [&str; 32] = [
    "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif",
    "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda",
    "None", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while", "yield",
];

/// Whether a word has a meaning in tasks, or in Python, so that no plugin's function can be called so.
pub fn is_taken(word: &str) -> bool {
    KEYWORDS.contains(&word) || meaning(word, &[]).is_ok()
}

/// What a word means where these functions of plugins are known.
///
/// # Errors
/// With a guess what was meant.
pub(super) fn meaning<'a>(
    word: &str,
    plugins: &'a [Signature],
) -> Result<Meaning<'a>, TaskErrorKind> {
    if let Some(name) = NUMBERS.into_iter().find(|name| *name == word) {
        return Ok(Meaning::Number(name, number(name)));
    }
    if let Some(function) = functions::find(word) {
        return Ok(Meaning::Function(Callee::Own(function)));
    }
    if let Some(signature) = plugins.iter().find(|signature| signature.name() == word) {
        return Ok(Meaning::Function(Callee::Foreign(signature)));
    }
    if let Some(name) = word.strip_prefix("math.") {
        match name {
            "pi" | "e" | "tau" | "inf" | "nan" => return meaning(name, plugins),
            name if NOT_IN_MATH.contains(&name) => {}
            name => {
                if let Some(function) = functions::find(name) {
                    return Ok(Meaning::Function(Callee::Own(function)));
                }
            }
        }
    }
    Err(unknown(word, plugins))
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

fn unknown(word: &str, plugins: &[Signature]) -> TaskErrorKind {
    let hint = match word {
        "true" | "TRUE" => "write `True`".to_owned(),
        "false" | "FALSE" => "write `False`".to_owned(),
        "is" | "in" | "lambda" | "for" | "None" | "import" | "await" | "yield" => {
            "tasks have only a part of Python".to_owned()
        }
        _ => match nearest(word, plugins) {
            Some(name) => format!("did you mean `{name}`?"),
            None => "the item is `n` and its index `i`".to_owned(),
        },
    };
    TaskErrorKind::UnknownName { name: word.to_owned(), hint }
}

/// The known name that `word` is a misspelling of, by a third of its letters at most.
fn nearest<'a>(word: &str, plugins: &'a [Signature]) -> Option<&'a str> {
    let ours = functions::names().chain(NUMBERS).map(|name| -> &'a str { name });
    let known = ours.chain(plugins.iter().map(Signature::name));
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
