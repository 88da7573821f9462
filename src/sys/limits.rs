//! What a process may use up, set by itself and for good.

use std::io;
use std::time::Duration;

use rustix::process::{Resource, Rlimit};

/// Leaves no file of the process's memory behind when it crashes: a task that dies on one item of a
/// million must not fill the disk.
pub fn no_core_dump() {
    let _ =
        rustix::process::setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) });
}

/// Private memory that can be written, in bytes: heap, thread stacks, anonymous mappings. Segments shared with others
/// do not count, nor does the main thread's stack. Beyond it, memory is refused.
///
/// # Errors
/// The system refuses the limit.
pub fn memory(bytes: u64) -> io::Result<()> {
    let before = rustix::process::getrlimit(Resource::Data);
    let bytes = before.maximum.map_or(bytes, |most| most.min(bytes));
    let limit = Rlimit { current: Some(bytes), maximum: Some(bytes) };
    Ok(rustix::process::setrlimit(Resource::Data, limit)?)
}

/// From now on the process may use `seconds` of processor time, to the second; then SIGXCPU ends it. It can be called
/// again, and then counts from there.
///
/// # Errors
/// The system refuses the limit: a lower one is in force already, which cannot be raised.
pub fn processor_time(seconds: u64) -> io::Result<()> {
    let used = super::clock::cpu_time();
    let until = used.saturating_add(Duration::from_secs(seconds)).as_secs();
    // The system looks at whole seconds.
    let until = until + u64::from(used.subsec_nanos() > 0);
    let limit = Rlimit { current: Some(until), ..rustix::process::getrlimit(Resource::Cpu) };
    Ok(rustix::process::setrlimit(Resource::Cpu, limit)?)
}

/// Makes way for others: adds to the process's niceness, 0 to 19.
///
/// # Errors
/// The system refuses it.
pub fn nice(more: u8) -> io::Result<()> {
    if more > 0 {
        rustix::process::nice(more.into())?;
    }
    Ok(())
}

/// How much sooner than its supervisor a worker shall be ended when the machine runs out of memory, of 1000.
const SOONER: i32 = 500;

/// When the machine runs out of memory, the system shall end this process and not the one that started it. Without
/// `/proc` it chooses for itself.
pub fn die_first() {
    const FILE: &str = "/proc/self/oom_score_adj";
    let text = std::fs::read_to_string(FILE).unwrap_or_default();
    if let Ok(inherited) = text.trim().parse::<i32>() {
        let score = (SOONER + inherited).min(1000);
        let _ = std::fs::write(FILE, score.to_string());
    }
}
