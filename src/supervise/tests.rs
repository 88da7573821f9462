//! A link whose worker is this test, which writes into its half of the segment whatever comes to its mind, between
//! any two things that the supervisor does. Nothing may panic, and no count may exceed what is outstanding, as the
//! scheduler relies on it. Violations are fine: they end a worker.
//!
//! `tests/hostile` does the same from outside, with real processes and at the same time instead of in between.

use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::limits::Limits;
use super::link::Link;
use crate::error::Violation;
use crate::shm::{Backing, Capacity, Depth, Layout, Segment, WorkerEnd};
use crate::source::{Content, Piece};
use crate::sys::process::Child;
use crate::sys::socket;
use crate::wire::{Batch, DOORBELL, Line};

const LAYOUT: Layout = Layout { down: Capacity::MIN, up: Capacity::MIN };
const LIMITS: Limits =
    Limits { handshake: Duration::MAX, result: 3 * 4096, hang_up: Duration::from_secs(1) };

/// Places in the worker's half, once more and by hand.
const TAIL: usize = 0;
const HEAD: usize = 128;
const CLAIM: usize = 256;
const SLEEPS: usize = 384;
const BYTES: usize = 4096;

/// Numbers that look random, the same for the same seed (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
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
struct Scribbler {
    end: WorkerEnd,
    socket: OwnedFd,
    random: Random,
}

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

    /// Fills the ring with lines of at most eight bytes, some of them failures.
    fn fill(&mut self) {
        for at in (BYTES..BYTES + LAYOUT.up.bytes() as usize).step_by(8) {
            let mut line = self.random.next().to_le_bytes();
            line[usize::try_from(self.random.below(8)).unwrap()] = b'\n';
            line[usize::try_from(self.random.below(64)).unwrap().min(7)] = b'\n';
            line[0] &= 0x3f;
            self.word(at).store(u64::from_le_bytes(line), Ordering::Relaxed);
        }
    }

    /// Does something that may be wrong or nearly right.
    fn act(&mut self) {
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

/// What a run of the supervisor's operations came to.
#[derive(Default)]
struct Tally {
    committed: u64,
    taken_back: u64,
    violations: Vec<Violation>,
}

/// A link to us. The process that it stands for has nothing to do with it.
#[expect(clippy::zombie_processes, reason = "the link reaps it")]
fn link(backing: Backing) -> (Link, WorkerEnd, OwnedFd) {
    let segment = Segment::create_in(LAYOUT, backing).unwrap();
    let end = WorkerEnd::attach(segment.fd, LAYOUT).unwrap();
    let (ours, theirs) = socket::pair().unwrap();
    let process = Command::new("true").process_group(0).spawn().unwrap();
    let child = Child::adopt(process.id()).unwrap();
    (
        Link::new(child, ours, segment.end, crate::wire::Encoding::Lines, LIMITS, Duration::ZERO),
        end,
        theirs,
    )
}

/// One worker's life: so many mutations at most, fewer if one is found out.
fn live(backing: Backing, seed: u64, mutations: u64, tally: &mut Tally) {
    let (mut link, end, socket) = link(backing);
    let mut scribbler = Scribbler { end, socket, random: Random(seed) };
    scribbler.fill();
    let mut outstanding = 0;
    let mut first = 0;
    for _ in 0..mutations {
        scribbler.act();
        let outcome =
            operate(&mut link, &mut scribbler.random, &mut outstanding, &mut first, tally);
        if let Err(violation) = outcome {
            tally.violations.push(violation);
            link.condemn(violation);
        }
        if link.is_condemned() {
            break;
        }
    }
}

/// Some of what the engine does in a turn.
fn operate(
    link: &mut Link,
    random: &mut Random,
    outstanding: &mut u64,
    first: &mut u64,
    tally: &mut Tally,
) -> Result<(), Violation> {
    if random.below(3) == 0 && *outstanding < 4000 {
        let magnitude = random.below(10);
        let items = 1 + random.below(2 << magnitude);
        let text = b"1234567\n".repeat(usize::try_from(items).unwrap());
        let content = match random.below(2) {
            0 => Content::Range { start: 0, step: 1 },
            _ => Content::Lines(&text),
        };
        link.lease(Piece { first: *first, items, content }, 0, false);
        *first += items;
        *outstanding += items;
    }
    match random.below(6) {
        0 => link.pump()?,
        1 if *outstanding >= 2 => {
            let taken = link.take_back(outstanding.div_ceil(2), *outstanding)?;
            assert!(taken <= *outstanding, "{taken} of {outstanding} were taken back");
            *outstanding -= taken;
            tally.taken_back += taken;
        }
        2 => drop(link.announce(Depth::Nap)?),
        3 => drop(link.announce(Depth::Sleep)?),
        4 => {
            link.check_claims(*outstanding)?;
            link.nudge();
            link.listen(Duration::ZERO);
        }
        _ => link.ring(),
    }
    let mut outcomes = Vec::new();
    let items = link.drain(*outstanding, &mut outcomes)?.unwrap_or(0);
    assert!(items <= *outstanding, "{items} of {outstanding} were committed");
    *outstanding -= items;
    tally.committed += items;
    let (head, rest) = Batch::new(&outcomes).split(random.below(items + 1));
    let lines = |batch: Batch<'_>| batch.lines().count() as u64;
    assert_eq!(lines(head) + lines(rest), items);
    let failures = Batch::new(&outcomes).lines().filter(|line| matches!(line, Line::Failure(_)));
    let all = Batch::new(&outcomes).all_results();
    assert!(all.is_none() || failures.count() == 0, "a failure was taken for a result");
    Ok(())
}

fn scribble(lives: u64, mutations: u64) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..lives {
        let backing = if seed % 2 == 0 { Backing::Named } else { Backing::Sealed };
        live(backing, seed, mutations, &mut tally);
    }
    tally
}

