//! Why a program has no result for an item, as the worker that started it tells.

use serde::{Deserialize, Serialize};

use crate::error::{Cause, Death};

/// Characters of a reason that is told in a message.
const LONGEST_MESSAGE: usize = 300;

/// What went wrong with an item's program, in a worker that lives on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Mishap {
    /// It could not be started, or its output not be taken, and why.
    Failed(String),
    /// It ended with this status, which is not 0.
    Exited(i32),
    /// It was ended by this signal.
    Killed(i32),
    /// The system ended it, since it had used as much time on a core as an item may.
    CpuTime,
}

impl Mishap {
    /// Appends its bytes.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        // Strings and numbers cannot refuse.
        out.extend_from_slice(&postcard::to_stdvec(self).unwrap_or_default());
    }

    /// From the bytes of [`Mishap::append_to`], or of somebody who has scribbled over them.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes)
            .unwrap_or_else(|_| Self::Failed("the worker's message is garbled".to_owned()))
    }

    /// The same in a few words: what fits into a message.
    #[must_use]
    pub fn shortened(self) -> Self {
        match self {
            Self::Failed(message) => Self::Failed(message.chars().take(LONGEST_MESSAGE).collect()),
            other => other,
        }
    }

    /// As the world is told of it: fit to be shown, whoever wrote it.
    #[must_use]
    pub fn into_cause(self) -> Cause {
        match self {
            Self::Failed(message) => {
                let plain = message.chars().map(|c| if c.is_control() { ' ' } else { c });
                Cause::Failed(plain.collect())
            }
            Self::Exited(status) => Cause::Exited(status),
            Self::Killed(signal) => Cause::Killed(signal),
            Self::CpuTime => Cause::Died(Death::CpuTime),
        }
    }
}
