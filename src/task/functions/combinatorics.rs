//! `factorial`, `comb` and `perm`: products of neighbouring integers, multiplied by halves.

use num_bigint::{BigInt, BigUint, Sign};

use super::{Body, Column, Function};
use crate::task::{ItemError, arithmetic};
use crate::value::Number;

/// The most factors of a product: about 2 s.
const MAX_FACTORS: u64 = 200_000;

pub(super) static ALL: [Function; 3] = [
    Function {
        name: "factorial",
        parameters: "n",
        arguments: (1, 1),
        help: "1 * 2 * ... * n",
        example: ("factorial(20)", "2432902008176640000"),
        body: Body::Number(factorial),
        columns: &[Column::Int(|n| {
            (2..=n)
                .try_fold(1_i64, |product, factor| product.checked_mul(factor))
                .filter(|_| n >= 0)
        })],
    },
    Function {
        name: "comb",
        parameters: "n, k",
        arguments: (2, 2),
        help: "ways to choose k of n things",
        example: ("comb(49, 6)", "13983816"),
        body: Body::Number(comb),
        columns: &[],
    },
    Function {
        name: "perm",
        parameters: "n[, k]",
        arguments: (1, 2),
        help: "ways to arrange k of n things, or all",
        example: ("perm(10, 3)", "720"),
        body: Body::Number(perm),
        columns: &[],
    },
];

fn factorial(arguments: &[Number]) -> Result<Number, ItemError> {
    let n = arithmetic::to_integer(&arguments[0])?;
    if n.sign() == Sign::Minus {
        return Err(ItemError::value("factorial() not defined for negative values"));
    }
    if i64::try_from(&n).is_err() {
        return Err(ItemError::overflow(
            "factorial() argument should not exceed 9223372036854775807",
        ));
    }
    let count = factors(&n, "factorial")?;
    Ok(Number::from(BigInt::from(falling(n.magnitude(), count))))
}

fn perm(arguments: &[Number]) -> Result<Number, ItemError> {
    let Some(k) = arguments.get(1) else {
        return factorial(arguments);
    };
    let (n, k) = natural_pair(&arguments[0], k)?;
    if k > n {
        return Ok(Number::Int(0));
    }
    if i64::try_from(&k).is_err() {
        return Err(ItemError::overflow("k must not exceed 9223372036854775807"));
    }
    let count = factors(&k, "perm")?;
    // Each of the factors is larger than n - k.
    let least = (&n - &k).bits().saturating_sub(1);
    arithmetic::check_bits(least.saturating_mul(count))?;
    Ok(Number::from(BigInt::from(falling(n.magnitude(), count))))
}

fn comb(arguments: &[Number]) -> Result<Number, ItemError> {
    let (n, k) = natural_pair(&arguments[0], &arguments[1])?;
    if k > n {
        return Ok(Number::Int(0));
    }
    let k = (&n - &k).min(k);
    if i64::try_from(&k).is_err() {
        return Err(ItemError::overflow("min(n - k, k) must not exceed 9223372036854775807"));
    }
    let count = factors(&k, "comb")?;
    // The result is at least (n / k)^k.
    let least = (n.bits() - k.bits()).saturating_sub(1);
    arithmetic::check_bits(least.saturating_mul(count))?;
    Ok(Number::from(BigInt::from(choose(n.magnitude(), count))))
}

fn natural_pair(n: &Number, k: &Number) -> Result<(BigInt, BigInt), ItemError> {
    let (n, k) = (arithmetic::to_integer(n)?, arithmetic::to_integer(k)?);
    if n.sign() == Sign::Minus {
        return Err(ItemError::value("n must be a non-negative integer"));
    }
    if k.sign() == Sign::Minus {
        return Err(ItemError::value("k must be a non-negative integer"));
    }
    Ok((n, k))
}

/// How many factors there are, if not too many.
fn factors(count: &BigInt, function: &str) -> Result<u64, ItemError> {
    match u64::try_from(count) {
        Ok(count @ 0..=MAX_FACTORS) => Ok(count),
        _ => Err(ItemError::Overflow(
            format!("{function} of more than {MAX_FACTORS} factors").into(),
        )),
    }
}

/// n (n - 1) (n - 2) …, `count` factors, of which there are no more than n.
fn falling(n: &BigUint, count: u64) -> BigUint {
    match count {
        0 => BigUint::from(1_u32),
        1 => n.clone(),
        // Few enough for a loop.
        2..=16 => (1..count).fold(n.clone(), |product, less| product * (n - less)),
        _ => {
            let half = count / 2;
            falling(n, half) * falling(&(n - half), count - half)
        }
    }
}

/// Of which each quotient is an integer, and no intermediate one is larger than the result: from
/// C(n, k) = C(n, j) * C(n - j, k - j) / C(k, j).
fn choose(n: &BigUint, k: u64) -> BigUint {
    if k <= 16 {
        return (0..k).fold(BigUint::from(1_u32), |product, j| product * (n - j) / (j + 1));
    }
    let j = k / 2;
    choose(n, j) * choose(&(n - j), k - j) / choose(&BigUint::from(k), j)
}
