//! The loop of a worker: take a lease, claim a block of it, evaluate, commit.

use std::borrow::Cow;
use std::fs::File;
use std::io;

use super::attach::Attached;
use super::cells::Packing;
use super::command::Commands;
use super::commit::Link;
use super::coprocess;
use super::evaluate::Evaluation;
use super::inbox::Inbox;
use super::items::Items;
use super::lines::Lines;
use super::pace::Pace;
use super::part;
use super::programs::Programs;
use super::recorder::Recorder;
use super::reduce::Reducing;
use super::texts::Texts;
use crate::call::{self, Outcomes, Program, remember_panics};
use crate::error::Violation;
use crate::shm::Claimed;
use crate::sys::{failpoint, limits, process};
use crate::task::{Cells, Partial};
use crate::value::Cell;
use crate::wire::{Call, Lease, Payload, Stdin, Work};

/// The supervisor is gone, or no longer makes sense: nothing is left to do.
pub(super) struct Stop;

impl From<io::Error> for Stop {
    fn from(_: io::Error) -> Self {
        Self
    }
}

impl From<Violation> for Stop {
    fn from(_: Violation) -> Self {
        Self
    }
}

/// Works until the supervisor goes away.
pub fn serve(attached: Attached) {
    remember_panics();
    let Attached { end, socket, welcome, file } = attached;
    if let Work::Command(command) = &welcome.work {
        if let Stdin::Items(separator) = command.stdin {
            // It has no cores to spare for looking: its program needs them.
            return coprocess::serve(Link::new(end, socket, 0), command, separator, &welcome);
        }
    }
    let mut runs_foreign_code = false;
    let hands = match welcome.work {
        Work::Expression(recipe) => {
            runs_foreign_code = recipe.calls_plugins();
            let evaluation = Evaluation::new(&recipe);
            let product = match (recipe.reduction, recipe.cells, welcome.records) {
                (Some(reduction), ..) => Product::Partial(Partial::new(reduction)),
                (None, Some(cells), _) => Product::Cells(cells),
                (None, None, Some(form)) => Product::Records(Recorder::new(form, welcome.slot.0)),
                (None, None, None) => Product::Lines,
            };
            let pace = match product {
                _ if welcome.one_by_one || recipe.has_effects() => Pace::singly(),
                _ if runs_foreign_code => Pace::for_plugin(),
                Product::Partial(_) | Product::Cells(_) => Pace::for_numbers(),
                Product::Lines | Product::Records(_) => Pace::for_expression(),
            };
            Hands::Expression(Box::new((evaluation, product)), pace)
        }
        Work::Command(command) => {
            let is_timed = welcome.bounds.item_seconds.is_some();
            Hands::Commands(
                Box::new(Commands::new(*command, welcome.slot, is_timed)),
                Pace::singly(),
            )
        }
        Work::Functions { .. } => Hands::Functions(Programs::new(!welcome.one_by_one)),
    };
    let mut server = Server {
        link: Link::new(end, socket, welcome.spins),
        inbox: Inbox::default(),
        hands,
        file,
        missing: Cow::Borrowed(""),
        cells: welcome.cells,
        item_seconds: welcome.bounds.item_seconds,
        original: runs_foreign_code.then(std::process::id),
        outcomes: Outcomes::default(),
    };
    let mut text = Vec::new();
    while let Ok(lease) = server.next_lease(&mut text) {
        if server.run(&lease, &text).is_err() {
            break;
        }
    }
}

/// What the work is done with.
enum Hands {
    Expression(Box<(Evaluation, Product)>, Pace),
    Commands(Box<Commands>, Pace),
    Functions(Programs),
}

/// What is made of an expression's results.
enum Product {
    Lines,
    Records(Recorder),
    Cells(Cells),
    Partial(Partial),
}

/// A lease's items, with what does them.
enum Batch<'a> {
    Expression(&'a mut Evaluation, Items<'a>),
    /// Records, of items that were started so often.
    Records(&'a mut Evaluation, &'a mut Recorder, Items<'a>, u32),
    Commands {
        commands: &'a mut Commands,
        items: Texts<'a>,
        attempt: u32,
    },
    Cells(&'a mut Evaluation, Cells, Items<'a>),
    Reduction(&'a mut Evaluation, &'a mut Partial, Items<'a>),
    Function(&'a mut dyn Program, call::Items<'a>),
}

impl Hands {
    /// # Errors
    /// The lease is none for a worker of this kind.
    fn take<'a>(
        &'a mut self,
        lease: &Lease,
        text: &'a [u8],
        cells: Option<Cell>,
        missing: &'a str,
    ) -> Result<(Batch<'a>, &'a mut Pace), Stop> {
        match (self, lease.payload) {
            (Self::Expression(hands, pace), Payload::Range { start, step }) => {
                Ok((expression(hands, lease, Items::range(lease.first, start, step)), pace))
            }
            (Self::Expression(hands, pace), Payload::Lines { .. } | Payload::Part { .. }) => {
                let items = Items::of_bytes(lease.first, cells, text, missing);
                Ok((expression(hands, lease, items), pace))
            }
            (Self::Commands(commands, pace), payload) => {
                let items = match payload {
                    Payload::Range { start, step } => Texts::range(lease.first, start, step),
                    Payload::Lines { .. } => Texts::text(lease.first, text, commands.separator()),
                    Payload::Part { .. } | Payload::Call { .. } => return Err(Stop),
                };
                Ok((Batch::Commands { commands, items, attempt: lease.attempt }, pace))
            }
            (Self::Functions(programs), Payload::Call { .. }) => {
                let call = Call::parse(text).ok_or(Stop)?;
                let known = programs.prepare(&call).ok_or(Stop)?;
                let batch = Batch::Function(&mut *known.program, Programs::items(&call));
                Ok((batch, &mut known.pace))
            }
            _ => Err(Stop),
        }
    }
}

