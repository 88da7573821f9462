//! What a worker does with submitted tasks and with `map`: one call an item.

use crate::call::{Captured, Function, Items, Outcomes, Program, Value, caught, put};
use crate::wire::Fault;
use std::marker::PhantomData;

/// Calls a function for each item.
struct Calls<F, A, R> {
    function: Function<F>,
    /// Whether every item has a packet of its own, so that its result can be told from the others without being read.
    apart: bool,
    types: PhantomData<fn(A) -> R>,
}

/// The entry for tasks that are submitted one by one.
pub(super) fn apart<F, A, R>(captured: Captured<'_>) -> Result<Box<dyn Program>, Fault>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    calls::<F, A, R>(captured, true)
}

/// The entry for the items of a map.
pub(super) fn together<F, A, R>(captured: Captured<'_>) -> Result<Box<dyn Program>, Fault>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    calls::<F, A, R>(captured, false)
}

fn calls<F, A, R>(mut captured: Captured<'_>, apart: bool) -> Result<Box<dyn Program>, Fault>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    let function = captured.function::<F>().map_err(|error| Fault::Codec(error.to_string()))?;
    Ok(Box::new(Calls { function, apart, types: PhantomData }))
}

impl<F, A, R> Calls<F, A, R>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    /// Runs the next item; its result is appended to `out`, all of it or nothing.
    fn call(&self, items: &mut Items<'_>, out: &mut Vec<u8>) -> Result<(), Fault> {
        let codec = |error: crate::call::CodecError| Fault::Codec(error.to_string());
        // The user's code reads and writes as well as it computes, and may panic there, too.
        let start = out.len();
        let done = caught(|| {
            let argument = items.next_value::<A>().map_err(codec)?;
            put(&(self.function.get())(argument), out).map_err(codec)
        });
        done.and_then(|done| done).inspect_err(|_| out.truncate(start))
    }
}

impl<F, A, R> Program for Calls<F, A, R>
where
    F: Fn(A) -> R + 'static,
    A: Value,
    R: Value,
{
    fn run(&mut self, items: &mut Items<'_>, count: u32, outcomes: &mut Outcomes) {
        let mut packet = outcomes.begin();
        let mut done = 0;
        for left in (0..count).rev() {
            let fault = self.call(items, outcomes.values()).err();
            done += u32::from(fault.is_none());
            if fault.is_some() || self.apart || left == 0 {
                if done > 0 {
                    outcomes.end(packet, done);
                } else {
                    outcomes.abandon(packet);
                }
                if let Some(fault) = fault {
                    outcomes.fail(&fault);
                }
                (packet, done) = (outcomes.begin(), 0);
            }
        }
        outcomes.abandon(packet);
    }
}
