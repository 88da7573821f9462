//! What stands for the sandbox in a program that is built without the command line, which alone can ask for one.

use std::io;

/// Confines nobody.
///
/// # Errors
/// Always.
pub fn enter() -> io::Result<()> {
    Err(io::Error::other("there is no sandbox to be had: pmap was built without its feature 'cli'"))
}
