//! The command `pmap`: a worker if it was started as one, else the command line.

use std::process::ExitCode;

/// So that a worker that is refused memory says so by the way it dies.
#[global_allocator]
static ALLOCATOR: pmap::sys::allocator::Watched = pmap::sys::allocator::Watched;

fn main() -> ExitCode {
    pmap::init();
    pmap::cli::main()
}
