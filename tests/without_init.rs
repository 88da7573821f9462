//! A program that has forgotten `pmap::init()`: this one.

use std::fs;

use pmap::Process;
use pmap::error::NotReady;
use pmap::process::SpawnError;

#[test]
fn row_64_without_init_nothing_is_started() {
    let refused = Process::spawn(|()| (), ());
    assert!(matches!(refused, Err(SpawnError::NotReady(NotReady::NotInitialised))));
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("call `pmap::init()` as the first line of `main`"), "{message}");
    let children = fs::read_dir("/proc/self/task")
        .unwrap()
        .map(|task| fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default());
    assert_eq!(children.collect::<String>(), "");
}
