//! What the two sides say to each other. Over the control socket: messages, as postcard writes them.
//! Down the ring: leases, a fixed header and raw bytes. Up the ring: outcomes, one line an item, or packets of values
//! where nobody prints them, or where they are printed as they are in memory.
//!
//! `worker` and `supervise` share nothing but this and `shm`, as two programs would.

mod call;
pub mod cells;
mod encoding;
mod errand;
mod fault;
mod lease;
mod message;
mod mishap;
mod outcome;
pub mod packet;
pub mod partial;
mod parting;

pub use call::Call;
pub use encoding::Encoding;
pub use errand::{Errand, Report};
pub use fault::Fault;
pub use lease::{HEADER_LEN, Lease, Payload};
pub use message::{
    Bounds, Command, DOORBELL, FromWorker, MAX_MESSAGE, MessageError, PROTOCOL, Stdin, Welcome,
    Work, decode, encode,
};
pub use mishap::Mishap;
pub use outcome::{Batch, Line, push_dropped, push_failure};
pub use parting::{Moment, Parting};

#[cfg(test)]
mod tests;
