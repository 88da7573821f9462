//! Programs that tests compare with, and that not every machine has.

use std::process::{Command, Stdio};

/// Set, to anything, where every oracle has to be there: `.ci/run` does, once `.ci/setup` has brought them.
const ALL: &str = "PMAP_TEST_ORACLES";

/// Whether there is this oracle, for which the command asks. A test without it says so and compares nothing.
///
/// # Panics
/// There is none, and it has to be there.
pub(crate) fn is_there(name: &str, question: &mut Command) -> bool {
    question.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let is_there = question.status().is_ok_and(|status| status.success());
    assert!(is_there || std::env::var_os(ALL).is_none(), "{name} is missing: run .ci/setup");
    if !is_there {
        eprintln!("NOT TESTED: {name} is missing; .ci/setup installs it");
    }
    is_there
}
