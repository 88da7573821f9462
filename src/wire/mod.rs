//! What the two sides say to each other. Over the control socket: messages, as postcard writes them.
//! Down the ring: leases, a fixed header and raw bytes. Up the ring: outcomes, one line an item.
//!
//! `worker` and `supervise` share nothing but this and `shm`, as two programs would.

mod lease;
mod message;
mod outcome;

pub use lease::{HEADER_LEN, Lease, Payload};
pub use message::{
    DOORBELL, FromWorker, MAX_MESSAGE, MessageError, PROTOCOL, Welcome, decode, encode,
};
pub use outcome::{Batch, Line, check, push_failure};

#[cfg(test)]
mod tests;
