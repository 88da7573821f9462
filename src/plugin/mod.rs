//! Native plugins: shared libraries whose functions expressions can call.
//!
//! A library shows a table of functions under the name `pmap_plugin`; `include/pmap_plugin.h` is the interface as C
//! sees it, [`abi`] as Rust does, and [`plugin!`](crate::plugin!) writes the table for a library in Rust. [`load`] is what a
//! worker does with one, and [`Function`] how it is called there. `docs/PLUGINS.md` is the user's side of all this.
//!
//! Everything that a library shows is checked, as far as that can be done from within its own process: what
//! it *does* there nobody can check. So no library is loaded in a supervisor; what is in one, a process tells that was
//! started to look (`cli::plugins`), and its report is checked once more.

pub mod abi;
#[doc(hidden)]
pub mod export;
mod function;
#[cfg(feature = "cli")]
mod library;
#[cfg(not(feature = "cli"))]
#[path = "no_library.rs"]
mod library;
mod load;
mod signature;

pub use function::{Failed, Function};
pub use load::{LoadError, load};
pub use signature::{Declared, LONGEST_HELP, LONGEST_NAME, Signature, SignatureError};

/// The most functions of one library.
pub const MOST_FUNCTIONS: u32 = 1024;

#[cfg(test)]
mod tests;
