//! `prime_count(n)` and `prime_count(a, b)`.
//!
//! The first (OEIS A000720) counts without looking at every number, in about n^(3/4) steps. The second looks at each
//! number of its segment and costs what the segment's length says, so that segments side by side, run by different
//! workers, make up a range without counting any prime twice.

mod segment;

use super::{Body, Function, kernel_word};
use crate::task::ItemError;
use crate::value::Number;

/// Takes some seconds, and 16 MB.
const MAX: u64 = 1_000_000_000_000;

pub(super) static FUNCTION: Function = Function {
    name: "prime_count",
    parameters: "[a, ]n",
    arguments: (1, 2),
    help: "primes up to n, n among them; or from a up to, and not with, n",
    example: ("prime_count(10**6)", "78498"),
    body: Body::Number(exact),
    columns: &[],
};

fn exact(arguments: &[Number]) -> Result<Number, ItemError> {
    let count = match arguments {
        [a, b] => {
            let word = |argument| kernel_word("prime_count", argument, 0..=u64::MAX);
            let (a, b) = (word(a)?, word(b)?);
            let most = segment::longest(b);
            if b.saturating_sub(a) > most {
                let said = format!("prime_count takes segments of at most {most} numbers there");
                return Err(ItemError::Overflow(said.into()));
            }
            segment::primes(a, b)
        }
        _ => up_to(kernel_word("prime_count", &arguments[0], 0..=MAX)?),
    };
    Ok(Number::Int(count.into()))
}

/// The primes up to n. For each value v of n / i, how many numbers in 2..=v are left when the multiples of the primes
/// up to p are taken away; one prime p after the other, that of v is less by what is left of v / p, but for the primes
/// below p. Due to Lucy_Hedgehog of projecteuler.net.
fn up_to(n: u64) -> u64 {
    let root = n.isqrt();
    // What is left of v for v <= root, and of n / i for i <= root; the first of each is not used.
    let mut low: Vec<u64> = (0..=root).map(|v| v.saturating_sub(1)).collect();
    let mut high: Vec<u64> = vec![0];
    high.extend((1..=root).map(|i| n / i - 1));
    for p in 2..=root {
        let below = low[(p - 1) as usize];
        if low[p as usize] == below {
            continue; // not a prime
        }
        let square = p * p;
        // While n / i >= p^2; less than that has no multiple of p left that is not p.
        for i in 1..=root.min(n / square) {
            let multiple = i * p;
            let left = if multiple <= root {
                high[multiple as usize]
            } else {
                low[(n / multiple) as usize]
            };
            high[i as usize] -= left - below;
        }
        for v in (square..=root).rev() {
            low[v as usize] -= low[(v / p) as usize] - below;
        }
    }
    high.get(1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
