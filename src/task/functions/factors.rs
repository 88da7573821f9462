//! `factor`, `divisors`, `totient`, `sigma` and `mobius`: what is known of a number as soon as its prime factors are.

mod rho;

use super::{Body, Column, Function, kernel_word};
use crate::task::ItemError;
use crate::value::Number;

pub(super) static ALL: [Function; 5] = [
    Function {
        name: "factor",
        parameters: "n",
        arguments: (1, 1),
        help: "the primes whose product n is, in order, each as often as it is in there",
        example: ("factor(360)", "[2, 2, 2, 3, 3, 5]"),
        body: Body::List(|arguments| {
            let factors = of_argument("factor", arguments)?;
            let each = |(p, times): (u64, u32)| (0..times).map(move |_| Number::Int(p.into()));
            Ok(factors.into_iter().flat_map(each).collect())
        }),
        columns: &[],
    },
    Function {
        name: "divisors",
        parameters: "n",
        arguments: (1, 1),
        help: "the numbers that divide n, in order",
        example: ("divisors(28)", "[1, 2, 4, 7, 14, 28]"),
        body: Body::List(|arguments| {
            let divisors = divisors(&of_argument("divisors", arguments)?);
            Ok(divisors.into_iter().map(|divisor| Number::Int(divisor.into())).collect())
        }),
        columns: &[],
    },
    Function {
        name: "totient",
        parameters: "n",
        arguments: (1, 1),
        help: "how many of 1, 2, ..., n have no factor in common with n",
        example: ("totient(36)", "12"),
        body: Body::Number(|arguments| {
            Ok(Number::Int(totient(&of_argument("totient", arguments)?).into()))
        }),
        columns: &[Column::Int(|n| i64::try_from(totient(&of_item(n)?)).ok())],
    },
    Function {
        name: "sigma",
        parameters: "n",
        arguments: (1, 1),
        help: "sum of the divisors of n",
        example: ("sigma(28)", "56"),
        body: Body::Number(|arguments| Ok(Number::Int(sigma(&of_argument("sigma", arguments)?)))),
        columns: &[Column::Int(|n| i64::try_from(sigma(&of_item(n)?)).ok())],
    },
    Function {
        name: "mobius",
        parameters: "n",
        arguments: (1, 1),
        help: "0 if a square divides n, else 1 or -1 for an even or odd number of prime factors",
        example: ("mobius(30)", "-1"),
        body: Body::Number(|arguments| {
            Ok(Number::Int(mobius(&of_argument("mobius", arguments)?).into()))
        }),
        columns: &[Column::Int(|n| Some(mobius(&of_item(n)?)))],
    },
];

/// Primes in ascending order, and how often each divides the number.
type Factors = Vec<(u64, u32)>;

fn of_argument(kernel: &'static str, arguments: &[Number]) -> Result<Factors, ItemError> {
    Ok(factors(kernel_word(kernel, &arguments[0], 1..=u64::MAX)?))
}

/// `None` for n < 1.
fn of_item(n: i64) -> Option<Factors> {
    u64::try_from(n).ok().filter(|n| *n >= 1).map(factors)
}

/// Of `n` >= 1.
fn factors(n: u64) -> Factors {
    let mut factors = Factors::new();
    for p in rho::prime_factors(n) {
        match factors.last_mut() {
            Some((last, times)) if *last == p => *times += 1,
            _ => factors.push((p, 1)),
        }
    }
    factors
}

/// At most 103,680 of them, which 897612484786617600 has.
fn divisors(factors: &[(u64, u32)]) -> Vec<u64> {
    let mut divisors = vec![1];
    for &(p, times) in factors {
        // Those without p, then as many with one p more, and so on.
        let without = divisors.len();
        for at in 0..without * times as usize {
            divisors.push(divisors[at] * p);
        }
    }
    divisors.sort_unstable();
    divisors
}

fn totient(factors: &[(u64, u32)]) -> u64 {
    factors.iter().map(|&(p, times)| (p - 1) * p.pow(times - 1)).product()
}

/// Below 2^68 for every `u64`: a product of p / (p - 1) over at most 15 primes is less than 10.
fn sigma(factors: &[(u64, u32)]) -> i128 {
    let powers = |(p, times): (u64, u32)| (0..times).fold(1_i128, |sum, _| sum * i128::from(p) + 1);
    factors.iter().copied().map(powers).product()
}

fn mobius(factors: &[(u64, u32)]) -> i64 {
    match factors {
        _ if factors.iter().any(|&(_, times)| times > 1) => 0,
        _ if factors.len() % 2 == 0 => 1,
        _ => -1,
    }
}

#[cfg(test)]
mod tests;
