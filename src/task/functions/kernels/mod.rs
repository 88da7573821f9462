//! Numeric jobs that take from a microsecond to some seconds, for measuring, for demonstrations and for work: one file a
//! job. To add one, write it and add its line to [`ALL`].
//!
//! What each yields is a number (or numbers) that anybody can compute again: of a definition that says what is added
//! in what order, in integers, or in doubles whose operations round as IEEE 754 has them round. So results depend neither
//! on workers nor on the machine, and the tests compare them with plain Python. What would take more than about ten
//! seconds, or more than a gigabyte, fails its item.

mod integrate;
mod mandelbrot;
mod matmul;
mod nbody;
mod pi_monte_carlo;
mod sha256_chain;
mod sort_check;

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use super::{Body, Function, kernel_word};
use crate::task::ItemError;
use crate::value::Number;

pub(super) static ALL: [Function; 7] = [
    mandelbrot::FUNCTION,
    pi_monte_carlo::FUNCTION,
    integrate::FUNCTION,
    nbody::FUNCTION,
    matmul::FUNCTION,
    sort_check::FUNCTION,
    sha256_chain::FUNCTION,
];

/// One of them, of so many arguments.
const fn kernel(
    (name, parameters): (&'static str, &'static str),
    count: usize,
    body: Body,
    help: &'static str,
    example: (&'static str, &'static str),
) -> Function {
    Function { name, parameters, arguments: (count, count), help, example, body, columns: &[] }
}

/// The random numbers of a seed: xoshiro256++, whose state is filled by SplitMix64 from the seed (Blackman and Vigna 2019).
fn random(kernel: &'static str, seed: &Number) -> Result<Xoshiro256PlusPlus, ItemError> {
    Ok(Xoshiro256PlusPlus::seed_from_u64(kernel_word(kernel, seed, 0..=u64::MAX)?))
}

#[cfg(test)]
mod tests;
