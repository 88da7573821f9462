//! A mapping and what may be done with it: whole-word atomics, and copies that assume nothing about what
//! the peer does meanwhile. No reference to the memory is ever formed: the peer could change what the
//! compiler may then take for constant (`while *flag == 0` over a `&u32` compiles to an endless loop).

use std::mem::MaybeUninit;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering, fence};

use super::layout::Capacity;
use super::words::{Bytes, Word};

/// Whatever keeps the mapping in place; dropped, it unmaps.
pub(super) trait Mapping: Send + Sync {
    /// First byte, aligned to a page.
    fn base(&self) -> *mut u8;
    /// Length in bytes.
    fn len(&self) -> usize;
}

/// A mapped piece of a segment. Clones share the mapping.
#[derive(Clone)]
pub(super) struct Region(Arc<dyn Mapping>);

impl Region {
    pub(super) fn new(mapping: impl Mapping + 'static) -> Self {
        Self(Arc::new(mapping))
    }

    /// The word at `offset` bytes.
    pub(super) fn word(&self, offset: usize) -> SharedWord {
        assert!(offset % 8 == 0 && offset + 8 <= self.0.len(), "word within the mapping");
        SharedWord { at: self.0.base().wrapping_add(offset).cast(), _keeps: self.clone() }
    }

    /// A ring's bytes from `offset` on.
    pub(super) fn bytes(&self, offset: usize, capacity: Capacity) -> SharedBytes {
        let length = capacity.bytes() as usize;
        assert!(offset % 8 == 0 && offset + length <= self.0.len(), "ring within the mapping");
        SharedBytes {
            at: self.0.base().wrapping_add(offset),
            capacity: capacity.bytes(),
            _keeps: self.clone(),
        }
    }

    /// The mapping as a test double sees it, which breaks every rule of this file.
    pub(super) fn raw(&self) -> (*mut u8, usize) {
        (self.0.base(), self.0.len())
    }
}

/// A word of a mapping.
pub struct SharedWord {
    at: *mut u64,
    _keeps: Region,
}

// SAFETY: the pointer is only used for atomic accesses, and `_keeps` holds the mapping from any thread.
#[expect(unsafe_code, reason = "raw pointers are not Send by themselves")]
unsafe impl Send for SharedWord {}

impl SharedWord {
    fn atomic(&self) -> &AtomicU64 {
        #[expect(unsafe_code, reason = "an atomic over memory that another process sees")]
        // SAFETY: aligned and within a live mapping (checked by `Region::word`, held by `_keeps`); nobody
        // in this process accesses these eight bytes in any other way; the reference ends with the caller's
        // one atomic operation.
        unsafe {
            AtomicU64::from_ptr(self.at)
        }
    }
}

impl Word for SharedWord {
    fn load(&self, order: Ordering) -> u64 {
        self.atomic().load(order)
    }

    fn store(&self, value: u64, order: Ordering) {
        self.atomic().store(value, order);
    }

    fn compare_exchange(
        &self,
        current: u64,
        new: u64,
        success: Ordering,
        failure: Ordering,
    ) -> Result<u64, u64> {
        self.atomic().compare_exchange(current, new, success, failure)
    }

    fn fence(&self) {
        fence(Ordering::SeqCst);
    }
}

/// A ring's bytes in a mapping.
pub struct SharedBytes {
    at: *mut u8,
    capacity: u32,
    _keeps: Region,
}

// SAFETY: the pointer is only used for volatile copies, and `_keeps` holds the mapping from any thread.
#[expect(unsafe_code, reason = "raw pointers are not Send by themselves")]
unsafe impl Send for SharedBytes {}

impl SharedBytes {
    /// The place of a position, and how many of `length` bytes lie before the ring's end.
    fn place(&self, position: u32, length: usize) -> (*mut u8, usize) {
        assert!(length <= self.capacity as usize, "a copy fits the ring");
        let offset = (position & (self.capacity - 1)) as usize;
        let first = length.min(self.capacity as usize - offset);
        (self.at.wrapping_add(offset), first)
    }
}

impl Bytes for SharedBytes {
    fn capacity(&self) -> u32 {
        self.capacity
    }

    fn copy_in(&self, position: u32, from: &[u8]) {
        let (place, first) = self.place(position, from.len());
        let (head, rest) = from.split_at(first);
        #[expect(unsafe_code, reason = "writing to memory that another process sees")]
        // SAFETY: `place` has shown that `first` bytes fit between `place` and the ring's end, and that
        // the rest, at most a ring's length, fits from its start; the mapping is held by `_keeps`.
        unsafe {
            write_volatile(place, head);
            write_volatile(self.at, rest);
        }
    }

    fn copy_out(&self, position: u32, to: &mut [MaybeUninit<u8>]) {
        let (place, first) = self.place(position, to.len());
        let (head, rest) = to.split_at_mut(first);
        #[expect(unsafe_code, reason = "reading from memory that another process sees")]
        // SAFETY: as in `copy_in`.
        unsafe {
            read_volatile(place, head);
            read_volatile(self.at, rest);
        }
    }
}

/// Copies word by word where `shared` is aligned, byte by byte around that: 17-33 GB/s, where a copy of
/// single bytes makes 3.
///
/// # Safety
/// `shared` must be valid for writes of `from.len()` bytes.
#[expect(unsafe_code, reason = "volatile access is only to be had through raw pointers")]
unsafe fn write_volatile(shared: *mut u8, from: &[u8]) {
    let head = shared.align_offset(8).min(from.len());
    let (before, rest) = from.split_at(head);
    let words = rest.chunks_exact(8);
    let after = words.remainder();
    let tail = head + rest.len() - after.len();
    // SAFETY: every offset below is smaller than `from.len()`, and the word accesses begin at an aligned one.
    unsafe {
        for (i, byte) in before.iter().enumerate() {
            shared.add(i).write_volatile(*byte);
        }
        let aligned = shared.add(head).cast::<u64>();
        for (i, word) in words.enumerate() {
            let word = u64::from_ne_bytes(word.try_into().expect("chunks of eight"));
            aligned.add(i).write_volatile(word);
        }
        for (i, byte) in after.iter().enumerate() {
            shared.add(tail + i).write_volatile(*byte);
        }
    }
}

/// The counterpart of [`write_volatile`].
///
/// # Safety
/// `shared` must be valid for reads of `to.len()` bytes.
#[expect(unsafe_code, reason = "volatile access is only to be had through raw pointers")]
unsafe fn read_volatile(shared: *const u8, to: &mut [MaybeUninit<u8>]) {
    let head = shared.align_offset(8).min(to.len());
    let (before, rest) = to.split_at_mut(head);
    let words = rest.len() / 8;
    // SAFETY: every offset below is smaller than `to.len()`, and the word accesses begin at an aligned one;
    // `to` is written through a pointer that may be unaligned.
    unsafe {
        for (i, byte) in before.iter_mut().enumerate() {
            byte.write(shared.add(i).read_volatile());
        }
        let aligned = shared.add(head).cast::<u64>();
        let target = rest.as_mut_ptr().cast::<u64>();
        for i in 0..words {
            target.add(i).write_unaligned(aligned.add(i).read_volatile());
        }
        let done = words * 8;
        for (i, byte) in rest[done..].iter_mut().enumerate() {
            byte.write(shared.add(head + done + i).read_volatile());
        }
    }
}
