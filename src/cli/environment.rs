//! What workers find in their environment beside what we have in ours.

use std::str::FromStr;

/// A variable and its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name; not empty, without an equals sign.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl FromStr for Variable {
    type Err = VariableError;

    fn from_str(text: &str) -> Result<Self, VariableError> {
        match text.split_once('=') {
            Some((name, value)) if !name.is_empty() => {
                Ok(Self { name: name.to_owned(), value: value.to_owned() })
            }
            _ => Err(VariableError(())),
        }
    }
}

/// The text is no [`Variable`]; the message is the remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("give a name, an equals sign and a value, as in LANG=C")]
pub struct VariableError(());

/// By which libraries let themselves be told how many threads to use.
const THREADS: [&str; 6] = [
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS",
    "RAYON_NUM_THREADS",
];

/// The variables that make libraries use `wanted` threads in each worker. If nobody wants a number, it is such that
/// all workers together use no more than all cores, and what is set already (`is_set`) stays as it is.
pub(super) fn threads(
    wanted: Option<u64>,
    cores: usize,
    workers: usize,
    is_set: impl Fn(&str) -> bool,
) -> Vec<Variable> {
    let number = wanted.unwrap_or((cores / workers).max(1) as u64);
    let names = THREADS.into_iter().filter(|name| wanted.is_some() || !is_set(name));
    names.map(|name| Variable { name: name.to_owned(), value: number.to_string() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        let variable = |name: &str, value: &str| {
            Ok(Variable { name: name.to_owned(), value: value.to_owned() })
        };
        for (text, expected) in [
            ("A=b", variable("A", "b")),
            ("A=", variable("A", "")),
            ("A=b=c d", variable("A", "b=c d")),
            ("=b", Err(VariableError(()))),
            ("A", Err(VariableError(()))),
            ("", Err(VariableError(()))),
        ] {
            assert_eq!(text.parse(), expected, "{text:?}");
        }
    }

    #[test]
    fn all_threads_together_are_no_more_than_the_cores() {
        let values = |wanted, cores, workers| {
            let variables = threads(wanted, cores, workers, |name| name == "OMP_NUM_THREADS");
            let names: Vec<_> = variables.iter().map(|variable| variable.name.clone()).collect();
            (variables[0].value.clone(), names.contains(&"OMP_NUM_THREADS".to_owned()))
        };
        assert_eq!(values(None, 8, 2), ("4".to_owned(), false));
        assert_eq!(values(None, 8, 3), ("2".to_owned(), false));
        assert_eq!(values(None, 2, 16), ("1".to_owned(), false));
        assert_eq!(values(Some(3), 8, 8), ("3".to_owned(), true));
    }
}
