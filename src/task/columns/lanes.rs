//! Columns, the flags of lanes, and the memory of both.

use super::bounds::Bounds;

/// The values of a column.
#[derive(Debug)]
pub(super) enum Values<T> {
    /// The same in all lanes.
    Same(T),
    /// The items themselves.
    Items,
    /// Their indices.
    Indices,
    Each(Vec<T>),
}

/// A column of integers, or of 0 and 1.
#[derive(Debug)]
pub(super) struct Ints {
    pub(super) values: Values<i64>,
    pub(super) bounds: Bounds,
}

/// A column of doubles.
pub(super) type Floats = Values<f64>;

#[derive(Debug)]
pub(super) enum Column {
    Ints(Ints),
    Floats(Floats),
}

/// A column to be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Operand<'a, T> {
    Same(T),
    Each(&'a [T]),
}

impl<'a, T: Copy> Operand<'a, T> {
    /// Its lanes, if each has a value of its own.
    pub(super) fn each(&self) -> Option<&'a [T]> {
        match self {
            Self::Same(_) => None,
            Self::Each(values) => Some(values),
        }
    }

    #[inline]
    pub(super) fn lane(&self, lane: usize) -> T {
        match self {
            Self::Same(value) => *value,
            Self::Each(values) => values[lane],
        }
    }
}

/// Which lanes are to be computed otherwise.
#[derive(Clone, Debug, Default)]
pub(super) struct Flags {
    /// Empty as long as none is flagged.
    pub(super) lanes: Vec<bool>,
}

impl Flags {
    /// The flags, to be set, of so many lanes.
    pub(super) fn of(&mut self, count: usize) -> &mut [bool] {
        self.lanes.resize(count, false);
        &mut self.lanes
    }

    pub(super) fn any(&self) -> bool {
        !self.lanes.is_empty()
    }
}

/// Vectors that are used again.
#[derive(Clone, Debug)]
pub(super) struct Pool<T>(Vec<Vec<T>>);

impl<T> Default for Pool<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Copy> Pool<T> {
    /// An empty one.
    pub(super) fn take(&mut self) -> Vec<T> {
        let mut vector = self.0.pop().unwrap_or_default();
        vector.clear();
        vector
    }

    pub(super) fn give(&mut self, values: Values<T>) {
        if let Values::Each(vector) = values {
            self.give_back(vector);
        }
    }

    pub(super) fn give_back(&mut self, vector: Vec<T>) {
        self.0.push(vector);
    }
}

/// Appends `f` of each lane to `out`. The loops are those that compilers vectorise.
#[inline]
pub(super) fn map<A: Copy, C>(
    a: Operand<'_, A>,
    count: usize,
    out: &mut Vec<C>,
    f: impl Fn(A) -> C,
) {
    match a {
        Operand::Each(a) => out.extend(a.iter().map(|a| f(*a))),
        Operand::Same(a) => out.extend((0..count).map(|_| f(a))),
    }
}

/// Appends `f` of each pair of lanes to `out`.
#[inline]
pub(super) fn map_pairs<A: Copy, B: Copy, C>(
    a: Operand<'_, A>,
    b: Operand<'_, B>,
    count: usize,
    out: &mut Vec<C>,
    f: impl Fn(A, B) -> C,
) {
    match (a, b) {
        (Operand::Each(a), Operand::Each(b)) => out.extend(a.iter().zip(b).map(|(a, b)| f(*a, *b))),
        (Operand::Each(a), Operand::Same(b)) => out.extend(a.iter().map(|a| f(*a, b))),
        (Operand::Same(a), Operand::Each(b)) => out.extend(b.iter().map(|b| f(a, *b))),
        (Operand::Same(a), Operand::Same(b)) => out.extend((0..count).map(|_| f(a, b))),
    }
}

/// As [`map_pairs`], where `f` also says whether the lane is to be flagged.
#[inline]
pub(super) fn map_checked<A: Copy, B: Copy, C>(
    a: Operand<'_, A>,
    b: Operand<'_, B>,
    count: usize,
    (out, flags): (&mut Vec<C>, &mut Flags),
    mut f: impl FnMut(A, B) -> (C, bool),
) {
    out.reserve(count);
    for lane in 0..count {
        let (value, is_flagged) = f(a.lane(lane), b.lane(lane));
        out.push(value);
        if is_flagged {
            flags.of(count)[lane] = true;
        }
    }
}
