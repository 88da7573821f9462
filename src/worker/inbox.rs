//! Leases as they come down the ring: read whole into private memory before anything of them is run.

use crate::error::Violation;
use crate::shm::WorkerEnd;
use crate::sys::failpoint;
use crate::wire::{HEADER_LEN, Lease};

/// The largest piece that is taken from the ring at a time, in bytes; the supervisor can refill what was taken.
const GULP: usize = 64 << 10;

/// The lease being read.
#[derive(Default)]
pub(super) struct Inbox {
    header: Vec<u8>,
    lease: Option<Lease>,
    /// The lease's text, as far as it has come.
    text: Vec<u8>,
}

impl Inbox {
    /// Takes what has come; the next lease once all of it is there, whose text replaces `text`.
    ///
    /// # Errors
    /// The ring holds no lease where one must begin.
    pub(super) fn poll(
        &mut self,
        end: &mut WorkerEnd,
        text: &mut Vec<u8>,
    ) -> Result<Option<Lease>, Violation> {
        loop {
            let fresh = end.downlink.look()?;
            let wanted = match self.lease {
                None => HEADER_LEN - self.header.len(),
                Some(lease) => missing(&lease, &self.text),
            };
            if wanted > 0 && fresh.bytes == 0 {
                return Ok(None);
            }
            let count = wanted.min(fresh.bytes).min(GULP);
            let into = if self.lease.is_none() { &mut self.header } else { &mut self.text };
            end.downlink.pull(count, into);
            failpoint::pass("inbox");
            end.downlink.release();
            if let Ok(header) = <&[u8; HEADER_LEN]>::try_from(self.header.as_slice()) {
                self.lease = Some(Lease::parse(header).ok_or(Violation::Framing)?);
                self.header.clear();
            }
            if let Some(lease) = self.lease.take_if(|lease| missing(lease, &self.text) == 0) {
                text.clear();
                std::mem::swap(text, &mut self.text);
                return Ok(Some(lease));
            }
        }
    }
}

/// How many bytes of its text a lease still lacks.
fn missing(lease: &Lease, text: &[u8]) -> usize {
    usize::try_from(lease.payload.length()).unwrap_or(usize::MAX).saturating_sub(text.len())
}
