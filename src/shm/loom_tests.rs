//! The protocols of this folder under the model checker: the code that ships, over words and bytes that loom
//! watches. Every interleaving, and every value that a load may see, is tried.
//!
//! Each proof has mutants beside it, of which one ordering or one step is missing, and which must fail.
//! `README.md` says how to run this.

mod claim;
mod memory;
mod ring;
mod sleep;
