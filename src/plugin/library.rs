//! A library and the system's loader.

use std::os::fd::{AsRawFd, BorrowedFd};

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

use super::abi::{SYMBOL, Table};
use super::function::plain;
use super::load::LoadError;

/// Loads the library that a descriptor stands for, runs its constructors, and finds its table. It stays loaded.
pub(super) fn open(library: BorrowedFd<'_>) -> Result<*const Table, LoadError> {
    let path = format!("/proc/self/fd/{}", library.as_raw_fd());
    #[expect(unsafe_code, reason = "a library runs whatever it likes when it is loaded")]
    // SAFETY: it is code of the user's choice, in a process that was started for it.
    let loaded = unsafe { Library::open(Some(&path), RTLD_NOW | RTLD_LOCAL) };
    // The loader puts the name in front, which tells nobody anything.
    let said = |error: libloading::Error| {
        let text = std::error::Error::source(&error).map_or(error.to_string(), ToString::to_string);
        plain(text.trim_start_matches(&format!("{path}: ")))
    };
    let loaded = loaded.map_err(|error| LoadError::Refused(said(error)))?;
    #[expect(unsafe_code, reason = "nobody knows what a symbol stands for")]
    // SAFETY: it is used as an address, which `load::read` says more about.
    let table = unsafe { loaded.get::<*const Table>(SYMBOL.as_bytes()) };
    let table = table.map_err(|_| LoadError::NoTable)?.into_raw().cast::<Table>().cast_const();
    // Its functions are called until the process ends.
    std::mem::forget(loaded);
    Ok(table)
}
