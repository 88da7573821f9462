//! `pi_monte_carlo(seed, samples)`: how many of so many random points of a square are in a quarter of a circle.
//!
//! Each 64-bit random number is a point, its upper and its lower half are x and y, and it is counted if x^2 + y^2 < 2^64:
//! all in integers. The result is 4 * count / samples, rounded once.

use rand_xoshiro::rand_core::Rng;

use super::{Body, Function, ItemError, Number, kernel, kernel_word, random};
use crate::task::arithmetic;

const MOST: u64 = 2_000_000_000;

pub(super) const FUNCTION: Function = kernel(
    ("pi_monte_carlo", "seed, samples"),
    2,
    Body::Number(exact),
    "an estimate of pi by random points; each seed has points of its own",
    ("pi_monte_carlo(1, 10**6)", "3.141524"),
);

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let mut random = random("pi_monte_carlo", &arguments[0])?;
    let samples = kernel_word("pi_monte_carlo", &arguments[1], 1..=MOST)?;
    let mut count = 0_u64;
    for _ in 0..samples {
        let point = random.next_u64();
        let (x, y) = (point >> 32, point & 0xffff_ffff);
        count += u64::from((x * x).checked_add(y * y).is_some());
    }
    arithmetic::divide(Number::Int(4 * i128::from(count)), Number::Int(samples.into()))
}
