use std::io::{BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::Effect;
use crate::task::TaskSpec;
use crate::value::Number;

/// The task that [`victim`] is to evaluate.
const TASK_VARIABLE: &str = "PMAP_TEST_VICTIM_TASK";
const REACHED: &str = "victim is about to evaluate";
const RETURNED: i32 = 99;

/// Evaluates a task that ends or hangs its process; started by the other tests in a process of its own.
#[test]
#[ignore = "only for a process of its own"]
fn victim() {
    let Ok(task) = std::env::var(TASK_VARIABLE) else {
        return;
    };
    let mut evaluator = task.parse::<TaskSpec>().unwrap().compile();
    println!("\n{REACHED}");
    evaluator.exact(&Number::Int(1), 0).unwrap();
    std::process::exit(RETURNED);
}

fn start(task: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "task::effects::tests::victim", "--ignored", "--nocapture"])
        .env(TASK_VARIABLE, task)
        // Should the system write core files, then not into the sources.
        .current_dir(std::env::temp_dir())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn end_of(task: &str) -> ExitStatus {
    start(task).wait_with_output().unwrap().status
}

#[test]
fn each_way_to_die_is_the_real_one() {
    const SIGABRT: i32 = 6;
    const SIGSEGV: i32 = 11;
    assert_eq!(end_of("abort()").signal(), Some(SIGABRT));
    assert_eq!(end_of("segv()").signal(), Some(SIGSEGV));
    assert_eq!(end_of("exit(0)").code(), Some(0));
    assert_eq!(end_of("n + 2*exit(255)").code(), Some(255));
    // Only where it is asked for.
    assert_eq!(end_of("abort() if n == 2 else n").code(), Some(RETURNED));
}

#[test]
fn hanging_is_neither_returning_nor_dying() {
    let mut child = start("hang()");
    let output = BufReader::new(child.stdout.take().unwrap());
    assert!(output.lines().map_while(Result::ok).any(|line| line == REACHED));
    thread::sleep(Duration::from_millis(100));
    let ended = child.try_wait().unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(ended, None);
}

#[test]
fn sleeping_takes_as_long_as_it_says() {
    let begin = Instant::now();
    Effect::Sleep(Duration::from_millis(30)).perform().unwrap();
    assert!(begin.elapsed() >= Duration::from_millis(30));
}

#[test]
#[should_panic(expected = "the task called panic()")]
fn panicking_unwinds() {
    let _ = Effect::Panic.perform();
}

#[test]
fn memory_is_taken_if_there_is_some() {
    assert_eq!(Effect::Alloc(1 << 16).perform(), Ok(()));
    let said = Effect::Alloc(usize::MAX / 2).perform().unwrap_err().to_string();
    assert_eq!(said, "MemoryError: there are no 9223372036854775807 bytes to be had");
}
