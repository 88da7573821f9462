//! Leases as they lie on the desk of a worker whose program answers items: items are claimed one by one, each when it is
//! about to be given to the program, so that all others can still be taken back.

use super::super::commit::Link;
use super::super::inbox::Inbox;
use super::super::serve::Stop;
use crate::shm::Claimed;
use crate::sys::failpoint;
use crate::value::{format, separated};
use crate::wire::{Lease, Payload};

/// What there is to claim.
pub(super) struct Desk {
    inbox: Inbox,
    /// What stands behind each item in the text of leases.
    separator: u8,
    lease: Option<Lease>,
    /// The text of the lease.
    text: Vec<u8>,
    /// Where in it the next item begins.
    at: usize,
    /// The next item of a range.
    number: i64,
    /// The sequence of the next item.
    next: u32,
    /// The item that was claimed last.
    item: Vec<u8>,
}

impl Desk {
    pub(super) fn new(separator: u8) -> Self {
        let (inbox, lease, text, item) = (Inbox::default(), None, Vec::new(), Vec::new());
        Self { inbox, separator, lease, text, at: 0, number: 0, next: 0, item }
    }

    /// Whether the next item is to be run with nothing beside it.
    pub(super) fn is_single(&self) -> bool {
        self.lease.is_some_and(|lease| lease.singly)
    }

    /// Has a lease at hand; whether there is one.
    ///
    /// # Errors
    /// The ring holds none where one must begin.
    pub(super) fn look(&mut self, link: &mut Link) -> Result<bool, Stop> {
        if self.lease.is_none() {
            self.lease = self.inbox.poll(&mut link.end, &mut self.text)?;
            self.at = 0;
            if let Some(lease) = self.lease {
                self.next = lease.sequence;
                match lease.payload {
                    Payload::Range { start, .. } => self.number = start,
                    Payload::Lines { .. } => {}
                    // None for a worker of this kind.
                    Payload::Part { .. } | Payload::Call { .. } => return Err(Stop),
                }
            }
        }
        Ok(self.lease.is_some())
    }

    /// Claims the next item, if there is one that is ours.
    ///
    /// # Errors
    /// As [`Desk::look`].
    pub(super) fn claim(&mut self, link: &mut Link) -> Result<Option<&[u8]>, Stop> {
        while self.look(link)? {
            let Some(lease) = self.lease else { break };
            let end = lease.sequence.wrapping_add(lease.items);
            failpoint::pass("claim");
            match link.end.claims.claim(self.next, end, 1) {
                Claimed::Items(_) => {
                    failpoint::pass("claimed");
                    self.take(&lease);
                    self.next = self.next.wrapping_add(1);
                    if self.next == end {
                        self.lease = None;
                    }
                    return Ok(Some(&self.item));
                }
                Claimed::LeaseIsOver => self.lease = None,
                Claimed::Nothing => {
                    // As in `serve`: not granted yet, or, if there is more in the ring, taken back for good.
                    let is_superseded = link.end.downlink.look()?.bytes > 0;
                    if link.end.claims.any_granted() {
                        continue;
                    }
                    if !is_superseded {
                        break;
                    }
                    self.lease = None;
                }
            }
        }
        Ok(None)
    }

    /// Takes the next item out of the lease.
    fn take(&mut self, lease: &Lease) {
        self.item.clear();
        if let Payload::Range { step, .. } = lease.payload {
            format::int(self.number, &mut self.item);
            // Past a range's last item there may be no number; nobody asks for it.
            self.number = self.number.wrapping_add(step);
        } else {
            let rest = &self.text[self.at..];
            // Nothing, of a lease that holds fewer than it says.
            let (item, used) = separated::next_record(rest, self.separator).unwrap_or_default();
            self.item.extend_from_slice(item);
            self.at += used;
        }
    }
}
