//! A worker's link whose supervisor is this test. Neither side has a timer: who is not rung for sleeps for ever.

#[path = "../../../tests/support/watchdog.rs"]
mod watchdog;

use std::os::fd::OwnedFd;
use std::thread;
use std::time::Duration;

use super::super::inbox::Inbox;
use super::Link;
use crate::call::Outcomes;
use crate::shm::{Backing, Capacity, Depth, Layout, Segment, SupervisorEnd, WorkerEnd};
use crate::sys::socket::{self, Received};
use crate::wire::{DOORBELL, Lease, Payload};

const LAYOUT: Layout = Layout { down: Capacity::MIN, up: Capacity::MIN };

/// Many times what a ring holds.
const LARGE: usize = 100 * 4096 + 7;

/// After this a test hangs.
const LIMIT: Duration = Duration::from_secs(60);

/// The other side, without anything that it has to look after.
struct Supervisor {
    end: SupervisorEnd,
    socket: OwnedFd,
}

impl Supervisor {
    fn ring(&self) {
        if self.end.waker.must_ring(true) {
            let _ = socket::send_now(&self.socket, &DOORBELL);
        }
    }

    /// Sleeps, unless there is what it waits for.
    fn sleep_until(&mut self, is_there: impl Fn(&mut SupervisorEnd) -> bool) {
        self.end.sleeper.announce(Depth::Sleep);
        if !is_there(&mut self.end) {
            let got = socket::receive_wait(&self.socket, &mut [0; 8]).unwrap();
            assert!(matches!(got, Received::Message(_)), "the worker is gone");
        }
        self.end.sleeper.rise();
    }

    fn send(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            let count = self.end.downlink.room(bytes.len()).unwrap().min(bytes.len());
            self.end.downlink.push(&bytes[..count]);
            self.end.downlink.publish(0);
            bytes = &bytes[count..];
            self.ring();
            if !bytes.is_empty() {
                self.sleep_until(|end| end.downlink.room(1).unwrap() > 0);
            }
        }
    }

    /// The bytes of one item's outcome.
    fn receive(&mut self) -> Vec<u8> {
        let mut bytes = Vec::new();
        loop {
            let fresh = self.end.uplink.look().unwrap();
            self.end.uplink.pull(fresh.bytes, &mut bytes);
            self.end.uplink.release();
            self.ring();
            if fresh.items > 0 {
                return bytes;
            }
            self.sleep_until(|end| end.uplink.look().unwrap().bytes > 0);
        }
    }
}

/// Both ends of a segment, and a watchdog.
fn together(worker: impl FnOnce(Link) + Send, supervisor: impl FnOnce(Supervisor)) {
    let segment = Segment::create_in(LAYOUT, Backing::Sealed).unwrap();
    let theirs = WorkerEnd::attach(segment.fd, LAYOUT).unwrap();
    let (ours, their_socket) = socket::pair().unwrap();
    watchdog::watched(LIMIT, || {
        thread::scope(|scope| {
            scope.spawn(|| worker(Link::new(theirs, their_socket, 0)));
            supervisor(Supervisor { end: segment.end, socket: ours });
        });
    });
}

#[test]
fn a_lease_larger_than_the_ring_needs_no_timer() {
    let payload = Payload::Lines { length: LARGE as u64 };
    let lease = Lease { sequence: 0, items: 1, attempt: 0, singly: false, first: 0, payload };
    let text: Vec<u8> = (0..LARGE).map(|at| (at % 251) as u8).collect();
    let (mut inbox, mut got) = (Inbox::default(), Vec::new());
    let expected = text.clone();
    together(
        move |mut link| {
            let mut found = None;
            let waited = link.wait(|end| {
                found = inbox.poll(end, &mut got)?;
                Ok(found.is_some())
            });
            assert!(waited.is_ok() && found == Some(lease) && got == expected);
        },
        |mut supervisor| {
            supervisor.send(&lease.header());
            supervisor.send(&text);
        },
    );
}

#[test]
fn an_outcome_larger_than_the_ring_needs_no_timer() {
    let mut outcomes = Outcomes::default();
    let packet = outcomes.begin();
    outcomes.values().extend((0..LARGE).map(|at| (at % 251) as u8));
    outcomes.end(packet, 1);
    let expected = outcomes.bytes().to_vec();
    together(
        move |mut link| assert!(link.commit(&mut outcomes).is_ok()),
        |mut supervisor| assert!(supervisor.receive() == expected),
    );
}
