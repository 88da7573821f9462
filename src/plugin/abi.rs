//! The interface, as `include/pmap_plugin.h` has it: what lies in a library's memory, in the layout of C.

use std::ffi::{c_char, c_int};

/// The version of everything here.
pub const ABI: u32 = 1;

/// The name of a library's [`Table`].
pub const SYMBOL: &str = "pmap_plugin";

/// The most arguments of a function.
pub const MOST_ARGUMENTS: usize = 8;

/// The bytes of the buffer for a message, its final zero included.
pub const MESSAGE: usize = 256;

/// The scalar form for numbers of type `T`: arguments, a place for the result, and one for a message. 0 says that
/// there is a result.
pub type Scalar<T> = unsafe extern "C" fn(*const T, *mut T, *mut c_char) -> c_int;

/// The batch form: how many calls, a column for each argument, and one for the results. The value is how many calls
/// were done, from the first one on.
pub type Batch<T> = unsafe extern "C" fn(usize, *const *const T, *mut T) -> usize;

/// A function, as a library declares it.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// A Python identifier, as a C string.
    pub name: *const c_char,
    /// What it yields, in a line; may be null.
    pub help: *const c_char,
    /// How many arguments it takes.
    pub arity: u32,
    /// For integers; what it has no form for is null.
    pub integer: Option<Scalar<i64>>,
    /// For many integers at once.
    pub integer_batch: Option<Batch<i64>>,
    /// For doubles.
    pub real: Option<Scalar<f64>>,
    /// For many doubles at once.
    pub real_batch: Option<Batch<f64>>,
}

/// What a library shows under the name [`SYMBOL`].
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// [`ABI`].
    pub abi: u32,
    /// How many functions there are.
    pub count: u32,
    /// The first of them.
    pub functions: *const Entry,
}

#[expect(unsafe_code, reason = "a table in a library's memory points to strings there")]
// SAFETY: what its pointers lead to is constant: `plugin!` makes them of literals and of `fn` items.
unsafe impl Sync for Entry {}

#[expect(unsafe_code, reason = "a table in a library's memory points to its entries")]
// SAFETY: as above.
unsafe impl Sync for Table {}
