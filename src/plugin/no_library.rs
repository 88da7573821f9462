//! What stands for the system's loader in a program that is built without the command line, which alone knows plugins.

use std::os::fd::BorrowedFd;

use super::abi::Table;
use super::load::LoadError;

/// Opens no library.
pub(super) fn open(_: BorrowedFd<'_>) -> Result<*const Table, LoadError> {
    Err(LoadError::Refused("pmap was built without its feature 'cli'".to_owned()))
}
