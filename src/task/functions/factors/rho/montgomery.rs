//! Multiplication modulo an odd 64-bit number without division (Montgomery 1985).

/// An odd number to compute with.
#[derive(Clone, Copy)]
pub(super) struct Modulus {
    value: u64,
    /// `value * inverse` is 1 modulo 2^64.
    inverse: u64,
}

impl Modulus {
    pub(super) fn new(value: u64) -> Self {
        debug_assert!(value % 2 == 1);
        // Each odd number is its own inverse modulo 8; each step of Newton's doubles the bits that are right.
        let inverse = (0..5).fold(value, |inverse, _| {
            inverse.wrapping_mul(2_u64.wrapping_sub(value.wrapping_mul(inverse)))
        });
        Self { value, inverse }
    }

    /// a b / 2^64, for a and b below the modulus.
    pub(super) fn multiply(self, a: u64, b: u64) -> u64 {
        let product = u128::from(a) * u128::from(b);
        // The multiple of the modulus that has the same low word; the difference is a multiple of 2^64.
        let times = (product as u64).wrapping_mul(self.inverse);
        let multiple = u128::from(times) * u128::from(self.value);
        let (high, is_negative) = ((product >> 64) as u64).overflowing_sub((multiple >> 64) as u64);
        if is_negative { high.wrapping_add(self.value) } else { high }
    }

    /// a + b, for a and b below the modulus.
    pub(super) fn add(self, a: u64, b: u64) -> u64 {
        let room = self.value - b;
        if a >= room { a - room } else { a + b }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn as_with_division(a: u64, b: u64, modulus: u64) {
            let n = modulus | 1;
            let (a, b) = (a % n, b % n);
            let (wide, [a_wide, b_wide]) = (u128::from(n), [a, b].map(u128::from));
            let modulus = Modulus::new(n);
            proptest::prop_assert_eq!(u128::from(modulus.add(a, b)), (a_wide + b_wide) % wide);
            let shifted = (u128::from(modulus.multiply(a, b)) << 64) % wide;
            proptest::prop_assert_eq!(shifted, a_wide * b_wide % wide);
        }
    }
}
