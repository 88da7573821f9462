//! The exact sum of doubles, as a number with a fixed point: so wide that every double fits, and every sum of as many
//! as a run can have. Such sums can be added in any order, and come out the same.

use num_bigint::BigInt;

/// What the lowest bit is worth, as a power of two: that of the least double above 0.
pub(super) const LEAST: u32 = 1074;

/// The bits of a digit. Digits are signed and have room for many sums before their carries are due.
const BITS: usize = 32;

/// 2046 places for the lowest bit of a double, 53 bits above the highest of those, 64 for as many sums.
const DIGITS: usize = 68;

/// How many doubles may be added before carries are due: each adds less than 2^32 to a digit.
const MOST_ADDED: u32 = 1 << 29;

/// A sum of finite doubles.
#[derive(Clone)]
pub(super) struct Doubles {
    digits: Box<[i64; DIGITS]>,
    /// How many doubles were added since carries were last carried.
    added: u32,
}

impl Default for Doubles {
    fn default() -> Self {
        Self { digits: Box::new([0; DIGITS]), added: 0 }
    }
}

impl Doubles {
    /// Adds a finite double.
    #[inline]
    pub(super) fn add(&mut self, value: f64) {
        if self.added == MOST_ADDED {
            self.carry();
        }
        self.added += 1;
        let bits = value.to_bits();
        let exponent = (bits >> 52 & 0x7ff) as usize;
        let hidden = u64::from(exponent != 0) << 52;
        let significand = bits & ((1 << 52) - 1) | hidden;
        // How far its lowest bit is above the lowest of all; the same for the least exponent and for what is below.
        let place = exponent.max(1) - 1;
        let shifted = u128::from(significand) << (place % BITS);
        let sign = (bits as i64) >> 63;
        let signed = |digit: u128| ((digit as u32 as i64) ^ sign) - sign;
        let at = place / BITS;
        self.digits[at] += signed(shifted);
        self.digits[at + 1] += signed(shifted >> BITS);
        self.digits[at + 2] += signed(shifted >> (2 * BITS));
    }

    /// Adds another sum.
    pub(super) fn merge(&mut self, other: &Self) {
        let mut other = other.clone();
        other.carry();
        self.carry();
        // What comes from a worker may be anything, and must do no harm.
        for (digit, other) in self.digits.iter_mut().zip(other.digits.iter()) {
            *digit = digit.wrapping_add(*other);
        }
        self.added = 2;
    }

    /// Leaves less than 2^32 in each digit but the last.
    fn carry(&mut self) {
        let mut carry = 0_i64;
        let (last, digits) = self.digits.split_last_mut().expect("there are some");
        for digit in digits {
            let value = digit.wrapping_add(carry);
            carry = value >> BITS;
            *digit = value & ((1 << BITS) - 1);
        }
        *last = last.wrapping_add(carry);
        self.added = 1;
    }

    /// The sum, times 2^[`LEAST`].
    pub(super) fn scaled(&self) -> BigInt {
        let mut sum = BigInt::ZERO;
        for digit in self.digits.iter().rev() {
            sum = (sum << BITS) + digit;
        }
        sum
    }

    /// The digits between zeros, and how many zeros are below them.
    pub(super) fn to_digits(&self) -> (u32, Vec<i64>) {
        let is_used = |digit: &i64| *digit != 0;
        let first = self.digits.iter().position(is_used).unwrap_or_default();
        let end = self.digits.iter().rposition(is_used).map_or(first, |last| last + 1);
        (first as u32, self.digits[first..end].to_vec())
    }

    /// From [`to_digits`](Self::to_digits), or from whatever a worker makes of it; `None` if that cannot be.
    pub(super) fn from_digits(first: u32, digits: &[i64]) -> Option<Self> {
        let first = usize::try_from(first).ok()?;
        let mut all = Self::default();
        let end = first.checked_add(digits.len())?;
        all.digits.get_mut(first..end)?.copy_from_slice(digits);
        all.carry();
        Some(all)
    }
}
