//! The functions of the language, in the order in which they are listed.

use std::slice;

#[cfg(feature = "kernels")]
use super::kernels;
use super::{
    Function, bits_of_floats, collatz, combinatorics, cube, digits_of_pi, exponential, extremes,
    factors, fib, gamma, hypot, integers, is_prime, next_prime, numbers, power, prime_count,
    processes, rounding, square, trigonometry,
};

static FAMILIES: &[&[Function]] = &[
    &extremes::ALL,
    &rounding::ALL,
    &numbers::ALL,
    &power::ALL,
    &exponential::ALL,
    &trigonometry::ALL,
    slice::from_ref(&hypot::FUNCTION),
    &gamma::ALL,
    &bits_of_floats::ALL,
    &integers::ALL,
    &combinatorics::ALL,
    slice::from_ref(&square::FUNCTION),
    slice::from_ref(&cube::FUNCTION),
    slice::from_ref(&is_prime::FUNCTION),
    slice::from_ref(&next_prime::FUNCTION),
    slice::from_ref(&prime_count::FUNCTION),
    &factors::ALL,
    slice::from_ref(&collatz::FUNCTION),
    slice::from_ref(&fib::FUNCTION),
    slice::from_ref(&digits_of_pi::FUNCTION),
    #[cfg(feature = "kernels")]
    &kernels::ALL,
    &processes::ALL,
];

/// Functions that are not for columns and give integers or `bool`s only. Of the others, columns tell.
pub(super) const WHOLE: &[&str] = &[
    "comb",
    "digits_of_pi",
    "isclose",
    "perm",
    "pow",
    "prime_count",
    "sha256_chain",
    "sort_check",
];

pub(super) fn all() -> impl Iterator<Item = &'static Function> {
    FAMILIES.iter().copied().flatten()
}

/// The function of this name, which may be written as one of Python's module `math` if it is in there.
pub(in crate::task) fn find(name: &str) -> Option<&'static Function> {
    all().find(|function| function.name == name)
}

pub(in crate::task) fn names() -> impl Iterator<Item = &'static str> {
    all().map(|function| function.name)
}
