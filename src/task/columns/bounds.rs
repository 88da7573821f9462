//! Between which numbers all values of a column lie, and what follows for the values of an operation on two columns.

/// Both ends included. Lanes that are flagged may hold anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) low: i64,
    pub(super) high: i64,
}

impl Bounds {
    pub(super) const ALL: Self = Self { low: i64::MIN, high: i64::MAX };
    pub(super) const BOOL: Self = Self { low: 0, high: 1 };

    pub(super) fn same(value: i64) -> Self {
        Self { low: value, high: value }
    }

    /// Of these values; of none, those of zero.
    pub(super) fn of(values: &[i64]) -> Self {
        let Some((&first, rest)) = values.split_first() else { return Self::same(0) };
        let (low, high) = rest
            .iter()
            .fold((first, first), |(low, high), &value| (low.min(value), high.max(value)));
        Self { low, high }
    }

    /// From the ends of the exact results: whether all of them fit, and the bounds of those that do.
    fn fit(low: i128, high: i128) -> (bool, Self) {
        match (i64::try_from(low), i64::try_from(high)) {
            (Ok(low), Ok(high)) => (true, Self { low, high }),
            _ => (false, Self::ALL),
        }
    }

    fn wide(self) -> (i128, i128) {
        (self.low.into(), self.high.into())
    }

    pub(super) fn add(self, other: Self) -> (bool, Self) {
        let ((a, b), (c, d)) = (self.wide(), other.wide());
        Self::fit(a + c, b + d)
    }

    pub(super) fn subtract(self, other: Self) -> (bool, Self) {
        let ((a, b), (c, d)) = (self.wide(), other.wide());
        Self::fit(a - d, b - c)
    }

    pub(super) fn multiply(self, other: Self) -> (bool, Self) {
        let ((a, b), (c, d)) = (self.wide(), other.wide());
        // A product is extreme where its factors are.
        let corners = [a * c, a * d, b * c, b * d];
        Self::fit(
            corners.into_iter().fold(i128::MAX, i128::min),
            corners.into_iter().fold(i128::MIN, i128::max),
        )
    }

    /// Of `self // divisor`, where the divisor is positive.
    pub(super) fn floor_divide(self, divisor: i64) -> Self {
        debug_assert!(divisor > 0);
        Self { low: self.low.div_euclid(divisor), high: self.high.div_euclid(divisor) }
    }

    /// Of `self << count` with 0 <= count < 64.
    pub(super) fn shift_left(self, count: u32) -> (bool, Self) {
        let (low, high) = self.wide();
        Self::fit(low << count, high << count)
    }

    /// Of either.
    pub(super) fn or(self, other: Self) -> Self {
        Self { low: self.low.min(other.low), high: self.high.max(other.high) }
    }

    /// Whether all values lie within `-limit..=limit`.
    pub(super) fn within(self, limit: i64) -> bool {
        self.low >= -limit && self.high <= limit
    }
}
