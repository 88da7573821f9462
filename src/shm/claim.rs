//! Who runs an item, decided by one compare-and-swap: a worker claims an item before it runs it, and the
//! supervisor takes back what is not claimed.
//!
//! Items that a worker is given are numbered in the order of giving, from 0, wrapping at 2^32: their
//! *sequence*. The claim word holds `granted` (high half) and `claimed` (low half): sequences below
//! `claimed` are the worker's for good, those from there to `granted` can still be taken back. A sequence
//! that was taken back is never given again: the next grant jumps over it, and only once everything before
//! it is claimed. So a worker that is about to claim from an outdated lease finds `claimed` beyond it.

use std::sync::atomic::Ordering;

use super::words::{Word, pack, unpack};
use crate::error::Violation;

/// How far the end of what is granted may be ahead of what is claimed: of two sequences further apart than
/// half of all, nobody can say which comes first.
const SIGHT: u32 = u32::MAX / 2;

/// A grant that would be taken now.
struct Opening {
    /// What the word is.
    word: u64,
    /// The sequence from which the worker is to claim.
    first: u32,
    end: u32,
}

/// The supervisor's side.
pub struct Grants<W> {
    word: W,
    /// The end of what the worker may claim; what the word's high half must hold.
    granted: u32,
    /// The sequence that the next item gets; above `granted` after something was taken back.
    next: u32,
    /// The last `claimed` seen; it only grows.
    claimed_seen: u32,
}

impl<W: Word> Grants<W> {
    /// Over a zeroed word.
    pub fn new(word: W) -> Self {
        Self { word, granted: 0, next: 0, claimed_seen: 0 }
    }

    /// Over a word by which everything before this sequence was granted and claimed.
    #[cfg(test)]
    pub(super) fn starting_at(word: W, sequence: u32) -> Self {
        Self { word, granted: sequence, next: sequence, claimed_seen: sequence }
    }

    /// Loads the word and checks it against what a worker may have done with it.
    fn load(&mut self) -> Result<(u64, u32), Violation> {
        self.check(self.word.load(Ordering::Relaxed))
    }

    /// The word as it was just seen, and its `claimed`. A word that passes differs from the last one that did
    /// only in that more is claimed: so whoever tries again after a failed swap does so a bounded number of
    /// times, whatever the worker does to the word meanwhile.
    fn check(&mut self, word: u64) -> Result<(u64, u32), Violation> {
        let (granted, claimed) = unpack(word);
        let claimed_before = self.claimed_seen;
        let outstanding = self.granted.wrapping_sub(claimed_before);
        if granted != self.granted || claimed.wrapping_sub(claimed_before) > outstanding {
            return Err(Violation::Claim);
        }
        self.claimed_seen = claimed;
        Ok((word, claimed))
    }

    /// The sequence that the first item of the next grant will have.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// What the word, as it was `seen`, must become to grant the next `items`; `None`: not yet.
    fn opening(&self, (word, claimed): (u64, u32), items: u32) -> Option<Opening> {
        let jumps = self.next != self.granted;
        if jumps && claimed != self.granted {
            return None;
        }
        let first = if jumps { self.next } else { claimed };
        let end = self.next.wrapping_add(items);
        let is_within_sight = end.wrapping_sub(first) <= SIGHT;
        is_within_sight.then_some(Opening { word, first, end })
    }

    /// Whether a grant of `items` would be taken now: after a take-back, only once the rest is claimed.
    ///
    /// # Errors
    /// The worker has scribbled over the word.
    pub fn is_open(&mut self, items: u32) -> Result<bool, Violation> {
        let seen = self.load()?;
        Ok(self.opening(seen, items).is_some())
    }

    /// Grants the next `items` items, at most 2^31 - 1, whose lease is in the ring already. `Ok(false)`: not
    /// yet, see [`Grants::is_open`].
    ///
    /// # Errors
    /// The worker has scribbled over the word.
    pub fn grant(&mut self, items: u32) -> Result<bool, Violation> {
        let mut seen = self.load()?;
        loop {
            let Some(Opening { word, first, end }) = self.opening(seen, items) else {
                return Ok(false);
            };
            // Relaxed: what is granted lies in the ring, whose own words order it. Of two grants, a worker that
            // sees the second one's lease there sees the first grant as well, see `worker::serve`.
            let swapped = self.word.compare_exchange(
                word,
                pack(end, first),
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            match swapped {
                Ok(_) => {
                    self.claimed_seen = first;
                    self.granted = end;
                    self.next = end;
                    return Ok(true);
                }
                Err(word) => seen = self.check(word)?,
            }
        }
    }

    /// Takes back up to `wanted` items from the end of what is granted and not claimed; how many it got.
    ///
    /// # Errors
    /// The worker has scribbled over the word.
    pub fn take_back(&mut self, wanted: u32) -> Result<u32, Violation> {
        let mut seen = self.load()?;
        loop {
            let (word, claimed) = seen;
            let taken = wanted.min(self.granted.wrapping_sub(claimed));
            if taken == 0 {
                return Ok(0);
            }
            let granted = self.granted.wrapping_sub(taken);
            // Relaxed: the word itself decides who has the items; no other memory is handed over.
            let swapped = self.word.compare_exchange(
                word,
                pack(granted, claimed),
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            match swapped {
                Ok(_) => {
                    self.granted = granted;
                    return Ok(taken);
                }
                Err(word) => seen = self.check(word)?,
            }
        }
    }

    /// How many items are granted and not claimed.
    ///
    /// # Errors
    /// The worker has scribbled over the word.
    pub fn unclaimed(&mut self) -> Result<u32, Violation> {
        let (_, claimed) = self.load()?;
        Ok(self.granted.wrapping_sub(claimed))
    }
}

/// What a claim got.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claimed {
    /// These items, from the sequence that was asked for; at least 1.
    Items(u32),
    /// Nothing of this lease is granted: not yet, or no more.
    Nothing,
    /// What is left of this lease was taken back, and something else granted since.
    LeaseIsOver,
}

/// The worker's side.
pub struct Claims<W> {
    word: W,
}

impl<W: Word> Claims<W> {
    /// Over the supervisor's word.
    pub fn new(word: W) -> Self {
        Self { word }
    }

    /// Claims up to `wanted` items of a lease whose next unclaimed item has the sequence `next`, and whose
    /// last one is right before `end`.
    pub fn claim(&self, next: u32, end: u32, wanted: u32) -> Claimed {
        loop {
            // Relaxed: a lease that we hold was read from the ring, whose words order everything else.
            let word = self.word.load(Ordering::Relaxed);
            let (granted, claimed) = unpack(word);
            if claimed != next {
                let is_past = claimed.wrapping_sub(next) <= SIGHT;
                // Not past it: this lease's grant will jump over what was taken back before it.
                return if is_past { Claimed::LeaseIsOver } else { Claimed::Nothing };
            }
            let open = granted.wrapping_sub(claimed).min(end.wrapping_sub(next));
            let items = open.min(wanted);
            if items == 0 {
                return Claimed::Nothing;
            }
            let swapped = self.word.compare_exchange(
                word,
                pack(granted, claimed.wrapping_add(items)),
                Ordering::Relaxed,
                Ordering::Relaxed,
            );
            if swapped.is_ok() {
                return Claimed::Items(items);
            }
        }
    }

    /// Whether something is granted and not claimed.
    pub fn any_granted(&self) -> bool {
        let (granted, claimed) = unpack(self.word.load(Ordering::Relaxed));
        granted != claimed
    }
}
