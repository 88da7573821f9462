//! Nobody sleeps through what was published. A lost wake-up leaves somebody waiting for ever, which loom
//! reports as a deadlock.

use loom::thread;

use super::memory::{Bell, Fault, ModelBytes, ModelWord, explore};
use crate::shm::ring::{Consumer, Producer};
use crate::shm::sleep::{Depth, Sleeper, Waker};

struct Sender {
    ring: Producer<ModelWord, ModelBytes>,
    waker: Waker<ModelWord>,
    bell: Bell,
}

impl Sender {
    fn send(&mut self, urgent: bool) {
        self.ring.push(&[0]);
        self.ring.publish(1);
        self.ring_for(urgent);
    }

    fn ring_for(&self, urgent: bool) {
        if self.waker.must_ring(urgent) {
            self.bell.ring();
        }
    }
}

struct Receiver {
    ring: Consumer<ModelWord, ModelBytes>,
    sleeper: Sleeper<ModelWord>,
    bell: Bell,
}

impl Receiver {
    fn has_news(&mut self) -> bool {
        self.ring.look().unwrap().bytes > 0
    }

    fn take(&mut self) -> u32 {
        let fresh = self.ring.look().unwrap();
        self.ring.pull(fresh.bytes, &mut Vec::new());
        self.ring.release();
        fresh.items
    }

    /// As a worker sleeps.
    fn wait(&mut self) {
        loop {
            self.sleeper.announce(Depth::Sleep);
            if self.has_news() {
                self.sleeper.rise();
                return;
            }
            self.bell.wait();
        }
    }
}

fn channel(fence: Fault) -> (Sender, Receiver) {
    let word = || ModelWord::new(0, Fault::None);
    let (tail, head, bytes, bell) = (word(), word(), ModelBytes::new(4), Bell::new());
    let sleep = ModelWord::new(0, fence);
    let ring = Producer::new(tail.clone(), head.clone(), bytes.clone());
    let sender = Sender { ring, waker: Waker::new(sleep.clone()), bell: bell.clone() };
    let ring = Consumer::new(tail, head, bytes);
    (sender, Receiver { ring, sleeper: Sleeper::new(sleep), bell })
}

/// A worker that sleeps while two leases come.
fn deep_sleep(fence: Fault) {
    let (mut sender, mut receiver) = channel(fence);
    let publisher = thread::spawn(move || {
        sender.send(true);
        sender.send(true);
    });
    let mut items = 0;
    while items < 2 {
        receiver.wait();
        items += receiver.take();
    }
    publisher.join().unwrap();
}

#[test]
fn a_worker_sleeps_through_nothing() {
    explore("sleep", || deep_sleep(Fault::None));
}

#[test]
#[should_panic(expected = "deadlock")]
fn mutant_without_fences() {
    explore("mutant", || deep_sleep(Fault::NoFence));
}

/// The supervisor: it naps after progress, and sleeps otherwise. A nap ends by itself.
#[test]
fn what_is_not_urgent_is_found_after_a_nap() {
    explore("nap, not urgent", || {
        let (mut sender, mut receiver) = channel(Fault::None);
        let publisher = thread::spawn(move || {
            sender.send(false);
            sender.send(false);
        });
        let mut items = 0;
        let mut progress = true;
        while items < 2 {
            receiver.sleeper.announce(if progress { Depth::Nap } else { Depth::Sleep });
            if !progress && !receiver.has_news() {
                receiver.bell.wait();
            }
            receiver.sleeper.rise();
            let fresh = receiver.take();
            progress = fresh > 0;
            items += fresh;
        }
        publisher.join().unwrap();
    });
}

fn urgent_nap(fence: Fault) {
    let (mut sender, mut receiver) = channel(fence);
    let publisher = thread::spawn(move || sender.send(true));
    let mut items = 0;
    while items < 1 {
        // Without an end of its own.
        receiver.sleeper.announce(Depth::Nap);
        if !receiver.has_news() {
            receiver.bell.wait();
        }
        receiver.sleeper.rise();
        items += receiver.take();
    }
    publisher.join().unwrap();
}

#[test]
fn what_is_urgent_ends_a_nap() {
    explore("nap, urgent", || urgent_nap(Fault::None));
}

#[test]
#[should_panic(expected = "deadlock")]
fn mutant_nap_without_fences() {
    explore("mutant", || urgent_nap(Fault::NoFence));
}

#[test]
fn both_sides_sleep_for_each_other() {
    explore("request and reply", || {
        let (mut requests, mut requested) = channel(Fault::None);
        let (mut replies, mut replied) = channel(Fault::None);
        let worker = thread::spawn(move || {
            requested.wait();
            assert_eq!(requested.take(), 1);
            replies.send(true);
        });
        requests.send(true);
        replied.wait();
        assert_eq!(replied.take(), 1);
        worker.join().unwrap();
    });
}

/// A lease of six bytes through a ring of four: the supervisor must wake up when there is room again, of
/// which the uplink says nothing. `looks`: whether its last look before it sleeps is at the room, too.
fn room_for_a_large_lease(looks: bool) {
    let (mut downlink, mut worker) = channel(Fault::None);
    let (uplink, supervisor) = channel(Fault::None);
    let worker = thread::spawn(move || {
        let mut length = 0;
        while length < 6 {
            let fresh = worker.ring.look().unwrap();
            if fresh.bytes == 0 {
                uplink.ring_for(true);
                worker.wait();
                continue;
            }
            worker.ring.pull(fresh.bytes, &mut Vec::new());
            worker.ring.release();
            length += fresh.bytes;
        }
    });
    let mut left = 6;
    loop {
        let count = downlink.ring.room(left).unwrap().min(left);
        downlink.ring.push(&[0; 6][..count]);
        downlink.ring.publish(0);
        downlink.ring_for(true);
        left -= count;
        if left == 0 {
            break;
        }
        supervisor.sleeper.announce(Depth::Sleep);
        if !looks || downlink.ring.room(1).unwrap() == 0 {
            supervisor.bell.wait();
        }
        supervisor.sleeper.rise();
    }
    worker.join().unwrap();
}

#[test]
fn the_supervisor_sleeps_through_no_room() {
    explore("room", || room_for_a_large_lease(true));
}

#[test]
#[should_panic(expected = "deadlock")]
fn mutant_sleeps_without_a_look_at_the_room() {
    explore("mutant", || room_for_a_large_lease(false));
}
