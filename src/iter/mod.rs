//! Iterators in rayon's shape, over processes: `(0..10).into_proc_iter().map(|n| n * n).collect::<Vec<_>>()`.
//!
//! A [`ProcIterator`] is a chain: a source, adaptors, and a method that runs it all. A whole chain runs in the
//! workers. Its types say what it is made of, so that what makes it ready in a worker is one function of this
//! program, named by its place; all that is sent with it are the values that it captured and the items that go in.
//!
//! How it works inside: each adaptor has a file, and in it a struct that is both the supervisor's half of it (over
//! another [`ProcIterator`]) and the worker's (over another `Stage`). `split` takes a chain apart in the supervisor,
//! `rebuild` puts it together in a worker, in the same order, and `drive` runs a block of items through it as one loop.

mod ahead;
mod arrivals;
mod chunks;
mod collect;
mod collections;
mod enumerate;
mod extremes;
mod filter;
mod filter_map;
mod find;
mod flat_map_iter;
mod flatten_iter;
mod fold;
mod indexed;
mod inspect;
mod into;
mod lengths;
mod located;
mod map;
mod map_init;
mod map_with;
mod proc_iterator;
mod program;
mod range;
mod reduce;
mod send;
mod source;
mod split;
mod stage;
#[cfg(test)]
mod tests;
mod values;
mod zip;

pub use chunks::Chunks;
pub use collect::FromProcIterator;
pub use enumerate::Enumerate;
pub use filter::Filter;
pub use filter_map::FilterMap;
pub use flat_map_iter::FlatMapIter;
pub use flatten_iter::FlattenIter;
pub use fold::Fold;
pub use indexed::IndexedProcIterator;
pub use inspect::Inspect;
pub use into::{IntoProcIterator, IntoProcRefIterator};
pub use lengths::{MaxLen, MinLen};
pub use map::Map;
pub use map_init::MapInit;
pub use map_with::MapWith;
pub use proc_iterator::ProcIterator;
pub use range::{Integer, Range};
pub use values::{ProcBridge, Values};
pub use zip::Zip;
