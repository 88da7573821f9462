//! The command `pmap`: a worker if it was started as one, else the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    pmap::init();
    pmap::cli::main()
}
