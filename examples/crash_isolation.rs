//! A C function that crashes on one of its inputs costs that input, and nothing else.
//!
//!     cargo run --example crash_isolation
//!
//! The function is two calls of the C library, in the way in which C programs really do it: `strlen(getenv(name))`.
//! For a variable that is not set, `getenv` returns a null pointer, and `strlen` reads from it: a segmentation fault.
//! In a thread, that would be the end of the whole program.

#![expect(unsafe_code, reason = "C is called")]

use std::error::Error;
use std::ffi::CString;

use pmap::Pool;

/// The length of an environment variable's value.
fn length_of(name: String) -> usize {
    let name = CString::new(name).expect("a name without a zero byte");
    // SAFETY: `getenv` is called with a C string, and nobody changes the environment. What `strlen` is called with is a
    // C string, too, if the variable is set. If not, this is wrong, and that is what the example is about.
    unsafe { libc::strlen(std::hint::black_box(libc::getenv(name.as_ptr()))) }
}

fn main() -> Result<(), Box<dyn Error>> {
    pmap::init();
    // A crash would be tried twice more, in case that it was bad luck. This one is not.
    let pool = Pool::builder().workers(2).retries(0).build()?;
    let names = ["PATH", "NO_SUCH_VARIABLE", "HOME"].map(str::to_owned);
    for (name, length) in names.clone().iter().zip(pool.map(length_of, names)) {
        match length {
            Ok(length) => println!("{name}: {length} bytes"),
            Err(error) if error.signal() == Some(libc::SIGSEGV) => println!("{name}: crashed"),
            Err(error) => return Err(error.into()),
        }
    }
    // The pool has replaced the worker that died.
    println!("and again PATH: {} bytes", pool.submit(length_of, "PATH".to_owned()).result()?);
    Ok(())
}
