//! A chain as a program: what a worker makes of it, and what becomes of an item that fails.

use super::stage::{Form, Halt, Stage, Tally};
use crate::call::{
    Captured, CodecError, Entry, Items, Kept, Outcomes, Program, Value, caught, put,
};
use crate::wire::Fault;

/// What rebuilds the chain `P` in a worker. Its captures begin with what [`super::send`] puts there.
pub(super) fn entry<P>() -> Entry
where
    P: Stage,
    P::Item: Value,
{
    |mut captured| {
        match captured.value::<Option<String>>() {
            Ok(None) => {}
            Ok(Some(refusal)) => return Err(Fault::Codec(refusal)),
            Err(error) => return Err(codec(&error)),
        }
        let kept = captured.keep();
        let chain = rebuilt::<P>(captured)?;
        Ok(Box::new(Chain { chain: Some(chain), kept }))
    }
}

fn rebuilt<P: Stage>(mut captured: Captured<'_>) -> Result<P, Fault> {
    P::rebuild(&mut captured).map_err(|error| codec(&error))
}

fn codec(error: &CodecError) -> Fault {
    Fault::Codec(error.to_string())
}

/// A chain at work.
struct Chain<P> {
    /// None after a panic, which may have left a worker's state half-done.
    chain: Option<P>,
    kept: Kept,
}

impl<P> Program for Chain<P>
where
    P: Stage,
    P::Item: Value,
{
    fn run(&mut self, items: &mut Items<'_>, count: u32, outcomes: &mut Outcomes) {
        let mut left = count;
        while left > 0 {
            match self.attempt(items, left, outcomes) {
                Ok(()) => return,
                // Nothing of a fold can be kept: once more, one by one.
                Err(_) if P::FOLDS && left > 1 => {
                    for _ in 0..left {
                        self.run(items, 1, outcomes);
                    }
                    return;
                }
                Err(failed) => {
                    outcomes.fail(&failed.fault);
                    pass::<P>(items, failed.behind + 1);
                    left -= failed.behind + 1;
                }
            }
        }
    }
}

/// An item that failed.
struct Failed {
    /// How many items lie before it whose outcomes are kept.
    behind: u32,
    fault: Fault,
}

impl<P> Chain<P>
where
    P: Stage,
    P::Item: Value,
{
    /// Runs the next `count` items, up to one that fails: `items` has not moved then.
    fn attempt(
        &mut self,
        items: &mut Items<'_>,
        count: u32,
        outcomes: &mut Outcomes,
    ) -> Result<(), Failed> {
        let chain = match &mut self.chain {
            Some(chain) => chain,
            // Whoever makes the state of a worker may panic, too.
            None => match caught(|| rebuilt(self.kept.read())).and_then(|chain| chain) {
                Ok(chain) => self.chain.insert(chain),
                Err(fault) => return Err(Failed { behind: 0, fault }),
            },
        };
        let packet = outcomes.begin();
        let mut settled = Settled { items: 0, end: outcomes.values().len() };
        let ended = caught(|| {
            let emission = Emission::new(outcomes.values(), &mut settled);
            chain.drive(items, count, emission, Emission::emit).map(drop)
        });
        let fault = match ended {
            Ok(Ok(())) => {
                outcomes.end(packet, count);
                return Ok(());
            }
            Ok(Err(Halt::Enough)) => {
                pass::<P>(items, count);
                outcomes.end(packet, count);
                return Ok(());
            }
            Ok(Err(Halt::Refused(error))) => codec(&error),
            Err(fault) => {
                self.chain = None;
                fault
            }
        };
        if P::FOLDS || settled.items == 0 {
            outcomes.abandon(packet);
            return Err(Failed { behind: 0, fault });
        }
        outcomes.values().truncate(settled.end);
        outcomes.end(packet, settled.items);
        Err(Failed { behind: settled.items, fault })
    }
}

/// Goes on behind some items that nobody reads.
fn pass<P: Stage>(items: &mut Items<'_>, count: u32) {
    let mut bytes = items.bytes();
    for _ in 0..count {
        P::Form::pass(&mut bytes);
    }
    items.advance(count, bytes);
}

/// What can be kept if the next item fails.
#[derive(Clone, Copy)]
struct Settled {
    items: u32,
    /// Where the values of these items end.
    end: usize,
}

/// Values on their way into a packet. What is settled is counted here, where the loop has it in registers, and told
/// when the loop ends, in whatever way.
struct Emission<'a> {
    values: &'a mut Vec<u8>,
    settled: Settled,
    told: &'a mut Settled,
}

impl<'a> Emission<'a> {
    fn new(values: &'a mut Vec<u8>, told: &'a mut Settled) -> Self {
        Self { values, settled: *told, told }
    }

    fn emit<T: Value>(self, value: T) -> Result<Self, Halt> {
        put(&value, self.values)?;
        Ok(self)
    }
}

impl Tally for Emission<'_> {
    fn settle(&mut self) {
        self.settled = Settled { items: self.settled.items + 1, end: self.values.len() };
    }

    fn settled(&self) -> u32 {
        self.settled.items
    }
}

impl Drop for Emission<'_> {
    fn drop(&mut self) {
        *self.told = self.settled;
    }
}
