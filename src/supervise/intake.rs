//! Outcomes on their way out of the uplink: copied first, and then believed only as far as what we know ourselves
//! allows.

use crate::error::Violation;
use crate::shm::SupervisorEnd;
use crate::sys::failpoint;
use crate::wire::Encoding;

/// What is known of the outcomes that are still to come.
pub(super) struct Intake {
    encoding: Encoding,
    /// The begin of an outcome whose end has not come.
    partial: Vec<u8>,
}

impl Intake {
    pub(super) fn new(encoding: Encoding) -> Self {
        Self { encoding, partial: Vec::new() }
    }

    /// Bytes of an outcome whose end has not come.
    pub(super) fn begun(&self) -> usize {
        self.partial.len()
    }

    /// Copies what the worker has published out of the ring: appends complete outcomes to `outcomes`, and says of how
    /// many items they are, at most `granted`; `None` if there was nothing.
    ///
    /// # Errors
    /// What it has published cannot be right, or one outcome has more than `limit` bytes.
    pub(super) fn drain(
        &mut self,
        end: &mut SupervisorEnd,
        granted: u64,
        limit: usize,
        outcomes: &mut Vec<u8>,
    ) -> Result<Option<u64>, Violation> {
        let fresh = end.uplink.look()?;
        let items = u64::from(fresh.items);
        if fresh.bytes == 0 {
            return if items == 0 { Ok(None) } else { Err(Violation::Framing) };
        }
        // Whoever may run nothing has nothing to say, not even the begin of it.
        if items > granted || granted == 0 {
            return Err(Violation::ItemCount);
        }
        failpoint::pass("drain");
        if items == 0 {
            end.uplink.pull(fresh.bytes, &mut self.partial);
        } else {
            let start = outcomes.len();
            outcomes.append(&mut self.partial);
            end.uplink.pull(fresh.bytes, outcomes);
            // Behind the last complete outcome, the begin of one that is too large for the ring.
            let whole = start + self.encoding.measure(&outcomes[start..], items)?;
            self.partial.extend_from_slice(&outcomes[whole..]);
            outcomes.truncate(whole);
        }
        if self.partial.len() > limit {
            return Err(Violation::ResultSize(limit));
        }
        failpoint::pass("drained");
        end.uplink.release();
        Ok(Some(items))
    }
}
