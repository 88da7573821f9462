//! What [`plugin!`](crate::plugin!) writes into a library in Rust. Nothing here is called by pmap itself.

use std::cell::RefCell;
use std::ffi::{c_char, c_int};
use std::fmt::Display;
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;

use super::abi::MESSAGE;

/// What a plugin's function may return: a number, or a `Result` of one.
pub trait Outcome<T> {
    /// The number, or why there is none.
    fn into_result(self) -> Result<T, String>;
}

impl Outcome<i64> for i64 {
    fn into_result(self) -> Result<i64, String> {
        Ok(self)
    }
}

impl Outcome<f64> for f64 {
    fn into_result(self) -> Result<f64, String> {
        Ok(self)
    }
}

impl<T, E: Display> Outcome<T> for Result<T, E> {
    fn into_result(self) -> Result<T, String> {
        self.map_err(|error| error.to_string())
    }
}

thread_local! {
    /// Where the last panic was: file and line.
    static PLACE: RefCell<String> = const { RefCell::new(String::new()) };
}

/// From now on, panics of this library's code are told with their items and nowhere else. The library has a standard
/// library of its own, so that nobody else's panics are meant.
fn tell_panics_once() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        panic::set_hook(Box::new(|panic| {
            let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
            PLACE.set(place.unwrap_or_default());
        }));
    });
}

/// A call in the scalar form.
///
/// # Safety
/// `result` and `message` are what a scalar form is called with.
#[expect(unsafe_code, reason = "C calls it")]
pub unsafe fn scalar<T>(
    call: impl FnOnce() -> Result<T, String>,
    result: *mut T,
    message: *mut c_char,
) -> c_int {
    tell_panics_once();
    // What a panic leaves half done is its author's; pmap does not look at it.
    let outcome = catch_unwind(AssertUnwindSafe(call)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or_default();
        Err(format!("panicked at {}: {said}", PLACE.take()))
    });
    match outcome {
        Ok(value) => {
            // SAFETY: there is room for a result.
            unsafe { result.write(value) };
            0
        }
        Err(text) => {
            let end = (0..MESSAGE).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
            let text = &text.as_bytes()[..end.min(text.len())];
            // SAFETY: there is room for so many bytes and a zero.
            unsafe {
                message.cast::<u8>().copy_from_nonoverlapping(text.as_ptr(), text.len());
                message.add(text.len()).write(0);
            }
            1
        }
    }
}

/// Calls in the batch form: those before the first that fails.
///
/// # Safety
/// There is room for `count` results.
#[expect(unsafe_code, reason = "C calls it")]
pub unsafe fn batch<T>(
    count: usize,
    results: *mut T,
    call: impl Fn(usize) -> Result<T, String>,
) -> usize {
    let done = std::cell::Cell::new(0);
    // A panic ends the batch; the scalar form says what it was.
    tell_panics_once();
    let all = AssertUnwindSafe(|| {
        while done.get() < count {
            let Ok(value) = call(done.get()) else { break };
            // SAFETY: one of `count` places.
            unsafe { results.add(done.get()).write(value) };
            done.set(done.get() + 1);
        }
    });
    let _ = catch_unwind(all);
    done.get()
}

