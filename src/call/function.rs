//! Functions by identity: supervisor and worker are the same program, so that a function is the same in both and
//! its place in the program names it.

use std::marker::PhantomData;
use std::ptr::NonNull;

use super::Entry;
use crate::sys::identity;

/// The place of an [`Entry`] in the running program: its distance from a function of this crate. It is the same in
/// every process of the same build, wherever the program was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FunctionId(i64);

/// A function is not part of the program's own file but of a library that was loaded with it, and which may lie
/// elsewhere in a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the function is part of a shared library, which a worker may have loaded elsewhere; link it statically"
)]
pub struct Foreign;

/// What distances are counted from.
#[inline(never)]
fn anchor(_: super::Captured<'_>) -> Result<Box<dyn super::Program>, crate::wire::Fault> {
    Err(crate::wire::Fault::Codec("no function was named".to_owned()))
}

fn base() -> usize {
    anchor as Entry as usize
}

impl FunctionId {
    /// The identity of `entry`.
    ///
    /// # Errors
    /// It lies in another file than this crate does.
    pub fn of(entry: Entry) -> Result<Self, Foreign> {
        let address = entry as usize;
        if !identity::is_same_image(address, base()) {
            return Err(Foreign);
        }
        #[expect(clippy::cast_possible_wrap, reason = "a distance")]
        let distance = address.wrapping_sub(base()) as i64;
        Ok(Self(distance))
    }

    /// As a number, for the wire.
    #[must_use]
    pub fn to_bits(self) -> i64 {
        self.0
    }

    /// The entry that [`FunctionId::of`] gave this number in a process of the same build.
    ///
    /// # Safety
    /// The number must stem from there: it becomes a pointer to code.
    #[expect(unsafe_code, reason = "a number becomes a function")]
    pub unsafe fn entry_from_bits(bits: i64) -> Entry {
        #[expect(clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "a distance")]
        let address = base().wrapping_add(bits as usize);
        // SAFETY: the caller says that an entry lies at this distance from the anchor in another process of the same
        // build, hence in this one.
        unsafe { std::mem::transmute::<usize, Entry>(address) }
    }
}

/// A function that captures nothing, and that can therefore be called in another process: an `fn` item, or a closure
/// over nothing. Any other closure does not compile:
///
/// ```compile_fail
/// let offset = 3;
/// pmap::call::Function::new(move |n: i64| n + offset);
/// ```
///
/// It has no size: what is sent is its type.
pub struct Function<F>(PhantomData<fn() -> F>);

impl<F> Clone for Function<F> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<F> Copy for Function<F> {}

impl<F: 'static> Function<F> {
    const CAPTURES_NOTHING: () = assert!(
        size_of::<F>() == 0,
        "this closure captures variables, which a worker process does not have: pass them with `map_with(state, f)`, or as an argument; a function pointer needs a closure around the call"
    );

    /// Takes charge of `f`.
    pub fn new(f: F) -> Self {
        let () = Self::CAPTURES_NOTHING;
        // It lives on wherever this value, or its like in a worker, says that it does.
        std::mem::forget(f);
        Self(PhantomData)
    }

    /// The same in a worker.
    ///
    /// # Safety
    /// A value of the type must have been handed to [`Function::new`], in this process or in the one that this one
    /// works for.
    #[expect(unsafe_code, reason = "out of nothing comes a value of a type without size")]
    pub(super) unsafe fn assume() -> Self {
        let () = Self::CAPTURES_NOTHING;
        Self(PhantomData)
    }

    /// The function.
    #[must_use]
    #[expect(unsafe_code, reason = "a reference to a value without size")]
    pub fn get(self) -> &'static F {
        // SAFETY: `F` has no size, so that any aligned pointer points to a value of it, if there is one at all:
        // `new` has been given one and never drops it.
        unsafe { NonNull::<F>::dangling().as_ref() }
    }
}

#[cfg(test)]
mod tests;
