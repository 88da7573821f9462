//! What happens to a process: for demonstrations, and for tests of what becomes of an item that does it.

use super::{Body, Function};
use crate::task::effects::{Effect, SLEEP_MAX_SECONDS};
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

pub(super) static ALL: [Function; 7] = [
    effect("sleep", "seconds", 1, sleep, "waits; gives 0, as all of these do", "n + sleep(0.5)"),
    effect(
        "abort",
        "",
        0,
        |_| Ok(Effect::Abort),
        "ends the worker by SIGABRT",
        "abort() if n == 3 else n",
    ),
    effect(
        "segv",
        "",
        0,
        |_| Ok(Effect::Segv),
        "ends the worker by SIGSEGV",
        "segv() if n == 3 else n",
    ),
    effect(
        "exit",
        "status",
        1,
        exit,
        "ends the worker with a status in 0..=255",
        "exit(3) if n == 3 else n",
    ),
    effect("hang", "", 0, |_| Ok(Effect::Hang), "never returns", "hang() if n == 3 else n"),
    effect(
        "alloc",
        "bytes",
        1,
        alloc,
        "takes so much memory and never gives it back",
        "n + alloc(2**20)",
    ),
    effect(
        "panic",
        "",
        0,
        |_| Ok(Effect::Panic),
        "fails the item as a fault in a task does",
        "panic() if n == 3 else n",
    ),
];

const fn effect(
    name: &'static str,
    parameters: &'static str,
    count: usize,
    body: fn(&[Number]) -> Result<Effect, ItemError>,
    help: &'static str,
    example: &'static str,
) -> Function {
    Function {
        name,
        parameters,
        arguments: (count, count),
        help,
        example: (example, ""),
        body: Body::Effect(body),
        columns: &[],
    }
}

fn sleep(arguments: &[Number]) -> Result<Effect, ItemError> {
    let seconds = arithmetic::to_float(&arguments[0])?;
    if seconds < 0.0 {
        return Err(ItemError::value("sleep length must be non-negative"));
    }
    if seconds.is_nan() || seconds > SLEEP_MAX_SECONDS {
        return Err(ItemError::value("sleep takes seconds in 0..=1e9"));
    }
    Ok(Effect::Sleep(std::time::Duration::from_secs_f64(seconds)))
}

fn exit(arguments: &[Number]) -> Result<Effect, ItemError> {
    let status = arithmetic::to_integer(&arguments[0])?;
    u8::try_from(&status)
        .map(Effect::Exit)
        .map_err(|_| ItemError::value("exit takes a status in 0..=255"))
}

fn alloc(arguments: &[Number]) -> Result<Effect, ItemError> {
    let bytes = arithmetic::to_integer(&arguments[0])?;
    usize::try_from(&bytes)
        .map(Effect::Alloc)
        .map_err(|_| ItemError::value("alloc takes a number of bytes"))
}
