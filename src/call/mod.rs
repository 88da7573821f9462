//! Functions that run in another process: how one is named, what it captured, how its items and results look as
//! bytes, and what a worker does with them.
//!
//! A [`Program`] is what a worker makes of a function once and then applies to leases. It is made by an [`Entry`], a
//! plain `fn` of this very binary that travels as a number ([`FunctionId`]) beside the bytes of what was captured
//! ([`Captures`]). Nothing else of a function is ever sent: a closure may capture nothing ([`Function`]).

mod captures;
mod codec;
mod function;
mod items;
mod outcomes;
mod panic;
mod passed;

pub use captures::{Captured, Captures, Kept};
pub use codec::{CodecError, Value, pass, put, put_refusal, raw_width, take, take_all};
pub use function::{Foreign, Function, FunctionId};
pub use items::Items;
pub use outcomes::{Outcomes, Packet};
pub use panic::{caught, remember_and_print_panics, remember_panics};
pub use passed::Passed;
pub(crate) use passed::{with_incoming, with_outgoing};

use crate::wire::Fault;

/// Makes a program of what was captured; runs in the worker, before the program's first item.
pub type Entry = fn(Captured<'_>) -> Result<Box<dyn Program>, Fault>;

/// What a worker does with the leases of one function. It lives in one worker, on one thread, until the
/// supervisor says that no more of its leases will come.
pub trait Program {
    /// Runs the next `count` of `items`, at least 1, and appends to `outcomes` packets that stand for just as many
    /// items, in order.
    ///
    /// What panics in here fails items, and must be caught in here: only the program knows which of the items
    /// have outcomes already.
    fn run(&mut self, items: &mut Items<'_>, count: u32, outcomes: &mut Outcomes);
}
