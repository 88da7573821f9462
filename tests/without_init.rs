//! A program that has forgotten `pmap::init()`: this one.

use std::fs;

use pmap::error::NotReady;
use pmap::prelude::*;
use pmap::process::SpawnError;
use pmap::{Pool, Process, pool};

#[test]
fn row_64_without_init_nothing_is_started() {
    let refused = Process::spawn(|()| (), ());
    assert!(matches!(refused, Err(SpawnError::NotReady(NotReady::NotInitialised))));
    let message = refused.unwrap_err().to_string();
    assert!(message.contains("call `pmap::init()` as the first line of `main`"), "{message}");
    nobody_was_started();
}

#[test]
fn row_64_without_init_there_is_no_pool() {
    let refused = Pool::builder().build().unwrap_err().to_string();
    assert!(refused.contains("call `pmap::init()` as the first line of `main`"), "{refused}");
    assert_eq!(pool::default_pool().unwrap_err().to_string(), refused);
    let results: Vec<Result<u64, TaskError>> = (0..3_u64).into_proc_iter().map(|n| n).collect();
    assert_eq!(results.len(), 3);
    for (n, result) in (0..).zip(results) {
        let error = result.unwrap_err();
        assert_eq!((error.index(), error.attempts()), (n, 0));
        assert_eq!(error.unavailable().unwrap().to_string(), refused);
    }
    nobody_was_started();
}

fn nobody_was_started() {
    let children = fs::read_dir("/proc/self/task")
        .unwrap()
        .map(|task| fs::read_to_string(task.unwrap().path().join("children")).unwrap_or_default());
    assert_eq!(children.collect::<String>(), "");
}
