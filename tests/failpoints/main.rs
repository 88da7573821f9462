//! Whatever happens at whatever point of a run: the same bytes or a documented error, nobody hangs, nothing is left. Needs
//! the feature `failpoints`: `cargo test --features failpoints --test failpoints`.
//!
//! The points are in the sources, `failpoint::pass` and `failpoint::call`; `src/sys/failpoint.rs` says how they are
//! addressed.

#[path = "../support/mod.rs"]
mod support;

mod cases;
mod journal;
mod protocol;
