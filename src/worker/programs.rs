//! The functions that a worker has been told of, each made ready once.

use std::collections::BTreeMap;

use super::pace::Pace;
use crate::call::{Captured, FunctionId, Items, Outcomes, Program, caught};
use crate::source::{CallItems, Definition};
use crate::wire::{Call, Fault};

/// A program with what is known of its speed.
pub(super) struct Known {
    pub(super) program: Box<dyn Program>,
    pub(super) pace: Pace,
}

/// Programs by their numbers.
pub(super) struct Programs {
    known: BTreeMap<u32, Known>,
    /// Whether items may be run in blocks.
    in_blocks: bool,
}

impl Programs {
    pub(super) fn new(in_blocks: bool) -> Self {
        Self { known: BTreeMap::new(), in_blocks }
    }

    /// The program of a call, made ready if it is new; `None` if it is neither known nor defined. Forgets those that
    /// are of no more use.
    pub(super) fn prepare(&mut self, call: &Call<'_>) -> Option<&mut Known> {
        while let Some(oldest) = self.known.first_entry().filter(|known| *known.key() < call.oldest)
        {
            let Known { program, .. } = oldest.remove();
            // Its author's clean-up may panic; that is nobody's item.
            let _ = caught(|| drop(program));
        }
        if let Some(definition) = call.definition {
            let pace = if self.in_blocks { Pace::for_function() } else { Pace::singly() };
            self.known.insert(call.program, Known { program: ready(definition), pace });
        }
        self.known.get_mut(&call.program)
    }

    /// The items of a call.
    pub(super) fn items<'a>(call: &Call<'a>) -> Items<'a> {
        match call.items {
            CallItems::Range { start, step } => Items::range(call.first, start, step),
            CallItems::Values(bytes) => Items::values(call.first, bytes),
        }
    }
}

/// Makes a program ready; or, where that fails, one that says so for every item.
fn ready(definition: Definition<'_>) -> Box<dyn Program> {
    #[expect(unsafe_code, reason = "a number from the supervisor names code of ours")]
    // SAFETY: the supervisor is the same build, which the handshake has verified, and sends only what `FunctionId::of`
    // gave it, beside the captures that were written for this entry.
    let (entry, captured) = unsafe {
        (FunctionId::entry_from_bits(definition.entry), Captured::new(definition.captures))
    };
    match caught(|| entry(captured)).and_then(|made| made) {
        Ok(program) => program,
        Err(fault) => Box::new(Broken(fault)),
    }
}

/// What could not be made ready.
struct Broken(Fault);

impl Program for Broken {
    fn run(&mut self, _: &mut Items<'_>, count: u32, outcomes: &mut Outcomes) {
        for _ in 0..count {
            outcomes.fail(&self.0);
        }
    }
}
