//! Sleeping without missing anything, and waking without a system call nobody needs.
//!
//! Who is about to sleep announces how deep, looks once more, and sleeps on a descriptor. Who has published
//! something looks at the announcement and rings only if it is asked to. A `SeqCst` fence on either side,
//! between one's own write and one's look at the other's, makes it impossible that both miss each other.

use std::sync::atomic::Ordering;

use super::words::Word;

/// How deep one sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// For a moment: wake me only for what cannot wait, I will look by myself soon.
    Nap,
    /// Until something happens.
    Sleep,
}

const AWAKE: u64 = 0;
const NAPPING: u64 = 1;
const SLEEPING: u64 = 2;

/// The side that sleeps.
pub struct Sleeper<W> {
    word: W,
}

impl<W: Word> Sleeper<W> {
    /// Over a zeroed word.
    pub fn new(word: W) -> Self {
        Self { word }
    }

    /// Says that one is about to sleep. What the other side published before it could see this must now be
    /// looked for once more.
    pub fn announce(&self, depth: Depth) {
        let word = match depth {
            Depth::Nap => NAPPING,
            Depth::Sleep => SLEEPING,
        };
        self.word.store(word, Ordering::Relaxed);
        // [sleep-wake] Our announcement comes before our last look.
        self.word.fence();
    }

    /// Says that one is awake, and need not be rung for.
    pub fn rise(&self) {
        self.word.store(AWAKE, Ordering::Relaxed);
    }
}

/// The side that wakes.
pub struct Waker<W> {
    word: W,
}

impl<W: Word> Waker<W> {
    /// Over the sleeper's word.
    pub fn new(word: W) -> Self {
        Self { word }
    }

    /// Whether the other side has said that it sleeps and was not rung for. A hint: it may have changed since.
    #[must_use]
    pub fn is_asleep(&self) -> bool {
        self.word.load(Ordering::Relaxed) != AWAKE
    }

    /// Whether to ring, after something was published: true once for each announcement, and for a nap only
    /// if it is `urgent`.
    #[must_use = "the sleeper counts on being rung for"]
    pub fn must_ring(&self, urgent: bool) -> bool {
        // [sleep-wake] What we published comes before our look at the announcement.
        self.word.fence();
        let word = self.word.load(Ordering::Relaxed);
        let rings = match word {
            AWAKE => false,
            NAPPING => urgent,
            _ => true,
        };
        rings
            && self.word.compare_exchange(word, AWAKE, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }
}
