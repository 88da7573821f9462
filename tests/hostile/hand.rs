//! The tools of a worker that does by hand what a worker does: reads leases, claims, commits, rings. Each step is
//! right by itself; what is done with them is for `double` to say.

use std::os::fd::{AsFd, OwnedFd};
use std::thread;
use std::time::Duration;

use pmap::shm::{Claimed, WorkerEnd};
use pmap::sys::{process, socket, stdio};
use pmap::wire::{self, FromWorker, HEADER_LEN, Lease, MAX_MESSAGE, PROTOCOL, Payload, Welcome};
use pmap::worker::{Attached, attach};

use super::half::{CLAIM, Half, TAIL};
use super::supervisor::{instant, note};

/// How long to wait between two looks at a word.
pub(crate) const MOMENT: Duration = Duration::from_micros(100);

pub(crate) fn attached() -> Attached {
    attach().unwrap_or_else(|refusal| panic!("cannot attach: {refusal}"))
}

pub(crate) fn park() -> ! {
    loop {
        thread::sleep(Duration::from_secs(3600));
    }
}

/// Notes that what the worker does next no correct one does.
pub(crate) fn going_wrong() {
    note(&format!("wrong {} {}", std::process::id(), instant()));
}

/// The hands of a worker that does everything itself.
pub(crate) struct Hand {
    pub(crate) end: WorkerEnd,
    pub(crate) half: Half,
    pub(crate) socket: Option<OwnedFd>,
}

impl Hand {
    pub(crate) fn new() -> Self {
        let Attached { end, socket, .. } = attached();
        Self { half: Half::of(&end), end, socket: Some(socket) }
    }

    /// Attached without the thread that ends a worker whose supervisor hung up.
    pub(crate) fn unguarded() -> Self {
        process::die_with_parent().expect("a signal handler");
        let (socket, segment) = stdio::take_over_standard_descriptors().expect("descriptors");
        let mut message = vec![0; MAX_MESSAGE];
        let received = socket::receive_wait(&socket, &mut message).expect("a socket");
        let socket::Received::Message(length) = received else { panic!("no welcome") };
        let welcome: Welcome = wire::decode(&message[..length]).expect("a welcome");
        let end = WorkerEnd::attach(segment, welcome.layout).expect("a segment");
        send(&socket, &ready(std::process::id()));
        Self { half: Half::of(&end), end, socket: Some(socket) }
    }

    pub(crate) fn ring(&self) {
        if let Some(socket) = &self.socket {
            let _ = socket::send_now(socket, &wire::DOORBELL);
        }
    }

    /// So many bytes of the downlink.
    pub(crate) fn read(&mut self, mut count: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        while count > 0 {
            let fresh = self.end.downlink.look().expect("the supervisor is right");
            let some = count.min(fresh.bytes);
            self.end.downlink.pull(some, &mut bytes);
            self.end.downlink.release();
            count -= some;
            if some == 0 {
                thread::sleep(MOMENT);
            } else {
                self.ring();
            }
        }
        bytes
    }

    pub(crate) fn header(&mut self) -> Lease {
        let bytes = self.read(HEADER_LEN);
        let header = bytes.as_slice().try_into().expect("a header's length");
        Lease::parse(header).expect("the supervisor is right")
    }

    /// The next lease, and the right results of its items.
    pub(crate) fn lease(&mut self) -> (Lease, Vec<String>) {
        let lease = self.header();
        let numbers: Vec<i64> = match lease.payload {
            Payload::Range { start, step } => {
                (0..i64::from(lease.items)).map(|k| start + k * step).collect()
            }
            Payload::Call { .. } | Payload::Part { .. } => {
                panic!("these runs have expressions for tasks, and no file")
            }
            Payload::Lines { length } => {
                let text = self.read(length as usize);
                let text = String::from_utf8(text).expect("numbers");
                text.lines().map(|line| line.parse().expect("a number")).collect()
            }
        };
        (lease, numbers.iter().map(|n| format!("{}\n", n * n)).collect())
    }

    /// A lease that is granted.
    pub(crate) fn granted(&mut self) -> (Lease, Vec<String>) {
        let lease = self.lease();
        self.wait(|hand| hand.end.claims.any_granted());
        lease
    }

    pub(crate) fn wait(&self, until: impl Fn(&Self) -> bool) {
        while !until(self) {
            thread::sleep(MOMENT);
        }
    }

    /// Claims as many items from the sequence `next` on as there are, waiting for the first.
    pub(crate) fn claim(&self, next: u32, lease: &Lease) -> u32 {
        let end = lease.sequence.wrapping_add(lease.items);
        loop {
            match self.end.claims.claim(next, end, u32::MAX) {
                Claimed::Items(items) => return items,
                // Whatever was taken back, this worker is not long for this world.
                Claimed::Nothing | Claimed::LeaseIsOver => thread::sleep(MOMENT),
            }
        }
    }

    /// Commits `bytes` as the outcomes of so many items.
    pub(crate) fn commit(&mut self, bytes: &[u8], items: u32) {
        let mut left = bytes;
        while !left.is_empty() {
            let room = self.end.uplink.room(left.len()).expect("the supervisor is right");
            let (now, later) = left.split_at(room.min(left.len()));
            self.end.uplink.push(now);
            self.end.uplink.publish(if later.is_empty() { items } else { 0 });
            self.ring();
            left = later;
            if !left.is_empty() {
                thread::sleep(MOMENT);
            }
        }
    }

    /// Does one lease as it should be done.
    pub(crate) fn serve_one(&mut self) {
        let (lease, results) = self.granted();
        let mut done = 0;
        while done < lease.items {
            let items = self.claim(lease.sequence.wrapping_add(done), &lease);
            for result in &results[done as usize..(done + items) as usize] {
                thread::sleep(MOMENT * 5);
                self.commit(result.as_bytes(), 1);
            }
            done += items;
        }
    }

    /// Waits until the supervisor has taken all that was committed.
    pub(crate) fn wait_until_taken(&mut self) {
        let capacity = self.end.uplink.capacity();
        while self.end.uplink.room(capacity).expect("the supervisor is right") < capacity {
            thread::sleep(MOMENT);
        }
    }

    /// Stores a tail of so many items and bytes.
    pub(crate) fn tail(&self, items: u32, bytes: u32) -> ! {
        going_wrong();
        self.half.store_pair(TAIL, items, bytes);
        self.ring();
        park()
    }

    /// Does two leases, so that the supervisor has seen claims, and then changes the claim word.
    pub(crate) fn reclaim(mut self, change: impl Fn(u32, u32) -> (u32, u32)) -> ! {
        self.serve_one();
        self.serve_one();
        let (granted, claimed) = self.half.load_pair(CLAIM);
        // The next grant is made of a claim that was seen.
        self.wait(|hand| hand.half.load_pair(CLAIM) != (granted, claimed));
        let (granted, claimed) = self.half.load_pair(CLAIM);
        let (granted, claimed) = change(granted, claimed);
        going_wrong();
        self.half.store_pair(CLAIM, granted, claimed);
        self.ring();
        park()
    }

    /// Commits `bytes` as `items` outcomes and waits for what comes.
    pub(crate) fn commit_and_park(mut self, bytes: &[u8], items: u32) -> ! {
        self.granted();
        going_wrong();
        self.commit(bytes, items);
        park()
    }
}

pub(crate) fn send(socket: impl AsFd, message: &[u8]) {
    socket::send_now(socket, message).expect("the supervisor is there");
}

pub(crate) fn ready(pid: u32) -> Vec<u8> {
    wire::encode(&FromWorker::Ready { protocol: PROTOCOL, pid }).expect("a message")
}
