//! How a process can end, and what is told of it.

use std::process::{self, Command};

use pmap::Process;
use pmap::process::Task;
use rustix::process::Signal;
use serde::{Deserialize, Serialize};

use super::{LONG, signal, sleep, watched};

#[derive(Serialize, Deserialize)]
struct UpperCaser {
    texts: Vec<String>,
}

impl Task for UpperCaser {
    type Output = Vec<String>;

    fn run(self) -> Vec<String> {
        self.texts.iter().map(|text| text.to_uppercase()).collect()
    }
}

#[test]
fn row_31_a_struct_with_run_is_a_task() {
    watched(|| {
        let task = UpperCaser { texts: vec!["hello".into(), "wörld".into()] };
        let process = Process::builder().name("caser").start(task).unwrap();
        assert_eq!(process.join().unwrap(), ["HELLO", "WÖRLD"]);
        let task = UpperCaser { texts: vec![] };
        assert_eq!(Process::start(task).unwrap().join().unwrap(), [""; 0]);
    });
}

#[test]
fn row_31_every_exit_code_is_told() {
    watched(|| {
        for code in [0, 1, 7, 64, 65, 101, 127, 128, 200, 255] {
            let process: Process<()> = Process::spawn(|code| process::exit(code), code).unwrap();
            let error = process.join().unwrap_err();
            assert_eq!(error.exit_code(), Some(code));
            assert_eq!(process.exit_status().unwrap().code(), Some(code));
            assert!(error.to_string().contains(&format!("status {code}")), "{error}");
        }
    });
}

#[test]
fn row_31_signals_are_told() {
    watched(|| {
        for signal in [Signal::KILL, Signal::TERM, Signal::SEGV, Signal::ABORT, Signal::USR1] {
            let die = |number: i32| loop {
                // The standard library takes the first SIGSEGV for a fault that will repeat itself.
                let _ = Command::new("kill")
                    .args([format!("-{number}"), process::id().to_string()])
                    .status();
            };
            let process: Process<()> = Process::spawn(die, signal.as_raw()).unwrap();
            assert_eq!(process.join().unwrap_err().signal(), Some(signal.as_raw()));
        }
    });
}

#[test]
fn every_death_is_told() {
    #[expect(unconditional_recursion, reason = "it is what is tested")]
    fn overflow(n: u64) -> u64 {
        let pad = [n; 64];
        std::hint::black_box(overflow(n + 1)) + std::hint::black_box(pad)[(n % 64) as usize]
    }
    watched(|| {
        let abort: Process<()> = Process::spawn(|()| process::abort(), ()).unwrap();
        assert_eq!(abort.join().unwrap_err().signal(), Some(Signal::ABORT.as_raw()));

        let overflowing = Process::spawn(overflow, 0).unwrap();
        let signal = overflowing.join().unwrap_err().signal();
        assert!([Signal::SEGV, Signal::ABORT].map(|s| Some(s.as_raw())).contains(&signal));

        let killed = Process::spawn(sleep, LONG).unwrap();
        self::signal(killed.id(), Signal::KILL);
        assert_eq!(killed.join().unwrap_err().signal(), Some(Signal::KILL.as_raw()));
    });
}

#[test]
fn a_panic_is_told_with_its_place() {
    watched(|| {
        let process: Process<u8> = Process::spawn(|n: u8| panic!("no {n} today"), 3).unwrap();
        let error = process.join().unwrap_err();
        let panic = error.panic().expect("a panic");
        assert_eq!(panic.message, "no 3 today");
        let (file, line) = panic.place.as_ref().expect("a place");
        assert!(file.ends_with("ends.rs") && *line > 0);
        assert!(panic.backtrace.contains("process"));
        assert_eq!(process.exit_status().unwrap().code(), Some(101));
        assert!(error.to_string().contains("no 3 today"), "{error}");
    });
}
