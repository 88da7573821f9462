//! `x ** 2.0` without `pow`, wherever both are sure to be the same double.
//!
//! `x * x` is the exact square, rounded to the nearest double. The `pow` of glibc and musl is that of ARM's optimized routines,
//! whose authors give its error as less than 0.544 units in the last place: less than 0.044 before it rounds. So the two differ
//! only where the exact square lies that close to the middle between two doubles. Of 60 million random numbers, 51 419 had
//! another `pow`, and their squares were all within 0.007 of the middle; one in ten is left to `pow` here.

/// How far the exact square may be from the rounded one, in units in the last place: the middle is at a half.
const SURE: f64 = 0.45;

/// In between, no part of the product is subnormal or overflows: its last bits are some 2^-110 of it.
const LEAST: f64 = 1e-250;
const MOST: f64 = 1e300;

/// What `pow(x, 2.0)` is; a NaN, where that is not sure. Without a branch, so that a loop over it becomes one over vectors.
#[inline]
pub(in crate::task) fn float_square(x: f64) -> f64 {
    let square = x * x;
    // Of a double between 2^k and 2^(k + 1), that is 2^k, and its last bit stands for 2^-52 of that.
    let power_of_two = f64::from_bits(square.to_bits() & 0x7ff0_0000_0000_0000);
    let is_sure = rounding(x, square).abs() <= power_of_two * (SURE * f64::EPSILON);
    if is_sure & (square > LEAST) & (square < MOST) { square } else { f64::NAN }
}

/// The exact square less the rounded one (Dekker 1971): halves of a significand have exact products.
#[inline]
fn rounding(x: f64, square: f64) -> f64 {
    let high = f64::from_bits(x.to_bits() & !0x07ff_ffff);
    let low = x - high;
    // The square of `low` has 54 bits at most, and may lose one that is 2^-106 of the whole.
    (high * high - square) + 2.0 * (high * low) + low * low
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::float_square;
    use crate::sys::math::pow;

    /// Numbers whose squares are as close to the middle between two doubles as squares are: from the square root of one on.
    fn close_to_the_middle(seed: u64) -> impl Iterator<Item = f64> {
        // The significand m of 53 bits has m^2 in 2^105..2^106 if its two top bits are set; then 53 bits are dropped, and
        // the middle is where they are 2^52. Of the low 27 bits, one choice in 32 comes so close.
        let top = (3 << 51) | (seed & ((1 << 24) - 1)) << 27;
        (0..1_u64 << 14).filter_map(move |step| {
            let low = step.wrapping_mul(0x9e37_79b9).wrapping_add(seed) & ((1 << 27) - 1);
            let m = u128::from(top | low);
            let dropped = (m * m) & ((1 << 53) - 1);
            let from_middle = dropped.abs_diff(1 << 52);
            (from_middle < 1 << 47).then_some((top | low) as f64)
        })
    }

    #[test]
    fn special_values_are_left_to_pow() {
        for x in [0.0, -0.0, f64::INFINITY, f64::NAN, 1e-200, 5e-324, 1e160, f64::MAX] {
            assert!(float_square(x).is_nan(), "{x}");
        }
    }

    #[test]
    fn most_numbers_are_settled() {
        let is_settled = |n: &i32| !float_square(f64::from(*n).sqrt()).is_nan();
        let settled = (1..=8000).filter(is_settled).count();
        assert!((6800..7600).contains(&settled), "{settled} of 8000");
        // What is exact is sure.
        assert!((1..1000).map(f64::from).all(|n| float_square(n).to_bits() == (n * n).to_bits()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn what_is_sure_is_what_pow_says(x in proptest::num::f64::NORMAL) {
            let square = float_square(x);
            prop_assert!(square.is_nan() || square == pow(x, 2.0));
        }

        #[test]
        fn and_so_it_is_of_numbers_of_everyday_size(x in -1e6..1e6) {
            let square = float_square(x);
            prop_assert!(square.is_nan() || square == pow(x, 2.0));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn and_close_to_the_middle_nothing_is(seed: u64) {
            for x in close_to_the_middle(seed) {
                prop_assert!(float_square(x).is_nan(), "{}", x);
            }
        }
    }
}
