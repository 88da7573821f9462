//! The half of a segment that a worker can write, without any of the care that `pmap::shm` takes.
//!
//! The places of the words are written down here once more, as another program would have them.

#![expect(unsafe_code, reason = "the point is to write where one must not")]

use std::sync::atomic::{AtomicU64, Ordering};

use pmap::shm::WorkerEnd;

/// How far the worker has written: items in the high half, bytes in the low one.
pub(crate) const TAIL: usize = 0;
/// How far the worker has read its leases.
pub(crate) const HEAD: usize = 128;
/// Granted in the high half, claimed in the low one.
pub(crate) const CLAIM: usize = 256;
/// The supervisor's sleep.
pub(crate) const ITS_SLEEP: usize = 384;
/// The worker's sleep.
pub(crate) const OWN_SLEEP: usize = 512;
/// All of the words.
pub(crate) const WORDS: [usize; 5] = [TAIL, HEAD, CLAIM, ITS_SLEEP, OWN_SLEEP];
/// The first of the ring's bytes.
pub(crate) const BYTES: usize = 4096;

/// A mapping that lives as long as the process: nobody drops what it was taken from.
#[derive(Clone, Copy)]
pub(crate) struct Half {
    base: *mut u8,
    length: usize,
}

// SAFETY: all that is done with the pointer is volatile or atomic.
unsafe impl Send for Half {}

impl Half {
    pub(crate) fn of(end: &WorkerEnd) -> Self {
        let (base, length) = end.writable_half();
        Self { base, length }
    }

    pub(crate) fn len(self) -> usize {
        self.length
    }

    fn word(self, at: usize) -> &'static AtomicU64 {
        assert!(at % 8 == 0 && at + 8 <= self.length);
        // SAFETY: aligned, and within a mapping that is never unmapped.
        unsafe { AtomicU64::from_ptr(self.base.add(at).cast()) }
    }

    pub(crate) fn load(self, at: usize) -> u64 {
        self.word(at).load(Ordering::Acquire)
    }

    pub(crate) fn store(self, at: usize, value: u64) {
        self.word(at).store(value, Ordering::Release);
    }

    /// Stores two 32-bit halves.
    pub(crate) fn store_pair(self, at: usize, high: u32, low: u32) {
        self.store(at, (u64::from(high) << 32) | u64::from(low));
    }

    /// The halves of a word: (high, low).
    pub(crate) fn load_pair(self, at: usize) -> (u32, u32) {
        let word = self.load(at);
        ((word >> 32) as u32, word as u32)
    }

    pub(crate) fn write(self, at: usize, bytes: &[u8]) {
        assert!(at + bytes.len() <= self.length);
        for (i, byte) in bytes.iter().enumerate() {
            // SAFETY: within a mapping that is never unmapped.
            unsafe { self.base.add(at + i).write_volatile(*byte) }
        }
    }

    /// Gives the memory back to the kernel, so that everybody reads zeros.
    pub(crate) fn punch_hole(self) {
        // SAFETY: the mapping stays; what is in it is nobody's but the two processes'.
        let outcome = unsafe { libc::madvise(self.base.cast(), self.length, libc::MADV_REMOVE) };
        assert_eq!(outcome, 0, "{}", std::io::Error::last_os_error());
    }

    /// Forks a child that writes into the half for ever; the signal it died of, once it has.
    pub(crate) fn scribble_in_a_fork(self) -> i32 {
        let mut status = 0;
        // SAFETY: the child makes no call at all; the parent waits for it.
        unsafe {
            let child = libc::fork();
            if child == 0 {
                loop {
                    self.base.write_volatile(0xff);
                }
            }
            libc::waitpid(child, &raw mut status, 0);
        }
        libc::WTERMSIG(status)
    }

    /// Forks a child that does nothing for ever; its process id.
    pub(crate) fn fork_a_sleeper() -> i32 {
        // SAFETY: the child only calls pause(2), which may be called after a fork.
        unsafe {
            let child = libc::fork();
            if child == 0 {
                loop {
                    libc::pause();
                }
            }
            child
        }
    }
}

/// Numbers that look random, the same for the same seed (splitmix64).
pub(crate) struct Random(pub u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end as u64) as usize
    }

    /// A word that a careless check might let pass: small, near a limit, or anything.
    pub(crate) fn word(&mut self) -> u64 {
        let half = |random: &mut Self| match random.below(8) {
            0 => 0,
            1 => 1,
            2 => u32::MAX,
            3 => 1 << random.below(32),
            4 => random.below(64) as u32,
            5 => random.below(8192) as u32,
            _ => random.next() as u32,
        };
        (u64::from(half(self)) << 32) | u64::from(half(self))
    }
}
