//! `sort_check(n, seed)`: sorts n random 64-bit numbers, and adds up (k + 1) times the k-th of them, from 0, modulo 2^64:
//! a sum that tells any other order from theirs.

use rand_xoshiro::rand_core::Rng;

use super::{Body, Function, ItemError, Number, kernel, kernel_word, random};

/// Some seconds, 800 MB.
const MOST: u64 = 100_000_000;

pub(super) const FUNCTION: Function = kernel(
    ("sort_check", "n, seed"),
    2,
    Body::Number(exact),
    "sorts n random numbers; the sum of each times its place from 1, modulo 2**64",
    ("sort_check(1000, 1)", "6114779211524045860"),
);

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let n = kernel_word("sort_check", &arguments[0], 0..=MOST)?;
    let mut random = random("sort_check", &arguments[1])?;
    let mut numbers = Vec::new();
    let room = numbers.try_reserve_exact(n as usize);
    room.map_err(|error| ItemError::Memory(error.to_string().into()))?;
    numbers.extend((0..n).map(|_| random.next_u64()));
    numbers.sort_unstable();
    let sum = (1_u64..)
        .zip(&numbers)
        .fold(0_u64, |sum, (place, number)| sum.wrapping_add(place.wrapping_mul(*number)));
    Ok(Number::Int(sum.into()))
}
