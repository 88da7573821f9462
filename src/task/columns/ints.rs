//! Operations on columns of integers.

use super::bounds::Bounds;
use super::divisor::{self, Divisor};
use super::lanes::{Flags, Operand, map, map_checked, map_pairs};
use super::op::IntPair;

/// Operands of an operation, with what is known of them.
pub(super) struct Pair<'a> {
    pub(super) a: Operand<'a, i64>,
    pub(super) b: Operand<'a, i64>,
    pub(super) a_bounds: Bounds,
    pub(super) b_bounds: Bounds,
    /// How many lanes there are.
    pub(super) count: usize,
}

impl Pair<'_> {
    /// Appends the results to `out`; their bounds.
    pub(super) fn apply(&self, operator: IntPair, out: &mut Vec<i64>, flags: &mut Flags) -> Bounds {
        let (a, b) = (self.a_bounds, self.b_bounds);
        match operator {
            IntPair::Add => {
                self.unless(a.add(b), i64::wrapping_add, i64::overflowing_add, out, flags)
            }
            IntPair::Subtract => {
                self.unless(a.subtract(b), i64::wrapping_sub, i64::overflowing_sub, out, flags)
            }
            IntPair::Multiply => {
                self.unless(a.multiply(b), i64::wrapping_mul, i64::overflowing_mul, out, flags)
            }
            IntPair::FloorDivide => self.floor_divide(out, flags),
            IntPair::Remainder => self.remainder(out, flags),
            IntPair::Power => {
                self.checked(out, flags, |a, b| a.checked_pow(u32::try_from(b).ok()?));
                Bounds::ALL
            }
            IntPair::ShiftLeft => self.shift_left(out, flags),
            IntPair::ShiftRight => {
                self.checked(out, flags, |a, b| (b >= 0).then(|| a >> b.min(63)));
                // Towards 0, or -1.
                Bounds { low: a.low.min(-1), high: a.high.max(0) }
            }
            IntPair::And => self.bitwise(out, |a, b| a & b),
            IntPair::Xor => self.bitwise(out, |a, b| a ^ b),
            IntPair::Or => self.bitwise(out, |a, b| a | b),
        }
    }

    /// Runs the plain operation if the results are known to fit, and else the one that tells.
    #[inline]
    fn unless(
        &self,
        (fits, bounds): (bool, Bounds),
        plain: impl Fn(i64, i64) -> i64,
        telling: impl Fn(i64, i64) -> (i64, bool),
        out: &mut Vec<i64>,
        flags: &mut Flags,
    ) -> Bounds {
        if fits {
            map_pairs(self.a, self.b, self.count, out, plain);
        } else {
            map_checked(self.a, self.b, self.count, (out, flags), telling);
        }
        bounds
    }

    /// Flags the lanes for which `f` has nothing.
    #[inline]
    fn checked(&self, out: &mut Vec<i64>, flags: &mut Flags, f: impl Fn(i64, i64) -> Option<i64>) {
        map_checked(self.a, self.b, self.count, (out, flags), |a, b| {
            let result = f(a, b);
            (result.unwrap_or(0), result.is_none())
        });
    }

    /// Bits of numbers of so many bits are as few again, signs included.
    fn bitwise(&self, out: &mut Vec<i64>, f: impl Fn(i64, i64) -> i64) -> Bounds {
        map_pairs(self.a, self.b, self.count, out, f);
        let all = self.a_bounds.or(self.b_bounds);
        let bits = (all.low ^ (all.low >> 63)).leading_zeros();
        let bits = bits.min((all.high ^ (all.high >> 63)).leading_zeros());
        // Both are in -2^k..2^k.
        let high = (u64::MAX >> bits.min(63)) as i64;
        let high = if bits >= 64 { 0 } else { high };
        Bounds { low: !high, high }
    }

    fn floor_divide(&self, out: &mut Vec<i64>, flags: &mut Flags) -> Bounds {
        let divisor = match self.b {
            Operand::Same(divisor) => divisor,
            Operand::Each(_) => 0,
        };
        match Divisor::new(divisor) {
            Some(Divisor::Power(power)) => map(self.a, self.count, out, |n| n >> power),
            Some(Divisor::Other { factor, shift, .. }) => {
                map(self.a, self.count, out, |n| divisor::floor_divide(n, factor, shift));
            }
            None => {
                self.checked(out, flags, |a, b| {
                    let quotient = a.checked_div(b)?;
                    let is_below = a % b != 0 && (a < 0) != (b < 0);
                    Some(quotient - i64::from(is_below))
                });
                return Bounds::ALL;
            }
        }
        self.a_bounds.floor_divide(divisor)
    }

    fn remainder(&self, out: &mut Vec<i64>, flags: &mut Flags) -> Bounds {
        let divisor = match self.b {
            Operand::Same(divisor) => divisor,
            Operand::Each(_) => 0,
        };
        match Divisor::new(divisor) {
            Some(Divisor::Power(_)) => {
                let mask = divisor - 1;
                map(self.a, self.count, out, |n| n & mask);
            }
            Some(Divisor::Other { factor, shift, value }) => {
                map(self.a, self.count, out, |n| {
                    // The product is at most one divisor below n, which may wrap, and so may the difference.
                    n.wrapping_sub(divisor::floor_divide(n, factor, shift).wrapping_mul(value))
                });
            }
            None => {
                self.checked(out, flags, |a, b| {
                    let remainder = a.checked_rem(b)?;
                    let is_below = remainder != 0 && (remainder < 0) != (b < 0);
                    Some(if is_below { remainder + b } else { remainder })
                });
                return Bounds::ALL;
            }
        }
        Bounds { low: 0, high: divisor - 1 }
    }

    fn shift_left(&self, out: &mut Vec<i64>, flags: &mut Flags) -> Bounds {
        if let Operand::Same(count @ 0..64) = self.b {
            let (fits, bounds) = self.a_bounds.shift_left(count as u32);
            if fits {
                map(self.a, self.count, out, |a| a << count);
                return bounds;
            }
        }
        self.checked(out, flags, |a, b| {
            let shifted = (0..64).contains(&b).then(|| a << b)?;
            // Nothing was shifted out that was not a copy of the sign.
            (shifted >> b == a).then_some(shifted)
        });
        Bounds::ALL
    }
}
