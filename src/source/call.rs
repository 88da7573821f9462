//! Items of a function, in the form in which a worker gets them.

/// What a function is made of in a worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition<'a> {
    /// Its entry, as a number that means the same in every process of this build.
    pub entry: i64,
    /// What it captured.
    pub captures: &'a [u8],
}

/// The items of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallItems<'a> {
    /// `start`, `start + step`, …
    Range {
        /// The first item.
        start: i64,
        /// From one item to the next.
        step: i64,
    },
    /// Values, one after the other, in the form of the `call` module.
    Values(&'a [u8]),
}

/// Items of one function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Called<'a> {
    /// The function's number, which is given once in the life of a pool.
    pub program: u32,
    /// The oldest function that is still of use: workers forget those with lower numbers.
    pub oldest: u32,
    /// The first item's index among all items that the function is called for together.
    pub first: u64,
    /// What it is made of; told to a worker with the first of its leases.
    pub definition: Definition<'a>,
    /// The items.
    pub items: CallItems<'a>,
}
