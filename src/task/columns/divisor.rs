//! Division by a number that is the same for all lanes, without dividing.

/// A divisor greater than zero, prepared.
#[derive(Clone, Copy, Debug)]
pub(super) enum Divisor {
    /// 2 to this power.
    Power(u32),
    Other {
        /// ceil(2^(63 + l) / divisor), where l = ceil(log2(divisor)).
        factor: u64,
        /// l - 1.
        shift: u32,
        value: i64,
    },
}

impl Divisor {
    /// `None` for what is not greater than zero.
    pub(super) fn new(value: i64) -> Option<Self> {
        let unsigned = u64::try_from(value).ok().filter(|value| *value > 0)?;
        if unsigned.is_power_of_two() {
            return Some(Self::Power(unsigned.trailing_zeros()));
        }
        // Not a power of two, so that this rounds up.
        let bits = u64::BITS - unsigned.leading_zeros();
        let factor = (1_u128 << (63 + bits)).div_ceil(unsigned.into());
        // At most 2^63 * 2^bits / divisor + 1, and the divisor is more than 2^(bits - 1).
        Some(Self::Other { factor: factor as u64, shift: bits - 1, value })
    }
}

/// `n // divisor` by `factor` and `shift`. For all n: of a negative one, the complement is divided, which is in 0..2^63
/// as the others are, and the quotient complemented.
#[inline]
pub(super) fn floor_divide(n: i64, factor: u64, shift: u32) -> i64 {
    let sign = n >> 63;
    let magnitude = (n ^ sign) as u64;
    let high = (u128::from(magnitude) * u128::from(factor)) >> 64;
    ((high as u64 >> shift) as i64) ^ sign
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(n: i64, divisor: i64) -> Result<(), TestCaseError> {
        let Some(prepared) = Divisor::new(divisor) else {
            prop_assert!(divisor <= 0);
            return Ok(());
        };
        let quotient = match prepared {
            Divisor::Power(power) => n >> power,
            Divisor::Other { factor, shift, .. } => floor_divide(n, factor, shift),
        };
        prop_assert_eq!(quotient, n.div_euclid(divisor), "{} // {}", n, divisor);
        Ok(())
    }

    #[test]
    fn at_the_ends() {
        let ends: Vec<i64> = (0..63)
            .flat_map(|bit| [(1 << bit) - 1, 1 << bit, (1 << bit) + 1])
            .chain([i64::MAX, i64::MAX - 1, 3, 5, 6, 7, 10, 641, 1_000_000_007])
            .collect();
        for &divisor in &ends {
            for &n in &ends {
                let multiple = (i64::MAX / divisor.max(1)) * divisor;
                for n in [n, -n, !n, multiple, multiple - 1, -multiple, -multiple - 1, i64::MIN, 0]
                {
                    check(n, divisor).unwrap();
                }
            }
        }
    }

    proptest! {
        #[test]
        fn anywhere(n: i64, divisor: i64, less in 0_u32..64, smaller in 0_u32..63) {
            check(n >> less, divisor >> smaller)?;
        }
    }
}
