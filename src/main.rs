//! The command `pmap`: a worker if it was started as one, else the command line.

use std::process::ExitCode;

fn main() -> ExitCode {
    if pmap::worker::is_wanted() { pmap::worker::run() } else { pmap::cli::main() }
}
