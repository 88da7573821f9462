//! Functions of plugins, as tasks call them: with Python's numbers on one side and those of C on the other.

use super::columns::Kind;
use super::{ItemError, arithmetic};
use crate::plugin::{Failed, Function, Signature};
use crate::value::Number;

/// A function of a plugin that a task calls. Where tasks are only checked, nothing but its signature is there.
#[derive(Clone, Debug)]
pub(super) struct Foreign {
    signature: Signature,
    function: Option<Function>,
}

impl Foreign {
    pub(super) fn new(signature: Signature) -> Self {
        Self { signature, function: None }
    }

    pub(super) fn signature(&self) -> &Signature {
        &self.signature
    }

    /// The function itself, where its plugin is loaded.
    pub(super) fn function(&self) -> Option<&Function> {
        self.function.as_ref()
    }

    /// Looks for it among those that are loaded; whether it is there.
    pub(super) fn find(&mut self, loaded: &[Function]) -> bool {
        let found = loaded.iter().find(|function| *function.signature() == self.signature);
        self.function = found.cloned();
        self.function.is_some()
    }

    /// The kind of its results for arguments of these kinds, which is also the kind that it takes them in; `None` if
    /// columns cannot be given to it.
    pub(super) fn kind(&self, arguments: &[Kind]) -> Option<Kind> {
        self.function.as_ref()?;
        let are_integers = arguments.iter().all(|kind| *kind != Kind::Float);
        if self.signature.takes_integers() && are_integers {
            Some(Kind::Int)
        } else {
            self.signature.takes_reals().then_some(Kind::Float)
        }
    }

    /// Calls it for one item.
    ///
    /// # Errors
    /// It says so, or does not take these numbers, or is not loaded.
    pub(super) fn call(&self, arguments: &[Number]) -> Result<Number, ItemError> {
        let name = self.signature.name();
        let Some(function) = &self.function else {
            return Err(failed(name, "its plugin is not loaded in this process"));
        };
        let told = |why: Failed| failed(name, &why.to_string());
        let are_integers = !arguments.iter().any(|number| matches!(number, Number::Float(_)));
        if self.signature.takes_integers() && (are_integers || !self.signature.takes_reals()) {
            let arguments: Result<Vec<i64>, ItemError> =
                arguments.iter().map(|argument| integer(name, argument)).collect();
            return Ok(function.call_integers(&arguments?).map_err(told)?.into());
        }
        let arguments: Result<Vec<f64>, ItemError> =
            arguments.iter().map(arithmetic::to_float).collect();
        Ok(function.call_reals(&arguments?).map_err(told)?.into())
    }
}

fn failed(function: &str, why: &str) -> ItemError {
    ItemError::Plugin { function: function.into(), why: why.into() }
}

/// An argument of a function that takes integers of 64 bits.
fn integer(function: &str, argument: &Number) -> Result<i64, ItemError> {
    let integer = match argument {
        Number::Bool(value) => Some((*value).into()),
        Number::Int(value) => i64::try_from(*value).ok(),
        Number::Big(_) => None,
        Number::Float(_) => {
            let message = format!("{function} needs an integer, not {argument}");
            return Err(ItemError::Type(message.into()));
        }
    };
    integer
        .ok_or_else(|| ItemError::Overflow(format!("{function} takes integers of 64 bits").into()))
}

#[cfg(test)]
mod tests;
