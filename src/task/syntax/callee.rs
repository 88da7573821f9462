//! What can be called: a function of ours, or one of a plugin.

use crate::plugin::Signature;
use crate::task::functions::{self, Function};

#[derive(Clone, Copy)]
pub(super) enum Callee<'a> {
    Own(&'static Function),
    Foreign(&'a Signature),
}

impl Callee<'_> {
    pub(super) fn name(self) -> String {
        match self {
            Self::Own(function) => function.name.to_owned(),
            Self::Foreign(signature) => signature.name().to_owned(),
        }
    }

    /// As a user would write it down.
    pub(super) fn signature(self) -> String {
        match self {
            Self::Own(function) => function.signature(),
            Self::Foreign(signature) => signature.to_string(),
        }
    }

    /// Whether it may be called with so many arguments.
    pub(super) fn takes(self, arguments: usize) -> bool {
        match self {
            Self::Own(function) => function.takes(arguments),
            Self::Foreign(signature) => signature.arity() == arguments,
        }
    }

    /// How many arguments it takes, in words.
    pub(super) fn arity(self) -> String {
        match self {
            Self::Own(function) => function.arity(),
            Self::Foreign(signature) => functions::arity((signature.arity(), signature.arity())),
        }
    }

    /// Whether its name alone stands for its call on the item.
    pub(super) fn stands_for_call(self) -> bool {
        match self {
            Self::Own(function) => function.stands_for_call(),
            Self::Foreign(signature) => signature.arity() == 1,
        }
    }
}
