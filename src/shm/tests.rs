//! The segment and its protocols in one process: both ends, both backings. What interleavings may do is in
//! `loom_tests`.

mod claim;
mod ring;
mod segment;
mod sleep;

use super::words::{Bytes, Word, pack};
use std::cell::Cell;
use std::mem::MaybeUninit;
use std::rc::Rc;
use std::sync::atomic::Ordering;

/// A word of which a test holds a clone, to play the other side.
#[derive(Clone)]
struct PlainWord(Rc<Cell<u64>>);

impl PlainWord {
    fn new(high: u32, low: u32) -> Self {
        Self(Rc::new(Cell::new(pack(high, low))))
    }

    fn set(&self, high: u32, low: u32) {
        self.0.set(pack(high, low));
    }
}

impl Word for PlainWord {
    fn load(&self, _: Ordering) -> u64 {
        self.0.get()
    }

    fn store(&self, value: u64, _: Ordering) {
        self.0.set(value);
    }

    fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        _: Ordering,
        _: Ordering,
    ) -> Result<u64, u64> {
        let found = self.0.get();
        if found != current {
            return Err(found);
        }
        self.0.set(new);
        Ok(found)
    }

    fn fence(&self) {}
}

/// A ring's bytes, one cell each.
#[derive(Clone)]
struct PlainBytes(Rc<[Cell<u8>]>);

impl PlainBytes {
    fn new(capacity: usize) -> Self {
        Self((0..capacity).map(|_| Cell::new(0)).collect())
    }

    fn cell(&self, position: u32) -> &Cell<u8> {
        &self.0[position as usize % self.0.len()]
    }
}

impl Bytes for PlainBytes {
    fn capacity(&self) -> u32 {
        u32::try_from(self.0.len()).unwrap()
    }

    fn copy_in(&self, position: u32, from: &[u8]) {
        for (i, byte) in (0..).zip(from) {
            self.cell(position.wrapping_add(i)).set(*byte);
        }
    }

    fn copy_out(&self, position: u32, to: &mut [MaybeUninit<u8>]) {
        for (i, byte) in (0..).zip(to) {
            byte.write(self.cell(position.wrapping_add(i)).get());
        }
    }
}
