//! A lease of a function's items: behind the lease's own header, which function, what it captured if the worker does
//! not know that yet, and the items.

use zerocopy::little_endian::{I64, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

use crate::source::{CallItems, Definition};

const RANGE: u32 = 1;
const VALUES: u32 = 2;

#[derive(FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
struct Header {
    program: U32,
    oldest: U32,
    /// 1 if `entry` and the captures are there; else the worker has them.
    defines: U32,
    kind: U32,
    first: U64,
    /// Of a range; 0 otherwise.
    start: I64,
    step: I64,
    entry: I64,
    /// Bytes of captures that follow, before the items.
    captures: U64,
}

/// What a lease of a function's items says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call<'a> {
    /// The program's number, which is given once in the life of a pool.
    pub program: u32,
    /// The oldest program that is still of use: whatever has a lower number can be forgotten.
    pub oldest: u32,
    /// The first item's index, as the function sees it.
    pub first: u64,
    /// What the program is made of, with the first of its leases that goes to a worker.
    pub definition: Option<Definition<'a>>,
    /// The items.
    pub items: CallItems<'a>,
}

impl<'a> Call<'a> {
    /// Appends its bytes.
    pub fn append_to(&self, out: &mut Vec<u8>) {
        let (kind, start, step, values) = match self.items {
            CallItems::Range { start, step } => (RANGE, start, step, &[][..]),
            CallItems::Values(bytes) => (VALUES, 0, 0, bytes),
        };
        let (entry, captures) = self
            .definition
            .map_or((0, &[][..]), |definition| (definition.entry, definition.captures));
        let header = Header {
            program: self.program.into(),
            oldest: self.oldest.into(),
            defines: u32::from(self.definition.is_some()).into(),
            kind: kind.into(),
            first: self.first.into(),
            start: start.into(),
            step: step.into(),
            entry: entry.into(),
            captures: (captures.len() as u64).into(),
        };
        out.extend_from_slice(header.as_bytes());
        out.extend_from_slice(captures);
        out.extend_from_slice(values);
    }

    /// From its bytes; `None` if they are no call.
    #[must_use]
    pub fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (header, behind) = Header::read_from_prefix(bytes).ok()?;
        let captures = usize::try_from(header.captures.get()).ok()?;
        let (captures, values) = behind.split_at_checked(captures)?;
        let items = match header.kind.get() {
            RANGE => CallItems::Range { start: header.start.get(), step: header.step.get() },
            VALUES => CallItems::Values(values),
            _ => return None,
        };
        let defines = header.defines.get() == 1;
        let definition = defines.then(|| Definition { entry: header.entry.get(), captures });
        Some(Self {
            program: header.program.get(),
            oldest: header.oldest.get(),
            first: header.first.get(),
            definition,
            items,
        })
    }
}
