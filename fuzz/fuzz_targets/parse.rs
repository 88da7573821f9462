//! Any text is a task or is not one, and says where it goes wrong.
#![no_main]

use libfuzzer_sys::fuzz_target;
use pmap::task::TaskSpec;

fuzz_target!(|text: &str| {
    match text.parse::<TaskSpec>() {
        Ok(task) => {
            let again: TaskSpec = task.source().parse().expect("what was understood stays so");
            assert_eq!(again, task);
            let _ = task.compile();
        }
        Err(error) => {
            assert!(text.is_char_boundary(error.position()));
            assert!(!error.to_string().is_empty());
        }
    }
});
