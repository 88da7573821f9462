//! The worker that the test is: what it writes, and where.

use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicU64, Ordering};

use super::LAYOUT;
use crate::shm::WorkerEnd;
use crate::sys::socket;
use crate::wire::packet::{self, Kind};
use crate::wire::{DOORBELL, Encoding};

/// Places in the worker's half, once more and by hand.
const TAIL: usize = 0;
const HEAD: usize = 128;
const CLAIM: usize = 256;
const SLEEPS: usize = 384;
const BYTES: usize = 4096;

/// Numbers that look random, the same for the same seed (splitmix64).
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(super) fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// Small, near a limit, or anything.
    fn half(&mut self) -> u32 {
        match self.below(6) {
            0 => 0,
            1 => u32::MAX,
            2 => 1 << self.below(32),
            3 => u32::try_from(self.below(64)).unwrap(),
            4 => u32::try_from(self.below(8192)).unwrap(),
            _ => u32::try_from(self.next() >> 32).unwrap(),
        }
    }
}

/// The worker that this test is.
pub(super) struct Scribbler {
    pub(super) end: WorkerEnd,
    pub(super) socket: OwnedFd,
    pub(super) random: Random,
    pub(super) encoding: Encoding,
}

/// Bytes of a packet that this worker sends: a header and as much behind it. A ring holds so many whole ones.
const PACKET: usize = 2 * packet::HEADER_LEN;

impl Scribbler {
    fn word(&self, at: usize) -> &AtomicU64 {
        let (base, length) = self.end.writable_half();
        assert!(at % 8 == 0 && at + 8 <= length);
        #[expect(unsafe_code, reason = "the point is to write where a worker must not")]
        // SAFETY: aligned, and within a mapping that `self.end` holds.
        unsafe {
            AtomicU64::from_ptr(base.add(at).cast())
        }
    }

    fn halves(&self, at: usize) -> (u32, u32) {
        let word = self.word(at).load(Ordering::Relaxed);
        (u32::try_from(word >> 32).unwrap(), word as u32)
    }

    fn store(&self, at: usize, high: u32, low: u32) {
        self.word(at).store((u64::from(high) << 32) | u64::from(low), Ordering::Relaxed);
    }

    /// Fills the ring with outcomes, some of them failures, some garbled.
    pub(super) fn fill(&mut self) {
        match self.encoding {
            Encoding::Lines => self.fill_with_lines(),
            Encoding::Packets | Encoding::Partials | Encoding::Cells { .. } => {
                self.fill_with_packets();
            }
        }
    }

    fn fill_with_packets(&mut self) {
        for at in (BYTES..BYTES + LAYOUT.up.bytes() as usize).step_by(PACKET) {
            let kind = if self.random.below(8) == 0 { Kind::Fault } else { Kind::Values };
            let items = match (kind, self.encoding) {
                // Two cells, for as many items or one more.
                (Kind::Values, Encoding::Cells { may_drop: true }) => {
                    2 + u32::try_from(self.random.below(2)).unwrap()
                }
                (Kind::Values, Encoding::Cells { may_drop: false }) => 2,
                _ => 1,
            };
            let header = packet::header(kind, items, packet::HEADER_LEN as u64);
            for (k, word) in header.chunks_exact(8).enumerate() {
                let word = u64::from_le_bytes(word.try_into().unwrap());
                self.word(at + 8 * k).store(word, Ordering::Relaxed);
            }
        }
        // One of them is none.
        if self.random.below(2) == 0 {
            let at = BYTES + usize::try_from(self.random.below(4096 / 8)).unwrap() * 8;
            let (high, low) = (self.random.half(), self.random.half());
            self.store(at, high, low);
        }
    }

    /// For how many items the packet stands that is the so many-th from a position on, if one begins there.
    fn items_of_packet(&self, position: u32, nth: u32) -> u32 {
        let position = position.wrapping_add(nth * u32::try_from(PACKET).unwrap());
        let at = BYTES + (position % LAYOUT.up.bytes()) as usize;
        u32::try_from(self.word(at & !7).load(Ordering::Relaxed) >> 32).unwrap()
    }

    /// Lines of at most eight bytes.
    fn fill_with_lines(&mut self) {
        for at in (BYTES..BYTES + LAYOUT.up.bytes() as usize).step_by(8) {
            let mut line = self.random.next().to_le_bytes();
            line[usize::try_from(self.random.below(8)).unwrap()] = b'\n';
            line[usize::try_from(self.random.below(64)).unwrap().min(7)] = b'\n';
            line[0] &= 0x3f;
            self.word(at).store(u64::from_le_bytes(line), Ordering::Relaxed);
        }
    }

    /// Does something that may be wrong or nearly right.
    pub(super) fn act(&mut self) {
        let random = &mut self.random;
        let (high, low, few) = (random.half(), random.half(), random.half() % 16);
        match random.below(16) {
            0 => self.store(TAIL, high, low),
            1 => self.store(HEAD, high, low),
            2 => self.store(CLAIM, high, low),
            3 => self.store(SLEEPS + 128 * usize::from(few % 2 == 0), high, low),
            4 => {
                let at = usize::try_from(self.random.below((BYTES as u64 * 2) / 8)).unwrap() * 8;
                self.store(at, high, low);
            }
            5 => self.fill(),
            6 => drop(socket::send_now(&self.socket, &DOORBELL)),
            7 => drop(socket::send_now(&self.socket, &high.to_le_bytes())),
            8..=11 if self.encoding != Encoding::Lines => {
                let (items, bytes) = self.halves(TAIL);
                let (more, odd) = (low % 20, high % 40);
                let inside = (0..more).map(|k| self.items_of_packet(bytes, k));
                let counted = if few == 0 { few } else { inside.fold(0, u32::wrapping_add) };
                let length = more * u32::try_from(PACKET).unwrap() + if odd < 4 { odd } else { 0 };
                self.store(TAIL, items.wrapping_add(counted), bytes.wrapping_add(length));
            }
            // More bytes, and an outcome for each line in them, or some.
            8..=11 => {
                let (items, bytes) = self.halves(TAIL);
                let more = low % 600;
                let lines = (0..more).filter(|k| {
                    let at = BYTES + (bytes.wrapping_add(*k) % LAYOUT.up.bytes()) as usize;
                    self.word(at & !7).load(Ordering::Relaxed).to_le_bytes()[at & 7] == b'\n'
                });
                let lines = u32::try_from(lines.count()).unwrap();
                let counted = if few == 0 { few } else { lines };
                self.store(TAIL, items.wrapping_add(counted), bytes.wrapping_add(more));
            }
            12..=14 => {
                let (granted, claimed) = self.halves(CLAIM);
                let more = few.min(granted.wrapping_sub(claimed));
                self.store(CLAIM, granted, claimed.wrapping_add(more));
            }
            _ => {
                let mut taken = Vec::new();
                if let Ok(fresh) = self.end.downlink.look() {
                    self.end.downlink.pull(fresh.bytes, &mut taken);
                    self.end.downlink.release();
                }
            }
        }
    }
}