fn expression<'a>(
    (evaluation, product): &'a mut (Evaluation, Product),
    lease: &Lease,
    items: Items<'a>,
) -> Batch<'a> {
    match product {
        Product::Partial(partial) => Batch::Reduction(evaluation, partial, items),
        Product::Cells(cells) => Batch::Cells(evaluation, *cells, items),
        Product::Records(recorder) => {
            Batch::Records(evaluation, recorder, items, lease.attempt.saturating_add(1))
        }
        Product::Lines => Batch::Expression(evaluation, items),
    }
}

impl Batch<'_> {
    /// Does the next `count` items.
    fn run(&mut self, count: u32, outcomes: &mut Outcomes) {
        match self {
            Self::Expression(evaluation, items) => {
                evaluation.run(items, count, &mut Lines(outcomes));
            }
            Self::Records(evaluation, recorder, items, attempts) => {
                recorder.record(items, count, *attempts, outcomes, |items, printed| {
                    evaluation.run(items, count, &mut Lines(printed));
                });
            }
            Self::Commands { commands, items, attempt } => {
                for _ in 0..count {
                    let (index, item) = items.next();
                    commands.run(item, index, *attempt, outcomes);
                }
            }
            Self::Cells(evaluation, cells, items) => {
                let mut sink = Packing::new(*cells, outcomes);
                evaluation.run(items, count, &mut sink);
                sink.finish();
            }
            Self::Reduction(evaluation, partial, items) => {
                let mut sink = Reducing::new(partial, outcomes);
                evaluation.run(items, count, &mut sink);
                sink.finish();
            }
            Self::Function(program, items) => program.run(items, count, outcomes),
        }
    }
}

struct Server {
    link: Link,
    inbox: Inbox,
    hands: Hands,
    /// The file of which leases name parts.
    file: Option<File>,
    /// Why the file holds less than the lease says, if it does.
    missing: Cow<'static, str>,
    /// What items are that come as bytes, if not lines.
    cells: Option<Cell>,
    /// Processor time that one item may use.
    item_seconds: Option<u64>,
    /// Our process, where a task may have it copied.
    original: Option<u32>,
    outcomes: Outcomes,
}

impl Server {
    fn next_lease(&mut self, text: &mut Vec<u8>) -> Result<Lease, Stop> {
        let mut lease = self.inbox.poll(&mut self.link.end, text)?;
        if lease.is_none() {
            let inbox = &mut self.inbox;
            self.link.wait(|end| {
                lease = inbox.poll(end, text)?;
                Ok(lease.is_some())
            })?;
        }
        let lease = lease.ok_or(Stop)?;
        if let Payload::Part { offset, length } = lease.payload {
            let file = self.file.as_ref().ok_or(Stop)?;
            self.missing = part::read(file, offset, length, self.cells, text);
        }
        Ok(lease)
    }

    /// Runs what is ours of a lease.
    fn run(&mut self, lease: &Lease, text: &[u8]) -> Result<(), Stop> {
        let (mut batch, pace) = self.hands.take(lease, text, self.cells, &self.missing)?;
        let end = lease.sequence.wrapping_add(lease.items);
        let mut next = lease.sequence;
        while next != end {
            let block = if lease.singly { 1 } else { pace.block() };
            failpoint::pass("claim");
            match self.link.end.claims.claim(next, end, block) {
                Claimed::Items(count) => {
                    failpoint::pass("claimed");
                    if let Some(seconds) = self.item_seconds {
                        limits::processor_time(seconds)?;
                    }
                    let outcomes = &mut self.outcomes;
                    pace.timed(count, || {
                        batch.run(count, outcomes);
                        outcomes.bytes().len()
                    });
                    if self.original.is_some_and(|original| original != std::process::id()) {
                        // A `fork` by the task that has come back twice. The ring is the other's.
                        process::vanish();
                    }
                    self.link.commit(outcomes)?;
                    next = next.wrapping_add(count);
                }
                Claimed::Nothing => {
                    // Not granted yet, or taken back. A lease is sent only when the one before it has been
                    // granted: if there is more in the ring, the rest of this one was taken back for good.
                    let mut is_superseded = false;
                    self.link.wait(|end| {
                        is_superseded = end.downlink.look()?.bytes > 0;
                        Ok(is_superseded || end.claims.any_granted())
                    })?;
                    if is_superseded && !self.link.end.claims.any_granted() {
                        break;
                    }
                }
                Claimed::LeaseIsOver => break,
            }
        }
        Ok(())
    }
}
