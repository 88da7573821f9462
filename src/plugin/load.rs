//! A library is loaded, and what it shows is read.

use std::ffi::c_char;
use std::os::fd::BorrowedFd;
use std::ptr;

use serde::{Deserialize, Serialize};

use super::abi::{ABI, Entry, SYMBOL, Table};
use super::function::{Function, plain};
use super::signature::{Declared, LONGEST_HELP, LONGEST_NAME, Signature, SignatureError};
use super::{MOST_FUNCTIONS, library};

/// Why a file is no plugin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum LoadError {
    /// The system's loader refuses it.
    #[error("cannot be loaded: {0}")]
    Refused(String),
    /// It shows no table.
    #[error("is no plugin: it has no symbol '{SYMBOL}' (see include/pmap_plugin.h)")]
    NoTable,
    /// It was made for another version of the interface.
    #[error(
        "was made for version {0} of the plugin interface, and this is version {ABI}; compile it again"
    )]
    Abi(u32),
    /// A table without functions, or with too many.
    #[error("declares {0} functions; a plugin has 1 to {MOST_FUNCTIONS}")]
    Count(u32),
    /// The table says nothing of where the functions are.
    #[error("declares functions at no address")]
    NoFunctions,
    /// A function, counted from 1, is none.
    #[error("function {0} {1}")]
    Function(u32, SignatureError),
}

/// Loads the library that a descriptor stands for, runs its constructors, and reads its table. It stays loaded.
///
/// What is open stays the same file whatever happens to its name. The descriptor must stay open until everything is loaded
/// that is to be: the loader knows libraries by their names, which here are the numbers of descriptors.
///
/// Whatever a library does when it is loaded happens to the calling process.
///
/// # Errors
/// It cannot be loaded, or what it shows is no plugin.
pub fn load(library: BorrowedFd<'_>) -> Result<Vec<(Function, Declared)>, LoadError> {
    read(library::open(library)?)
}

/// Reads a table.
pub(super) fn read(table: *const Table) -> Result<Vec<(Function, Declared)>, LoadError> {
    if table.is_null() {
        return Err(LoadError::NoTable);
    }
    #[expect(unsafe_code, reason = "a pointer from a library")]
    // SAFETY: a library that shows a symbol of this name promises that there is a version number. If it lies, this
    // process ends by a fault, as it may at any of its calls.
    let abi = unsafe { ptr::addr_of!((*table).abi).read_unaligned() };
    if abi != ABI {
        return Err(LoadError::Abi(abi));
    }
    #[expect(unsafe_code, reason = "a pointer from a library")]
    // SAFETY: and of this version, that there is a whole table.
    let table = unsafe { table.read_unaligned() };
    if !(1..=MOST_FUNCTIONS).contains(&table.count) {
        return Err(LoadError::Count(table.count));
    }
    if table.functions.is_null() {
        return Err(LoadError::NoFunctions);
    }
    (0..table.count)
        .map(|at| {
            #[expect(unsafe_code, reason = "a pointer from a library")]
            // SAFETY: as above; it promises so many entries. A pointer to a function may be any but null.
            let entry = unsafe { table.functions.add(at as usize).read_unaligned() };
            declared(&entry)
                .map(|declared| (Function::new(&entry, declared.signature.clone()), declared))
                .map_err(|error| LoadError::Function(at + 1, error))
        })
        .collect()
}

fn declared(entry: &Entry) -> Result<Declared, SignatureError> {
    let name = text(entry.name, LONGEST_NAME + 1).ok_or(SignatureError::NoName)?;
    let (integer, real) = (entry.integer.is_some(), entry.real.is_some());
    let signature = Signature::new(&name, entry.arity, integer, real)?;
    let help = text(entry.help, LONGEST_HELP).unwrap_or_default();
    Ok(Declared { signature, help: plain(&help) })
}

/// A C string, or its begin of so many bytes; `None` for null.
fn text(start: *const c_char, most: usize) -> Option<String> {
    if start.is_null() {
        return None;
    }
    #[expect(unsafe_code, reason = "a pointer from a library")]
    // SAFETY: it promises a string that ends with a zero; nothing is read behind that.
    let bytes = (0..most).map(|at| unsafe { start.add(at).read() } as u8);
    let bytes: Vec<u8> = bytes.take_while(|byte| *byte != 0).collect();
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
