//! Words and bytes as loom sees them, and words that forget an ordering.

use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use loom::cell::UnsafeCell;
use loom::sync::Notify;
use loom::sync::atomic::{AtomicU64, fence};

use crate::shm::words::{Bytes, Word};

/// What a word forgets: each of these makes a mutant of the protocol that uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    None,
    /// Stores publish nothing.
    RelaxedStore,
    /// Loads see nothing of what was published.
    RelaxedLoad,
    /// The fence does nothing.
    NoFence,
}

/// A word; clones are the same word as another thread has it.
#[derive(Clone)]
pub(super) struct ModelWord {
    word: Arc<AtomicU64>,
    fault: Fault,
}

impl ModelWord {
    pub(super) fn new(value: u64, fault: Fault) -> Self {
        Self { word: Arc::new(AtomicU64::new(value)), fault }
    }
}

impl Word for ModelWord {
    fn load(&self, order: Ordering) -> u64 {
        let is_mutant = self.fault == Fault::RelaxedLoad;
        self.word.load(if is_mutant { Ordering::Relaxed } else { order })
    }

    fn store(&self, value: u64, order: Ordering) {
        let is_mutant = self.fault == Fault::RelaxedStore;
        self.word.store(value, if is_mutant { Ordering::Relaxed } else { order });
    }

    fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.word.compare_exchange(current, new, success, failure)
    }

    fn fence(&self) {
        if self.fault != Fault::NoFence {
            fence(Ordering::SeqCst);
        }
    }
}

/// A ring's bytes, each of which loom guards: two threads at one byte at a time are an error.
#[derive(Clone)]
pub(super) struct ModelBytes(Arc<[UnsafeCell<u8>]>);

// SAFETY: that no two threads access a byte at a time is what loom checks.
#[expect(unsafe_code, reason = "cells are not Send by themselves")]
unsafe impl Send for ModelBytes {}

impl ModelBytes {
    pub(super) fn new(capacity: u32) -> Self {
        Self((0..capacity).map(|_| UnsafeCell::new(0)).collect())
    }

    fn cell(&self, position: u32) -> &UnsafeCell<u8> {
        &self.0[(position & (self.capacity() - 1)) as usize]
    }
}

impl Bytes for ModelBytes {
    fn capacity(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap()
    }

    fn copy_in(&self, position: u32, from: &[u8]) {
        for (i, byte) in (0..).zip(from) {
            #[expect(unsafe_code, reason = "loom's cell is an UnsafeCell")]
            // SAFETY: loom has just checked that nobody else is at this byte.
            self.cell(position.wrapping_add(i)).with_mut(|cell| unsafe { *cell = *byte });
        }
    }

    fn copy_out(&self, position: u32, to: &mut [MaybeUninit<u8>]) {
        for (i, byte) in (0..).zip(to) {
            #[expect(unsafe_code, reason = "loom's cell is an UnsafeCell")]
            // SAFETY: as above.
            self.cell(position.wrapping_add(i)).with(|cell| unsafe { byte.write(*cell) });
        }
    }
}

/// The control socket, as far as doorbells go: a message that is there ends the wait for one. Waits may also
/// end for no reason. Nobody ringing for somebody who waits is a deadlock, which loom reports.
#[derive(Clone)]
pub(super) struct Bell(Arc<Notify>);

impl Bell {
    pub(super) fn new() -> Self {
        Self(Arc::new(Notify::new()))
    }

    pub(super) fn ring(&self) {
        self.0.notify();
    }

    pub(super) fn wait(&self) {
        self.0.wait();
    }
}

/// How often the scheduler of a model may take a thread that could go on from its core. Known bugs of this
/// kind need one or two; without a bound, the claim models take hours.
const PREEMPTIONS: usize = 3;

/// Runs `model` in every possible way with at most [`PREEMPTIONS`], and says in how many.
pub(super) fn explore(name: &str, model: impl Fn() + Send + Sync + 'static) {
    let executions = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&executions);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(PREEMPTIONS);
    builder.check(move || {
        counter.fetch_add(1, Ordering::Relaxed);
        model();
    });
    println!("{name}: {} executions", executions.load(Ordering::Relaxed));
}
