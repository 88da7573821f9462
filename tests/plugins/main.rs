//! `--plugin`: libraries that work, libraries that are none, and libraries that do whatever a library can do to its
//! process. They are compiled here, by `cc`, and the one in Rust by cargo.

#[path = "../support/mod.rs"]
mod support;

mod calls;
mod examples;
mod hostile;
mod library;
mod poison;
mod refused;
mod surroundings;