#[test]
fn no_scribbling_makes_the_supervisor_panic_or_miscount() {
    let tally = scribble(1500, 60);
    // The test itself must come about: right commits and take-backs, and wrong ones of every kind.
    assert!(tally.committed > 1000 && tally.taken_back > 1000);
    let all = [Violation::Position, Violation::ItemCount, Violation::Framing, Violation::Claim];
    for violation in all {
        assert!(tally.violations.contains(&violation), "{violation:?} never happened");
    }
}

/// Run it with `cargo test --release -- --ignored`: a million mutations and more.
#[test]
#[ignore = "takes a minute"]
fn no_scribbling_does_so_for_long() {
    scribble(60_000, 100);
}

/// What a worker commits is what it was granted, not what waits for it in the outbox: of that, leases are taken
/// back whole, and with them more than was left.
#[test]
fn what_is_not_granted_cannot_be_committed() {
    let (mut link, mut end, _socket) = link(Backing::Sealed);
    let text = b"1234567\n".repeat(1000);
    let granted = Piece { first: 0, items: 2, content: Content::Range { start: 0, step: 1 } };
    link.lease(granted, 0, false);
    link.lease(Piece { first: 2, items: 1000, content: Content::Lines(&text) }, 0, false);

    let mut outcomes = Vec::new();
    end.uplink.push(b"1\n2\n");
    end.uplink.publish(2);
    assert_eq!(link.drain(1002, &mut outcomes), Ok(Some(2)));
    end.uplink.push(b"3\n");
    end.uplink.publish(1);
    assert_eq!(link.drain(1000, &mut outcomes), Err(Violation::ItemCount));
}

/// It would wait for the next lease, whose grant waits for its claims.
#[test]
fn who_commits_without_claiming_is_found_out() {
    let (mut link, mut end, _socket) = link(Backing::Sealed);
    let lease = Piece { first: 0, items: 2, content: Content::Range { start: 0, step: 1 } };
    link.lease(lease, 0, false);
    assert_eq!(link.check_claims(2), Ok(()));

    let mut outcomes = Vec::new();
    end.uplink.push(b"1\n");
    end.uplink.publish(1);
    assert_eq!(link.drain(2, &mut outcomes), Ok(Some(1)));
    assert_eq!(link.check_claims(1), Err(Violation::Claim));
}
