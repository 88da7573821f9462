//! Programs as tasks, on the real command: what they are started with, what becomes of what they write, how they end,
//! and that nothing of them is left.

#[path = "../support/mod.rs"]
mod support;

mod coprocess;
mod coprocess_ends;
mod ends;
mod input;
mod output;
mod parallel;
mod trees;
