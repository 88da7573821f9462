//! Why an item of a function has no value, as its worker tells it.

use serde::{Deserialize, Serialize};

/// What went wrong in a worker that lives on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// The function panicked.
    Panicked {
        /// What it said.
        message: String,
        /// Where: file and line.
        place: Option<(String, u32)>,
        /// The calls that led there, as text; empty if it was not taken.
        backtrace: String,
    },
    /// An argument or a result refused to be written or read, and how.
    Codec(String),
}

impl Fault {
    /// Appends its bytes.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        // Strings and numbers cannot refuse; an empty text would be read as no fault at all.
        out.extend_from_slice(&postcard::to_stdvec(self).unwrap_or_default());
    }

    /// From the bytes of [`Fault::append_to`], or of somebody who has scribbled over them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes)
            .unwrap_or_else(|_| Self::Codec("the worker's message is garbled".to_owned()))
    }
}

/// In a line.
impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Panicked { message, place: Some((file, line)), .. } => {
                write!(f, "panicked at {file}:{line}: {message}")
            }
            Self::Panicked { message, place: None, .. } => write!(f, "panicked: {message}"),
            Self::Codec(message) => f.write_str(message),
        }
    }
}
