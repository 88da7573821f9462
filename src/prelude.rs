//! What a program needs to iterate over processes: `use pmap::prelude::*;`.

pub use crate::iter::{
    FromProcIterator, IndexedProcIterator, IntoProcIterator, IntoProcRefIterator, ProcBridge,
    ProcIterator,
};
pub use crate::pool::TaskError;