/// Makes a library a plugin: writes the table of these functions, their scalar and their batch forms.
///
/// A function takes one argument or more, all of them `i64` or all `f64`, and returns a number of that type or a `Result`
/// of one, whose error fails the item with its text; so does a panic. Its doc comment, of one line, is shown by
/// `pmap tasks --plugin`.
///
/// The library is a package of its own, whose `Cargo.toml` says
///
/// ```toml
/// [lib]
/// crate-type = ["cdylib"]
///
/// [dependencies]
/// pmap-rs = { version = "0.1", default-features = false }
/// ```
///
/// and whose `lib.rs` says
///
/// ```
/// pmap::plugin! {
///     /// The sum of the decimal digits of n
///     fn digit_sum(n: i64) -> i64 {
///         let mut rest = n.unsigned_abs();
///         let mut sum = 0;
///         while rest > 0 {
///             sum += (rest % 10) as i64;
///             rest /= 10;
///         }
///         sum
///     }
///
///     /// The height of a triangle with base a and area b
///     fn height(base: f64, area: f64) -> Result<f64, String> {
///         if base > 0.0 { Ok(2.0 * area / base) } else { Err("a base is positive".to_owned()) }
///     }
/// }
/// # fn main() {
/// #     assert_eq!((digit_sum(1999), height(2.0, 3.0)), (28, Ok(3.0)));
/// #     assert_eq!(pmap_plugin.count, 2);
/// # }
/// ```
///
/// Then `pmap --plugin target/release/libmine.so 'digit_sum(n**2)'`.
#[macro_export]
macro_rules! plugin {
    (@forms $type:ty, $name:ident, ($($argument:ident),+)) => {
        #[allow(unsafe_code)]
        unsafe extern "C" fn scalar(
            arguments: *const $type,
            result: *mut $type,
            message: *mut ::std::ffi::c_char,
        ) -> ::std::ffi::c_int {
            let mut place = 0..;
            // SAFETY: pmap gives as many arguments as the table says that there are.
            $(let $argument = unsafe { *arguments.add(place.next().unwrap_or_default()) };)+
            // SAFETY: as pmap gave them.
            unsafe {
                $crate::plugin::export::scalar(
                    || $crate::plugin::export::Outcome::<$type>::into_result($name($($argument),+)),
                    result,
                    message,
                )
            }
        }

        #[allow(unsafe_code)]
        unsafe extern "C" fn batch(
            count: usize,
            arguments: *const *const $type,
            results: *mut $type,
        ) -> usize {
            let mut place = 0..;
            // SAFETY: pmap gives a column for each argument.
            $(let $argument = unsafe { *arguments.add(place.next().unwrap_or_default()) };)+
            // SAFETY: each of them has `count` lanes, and so many results have room.
            unsafe {
                $crate::plugin::export::batch(count, results, |lane| {
                    $crate::plugin::export::Outcome::<$type>::into_result(
                        $name($(*$argument.add(lane)),+)
                    )
                })
            }
        }
    };
    (@entry [$($entries:expr,)*]) => {
        /// What pmap looks for.
        #[allow(unsafe_code, non_upper_case_globals)]
        #[unsafe(no_mangle)]
        pub static pmap_plugin: $crate::plugin::abi::Table = {
            static FUNCTIONS: &[$crate::plugin::abi::Entry] = &[$($entries,)*];
            $crate::plugin::abi::Table {
                abi: $crate::plugin::abi::ABI,
                count: FUNCTIONS.len() as u32,
                functions: FUNCTIONS.as_ptr(),
            }
        };
    };
    (@entry [$($entries:expr,)*]
        $(#[doc = $help:literal])*
        fn $name:ident($($argument:ident: i64),+ $(,)?) -> $return:ty $body:block
        $($rest:tt)*
    ) => {
        $(#[doc = $help])*
        fn $name($($argument: i64),+) -> $return $body

        $crate::plugin! {
            @entry [$($entries,)* {
                $crate::plugin! { @forms i64, $name, ($($argument),+) }
                $crate::plugin::abi::Entry {
                    name: concat!(stringify!($name), "\0").as_ptr().cast(),
                    help: concat!($($help,)* "\0").as_ptr().cast(),
                    arity: [$(stringify!($argument)),+].len() as u32,
                    integer: Some(scalar),
                    integer_batch: Some(batch),
                    real: None,
                    real_batch: None,
                }
            },]
            $($rest)*
        }
    };
    (@entry [$($entries:expr,)*]
        $(#[doc = $help:literal])*
        fn $name:ident($($argument:ident: f64),+ $(,)?) -> $return:ty $body:block
        $($rest:tt)*
    ) => {
        $(#[doc = $help])*
        fn $name($($argument: f64),+) -> $return $body

        $crate::plugin! {
            @entry [$($entries,)* {
                $crate::plugin! { @forms f64, $name, ($($argument),+) }
                $crate::plugin::abi::Entry {
                    name: concat!(stringify!($name), "\0").as_ptr().cast(),
                    help: concat!($($help,)* "\0").as_ptr().cast(),
                    arity: [$(stringify!($argument)),+].len() as u32,
                    integer: None,
                    integer_batch: None,
                    real: Some(scalar),
                    real_batch: Some(batch),
                }
            },]
            $($rest)*
        }
    };
    ($($functions:tt)+) => {
        $crate::plugin! { @entry [] $($functions)+ }
    };
}
