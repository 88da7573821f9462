//! How functions are called for columns.

use super::op::{Call, Kind};
use crate::task::functions::{Body, Column, Function};

/// How a function is called for columns of some kinds.
pub(super) struct Form {
    pub(super) call: Call,
    pub(super) result: Kind,
    /// What its arguments are to be: doubles, or integers.
    pub(super) takes_floats: bool,
}

/// `None` if it has to be called for each item.
pub(super) fn form(function: &Function, arguments: &[Kind]) -> Option<Form> {
    let are_ints = arguments.iter().all(|kind| kind.is_int());
    let floats = |call, result| Some(Form { call, result, takes_floats: true });
    match function.body {
        Body::Real(f, _) => floats(Call::Real(f), Kind::Float),
        Body::RealPair(f) => floats(Call::RealPair(f), Kind::Float),
        Body::Total(f) => floats(Call::Total(f), Kind::Float),
        Body::Question(f) => floats(Call::Question(f), Kind::Bool),
        Body::Tuple(_) | Body::List(_) | Body::Effect(_) => None,
        Body::Number(_) => {
            let count = arguments.len();
            // Of a function that tells integers from floats, both cannot be mixed.
            let takes_ints = function.columns.iter().any(|column| match column {
                Column::Int(_) | Column::IntToBool(_) => count == 1,
                Column::IntFold(_) => count >= 2,
                _ => false,
            });
            let are_floats = !takes_ints || arguments.iter().all(|kind| *kind == Kind::Float);
            function.columns.iter().find_map(|column| {
                let ints = |call, result| Some(Form { call, result, takes_floats: false });
                match *column {
                    Column::Int(f) if count == 1 && are_ints => ints(Call::Int(f), Kind::Int),
                    Column::IntToBool(f) if count == 1 && are_ints => {
                        ints(Call::Int(f), Kind::Bool)
                    }
                    // The least of two `bool`s is one, too.
                    Column::IntFold(f)
                        if count >= 2 && arguments.iter().all(|kind| *kind == Kind::Int) =>
                    {
                        ints(Call::IntPair(f), Kind::Int)
                    }
                    Column::Float(f) if count == 1 && are_floats => {
                        floats(Call::Float(f), Kind::Float)
                    }
                    Column::FloatToInt(f) if count == 1 && are_floats => {
                        floats(Call::FloatToInt(f), Kind::Int)
                    }
                    Column::FloatToBool(f) if count == 1 && are_floats => {
                        floats(Call::FloatToInt(f), Kind::Bool)
                    }
                    Column::FloatPair(f) if count == 2 && are_floats => {
                        floats(Call::FloatPair(f), Kind::Float)
                    }
                    Column::FloatFold(f) if count >= 2 && are_floats => {
                        floats(Call::FloatPair(f), Kind::Float)
                    }
                    _ => None,
                }
            })
        }
    }
}
