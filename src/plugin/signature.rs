//! What is known of a plugin's function without loading it.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::abi::MOST_ARGUMENTS;

/// The longest name, in bytes.
pub const LONGEST_NAME: usize = 64;

/// The longest line of help, in bytes.
pub const LONGEST_HELP: usize = 200;

/// How a function is called. Made only of what is fit for that, wherever it comes from: it is checked again where it
/// is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct Signature {
    name: Box<str>,
    /// In `0..=MOST_ARGUMENTS`.
    arity: u8,
    /// Whether it has a form for integers, and one for doubles; one of both, at least.
    integer: bool,
    real: bool,
}

/// As it travels.
#[derive(Serialize, Deserialize)]
struct Written(String, u32, bool, bool);

/// A function that a library declares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// How it is called.
    pub signature: Signature,
    /// What it yields, in a line; may be empty.
    pub help: String,
}

/// Why something is no function of a plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SignatureError {
    /// There is no name.
    #[error("has no name")]
    NoName,
    /// The name has no end within [`LONGEST_NAME`] bytes.
    #[error("has a name of more than {LONGEST_NAME} bytes")]
    LongName,
    /// The name is no identifier.
    #[error("is called '{0}', which is no name: names are letters, digits and underscores")]
    BadName(String),
    /// It takes too many arguments.
    #[error("takes {0} arguments, of {MOST_ARGUMENTS} that are possible")]
    Arity(u32),
    /// It can be called neither for integers nor for doubles.
    #[error("has no scalar form")]
    NoForm,
}

impl Signature {
    /// Of a function of this name that takes so many arguments, integers or doubles.
    ///
    /// # Errors
    /// It could not be called.
    pub fn new(name: &str, arity: u32, integer: bool, real: bool) -> Result<Self, SignatureError> {
        if name.is_empty() {
            return Err(SignatureError::NoName);
        }
        if name.len() > LONGEST_NAME {
            return Err(SignatureError::LongName);
        }
        let is_letter = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
        if !name.bytes().all(is_letter) || name.as_bytes()[0].is_ascii_digit() {
            return Err(SignatureError::BadName(name.escape_debug().collect()));
        }
        let takes = u8::try_from(arity).ok().filter(|arity| usize::from(*arity) <= MOST_ARGUMENTS);
        let Some(arity) = takes else { return Err(SignatureError::Arity(arity)) };
        if !integer && !real {
            return Err(SignatureError::NoForm);
        }
        Ok(Self { name: name.into(), arity, integer, real })
    }

    /// What expressions call it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// How many arguments it takes.
    pub fn arity(&self) -> usize {
        self.arity.into()
    }

    /// Whether it has a form for integers.
    pub fn takes_integers(&self) -> bool {
        self.integer
    }

    /// Whether it has a form for doubles.
    pub fn takes_reals(&self) -> bool {
        self.real
    }
}

/// As a user would write it down: `reverse(n)`, `romberg(a, b)`.
impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LETTERS: [&str; MOST_ARGUMENTS] = ["a", "b", "c", "d", "e", "f", "g", "h"];
        let parameters = if self.arity == 1 { &["n"] } else { &LETTERS[..self.arity()] };
        write!(f, "{}({})", self.name, parameters.join(", "))
    }
}

impl TryFrom<Written> for Signature {
    type Error = SignatureError;

    fn try_from(Written(name, arity, integer, real): Written) -> Result<Self, SignatureError> {
        Self::new(&name, arity, integer, real)
    }
}

impl From<Signature> for Written {
    fn from(signature: Signature) -> Self {
        let Signature { name, arity, integer, real } = signature;
        Self(name.into(), arity.into(), integer, real)
    }
}
