//! Every item is run by exactly one: by the worker that claims it, or by whoever gets what was taken back.

use loom::thread;

use super::memory::{Fault, ModelBytes, ModelWord, explore};
use crate::shm::claim::{Claimed, Claims, Grants};
use crate::shm::ring::{Consumer, Producer};
use crate::shm::words::pack;

/// A lease in the downlink: the first item, how many items (0: no more leases will come), and how far the
/// sequence of the first one is from the model's first.
const LEASE: usize = 3;

struct Supervisor {
    downlink: Producer<ModelWord, ModelBytes>,
    grants: Grants<ModelWord>,
    first_sequence: u32,
}

impl Supervisor {
    /// Pushes a lease whole, as `supervise::outbox` does.
    fn push(&mut self, first: u8, items: u8) {
        let sequence = self.grants.next().wrapping_sub(self.first_sequence);
        self.downlink.push(&[first, items, u8::try_from(sequence).unwrap()]);
        self.downlink.publish(0);
    }

    /// Pushes a lease, and grants it as soon as it can be.
    fn lease(&mut self, first: u8, items: u8) {
        self.push(first, items);
        while !self.grants.grant(items.into()).unwrap() {
            thread::yield_now();
        }
    }
}

/// When the worker looks at what.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    /// At the downlink, then at the claim word.
    Correct,
    /// The other way round: what was not granted yet when it looked may be, when it sees the next lease.
    Reversed,
}

struct Worker {
    downlink: Consumer<ModelWord, ModelBytes>,
    claims: Claims<ModelWord>,
    first_sequence: u32,
    /// Items that it claims at a time.
    block: u32,
    order: Order,
}

impl Worker {
    /// `worker::serve`, with turns of the scheduler for sleeps. The items it ran, in order.
    fn serve(mut self) -> Vec<u8> {
        let mut ran = Vec::new();
        loop {
            let mut lease = Vec::new();
            while self.downlink.look().unwrap().bytes < LEASE {
                thread::yield_now();
            }
            self.downlink.pull(LEASE, &mut lease);
            self.downlink.release();
            let [first, items, sequence] = lease[..] else { unreachable!() };
            if items == 0 {
                return ran;
            }
            let sequence = self.first_sequence.wrapping_add(sequence.into());
            self.run(first, sequence, items.into(), &mut ran);
        }
    }

    fn run(&mut self, first: u8, sequence: u32, items: u32, ran: &mut Vec<u8>) {
        let end = sequence.wrapping_add(items);
        let mut next = sequence;
        while next != end {
            match self.claims.claim(next, end, self.block) {
                Claimed::Items(count) => {
                    for _ in 0..count {
                        ran.push(first + u8::try_from(next.wrapping_sub(sequence)).unwrap());
                        next = next.wrapping_add(1);
                    }
                }
                Claimed::Nothing => {
                    let is_over = loop {
                        let early =
                            (self.order == Order::Reversed).then(|| self.claims.any_granted());
                        let is_superseded = self.downlink.look().unwrap().bytes > 0;
                        let is_granted = early.unwrap_or_else(|| self.claims.any_granted());
                        if is_superseded || is_granted {
                            break is_superseded && !is_granted;
                        }
                        thread::yield_now();
                    };
                    if is_over {
                        return;
                    }
                }
                Claimed::LeaseIsOver => return,
            }
        }
    }
}

/// Two ends whose words begin at a sequence.
fn ends(first_sequence: u32, block: u32, order: Order) -> (Supervisor, Worker) {
    let word = |value| ModelWord::new(value, Fault::None);
    let (tail, head, bytes) = (word(0), word(0), ModelBytes::new(16));
    let claim = word(pack(first_sequence, first_sequence));
    let downlink = Producer::new(tail.clone(), head.clone(), bytes.clone());
    let grants = Grants::starting_at(claim.clone(), first_sequence);
    let supervisor = Supervisor { downlink, grants, first_sequence };
    let downlink = Consumer::new(tail, head, bytes);
    let claims = Claims::new(claim);
    (supervisor, Worker { downlink, claims, first_sequence, block, order })
}

/// What was taken back goes to the same worker again, behind what it has.
fn comes_back(first_sequence: u32, block: u32, order: Order) {
    let (mut supervisor, worker) = ends(first_sequence, block, order);
    let worker = thread::spawn(move || worker.serve());
    supervisor.lease(0, 2);
    let taken = supervisor.grants.take_back(2).unwrap();
    let taken = u8::try_from(taken).unwrap();
    if taken > 0 {
        supervisor.lease(2 - taken, taken);
    }
    supervisor.push(0, 0);
    assert_eq!(worker.join().unwrap(), [0, 1]);
}

/// What was taken back is run by somebody else, and the worker gets something new.
fn goes_elsewhere(first_sequence: u32, block: u32) {
    let (mut supervisor, worker) = ends(first_sequence, block, Order::Correct);
    let worker = thread::spawn(move || worker.serve());
    supervisor.lease(0, 2);
    let taken = supervisor.grants.take_back(1).unwrap();
    supervisor.lease(2, 1);
    supervisor.push(0, 0);
    let mut ran = worker.join().unwrap();
    if taken > 0 {
        ran.push(1);
    }
    ran.sort_unstable();
    assert_eq!(ran, [0, 1, 2]);
}

#[test]
fn what_was_taken_back_can_come_back() {
    explore("claim, comes back", || comes_back(0, 1, Order::Correct));
}

#[test]
fn what_was_taken_back_can_go_elsewhere() {
    explore("claim, goes elsewhere", || goes_elsewhere(0, 1));
}

#[test]
fn blocks_are_claimed_whole() {
    explore("claim, blocks", || comes_back(0, 2, Order::Correct));
}

#[test]
fn sequences_wrap() {
    explore("claim, wrapping", || goes_elsewhere(u32::MAX, 2));
}

#[test]
fn two_leases_under_way_and_the_second_one_is_taken_back() {
    explore("claim, second lease", || {
        let (mut supervisor, worker) = ends(0, 1, Order::Correct);
        let worker = thread::spawn(move || worker.serve());
        supervisor.lease(0, 1);
        supervisor.lease(1, 1);
        let taken = supervisor.grants.take_back(2).unwrap();
        let taken = u8::try_from(taken).unwrap();
        if taken > 0 {
            supervisor.lease(2 - taken, taken);
        }
        supervisor.push(0, 0);
        assert_eq!(worker.join().unwrap(), [0, 1]);
    });
}

#[test]
#[should_panic(expected = "assertion")]
fn mutant_asks_for_grants_before_it_looks_for_leases() {
    explore("mutant", || comes_back(0, 1, Order::Reversed));
}
