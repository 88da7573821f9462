//! What a process is told that runs one function and ends, and what it says at its end. The argument and the result
//! go along as sealed memory files, so that neither side ever waits for the other to read.

use serde::{Deserialize, Serialize};

use crate::sys::identity::Build;

/// From the parent, waiting in the socket when the process starts. With it come descriptors: a sealed file that holds
/// the function's captures, the last of which is its argument, and those that the argument itself speaks of.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Errand {
    /// [`PROTOCOL`](super::PROTOCOL).
    pub protocol: u32,
    /// The parent's program; the process refuses to work for another.
    pub build: Build,
    /// How many workers are above the process.
    pub depth: u32,
    /// What the process is called.
    pub name: String,
    /// The function: the number of an [`Entry`](crate::call::Entry).
    pub entry: i64,
}

/// From the process, before it ends by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Report {
    /// The function is done. With it come descriptors: a sealed file that holds a [`packet`](super::packet), and those
    /// that the result itself speaks of.
    Done,
    /// It could not be run, or its result not be handed over, and why.
    Failed(String),
}
